// The unit of elementwise work: WIDTH consecutive floats.
//
// CPU drivers turn arithmetic and built-in functions on float16 into vector instructions: exp of
// 100,352 numbers takes PoCL 0.04 ms this way and 0.49 ms one number a work-item. A GPU wants one
// number a work-item. `left` counts the elements from p to the end of the tensor's row or range;
// lanes beyond it are neither read nor written.

#ifndef VAE_VECTOR_H
#define VAE_VECTOR_H

// PoCL has clang unroll loops after it has warned that it did not.
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpass-failed"
#endif

// For what passes vectors: a compiler that weighs a call's cost leaves them a call too many.
#define INLINE static inline __attribute__((always_inline))

#if WIDTH > 1
#if WIDTH == 16
typedef float16 vec;
typedef uint16 uvec;
#define LANES ((uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define CONVERT(x) convert_float16(x)
#define BYTES(p) convert_float16(vload16(0, p))
#elif WIDTH == 8
typedef float8 vec;
typedef uint8 uvec;
#define LANES ((uint8)(0, 1, 2, 3, 4, 5, 6, 7))
#define CONVERT(x) convert_float8(x)
#define BYTES(p) convert_float8(vload8(0, p))
#endif

// The vector at p, which need not lie on a vector's boundary. (PoCL stores what vstore16 is given in four
// pieces.)
typedef vec vec_anywhere __attribute__((aligned(4)));
typedef uvec uvec_anywhere __attribute__((aligned(4)));
#define AT(SPACE, p) (*(SPACE vec_anywhere *)(p))

INLINE vec read(const float *p) { return AT(const, p); }
INLINE void write(vec v, float *p) { AT(, p) = v; }
INLINE void write_words(uvec v, uint *p) { *(uvec_anywhere *)p = v; }

INLINE vec load(global const float *p, size_t left) {
  if (left >= WIDTH) return AT(global const, p);
  float lanes[WIDTH];
  for (uint i = 0; i < WIDTH; i++) lanes[i] = i < left ? p[i] : 0.0f;
  return read(lanes);
}

INLINE vec load_bytes(global const uchar *p, size_t left) {
  if (left >= WIDTH) return BYTES(p);
  float lanes[WIDTH];
  for (uint i = 0; i < WIDTH; i++) lanes[i] = i < left ? (float)p[i] : 0.0f;
  return read(lanes);
}

INLINE void store(vec v, global float *p, size_t left) {
  if (left >= WIDTH) {
    AT(global, p) = v;
  } else {
    float lanes[WIDTH];
    write(v, lanes);
    for (uint i = 0; i < left; i++) p[i] = lanes[i];
  }
}

// v with the lanes beyond `left` zero.
INLINE vec keep(vec v, size_t left) {
  return LANES < (uvec)((uint)min(left, (size_t)WIDTH)) ? v : (vec)(0.0f);
}

// The lanes' sum, by halves. Lanes 8 to 15 as part of a ulong8, because Oclgrind 21.10 takes lane 11
// of a shuffle for undefined.
INLINE float sum(vec v) {
#if WIDTH == 16
  const float8 a = as_float8(as_ulong8(v).lo) + as_float8(as_ulong8(v).hi);
#else
  const float8 a = v;
#endif
  const float4 b = a.lo + a.hi;
  const float2 c = b.lo + b.hi;
  return c.x + c.y;
}

#else
typedef float vec;
typedef uint uvec;
#define LANES 0u
#define CONVERT(x) convert_float(x)

INLINE vec read(const float *p) { return *p; }
INLINE void write(vec v, float *p) { *p = v; }
INLINE void write_words(uvec v, uint *p) { *p = v; }
INLINE vec load(global const float *p, size_t left) { return left ? *p : 0.0f; }
INLINE vec load_bytes(global const uchar *p, size_t left) { return left ? *p : 0.0f; }
INLINE void store(vec v, global float *p, size_t left) { if (left) *p = v; }
INLINE vec keep(vec v, size_t left) { return left ? v : 0.0f; }
INLINE float sum(vec v) { return v; }
#endif

// The same for lanes that lie `pitch` apart.
INLINE vec load_apart(global const float *p, size_t pitch, size_t left) {
  if (pitch == 1) return load(p, left);
  float lanes[WIDTH];
  for (uint i = 0; i < WIDTH; i++) lanes[i] = i < left ? p[i * pitch] : 0.0f;
  return read(lanes);
}

INLINE void store_apart(vec v, global float *p, size_t pitch, size_t left) {
  if (pitch == 1) {
    store(v, p, left);
  } else {
    float lanes[WIDTH];
    write(v, lanes);
    for (uint i = 0; i < min((size_t)WIDTH, left); i++) p[i * pitch] = lanes[i];
  }
}

#endif
