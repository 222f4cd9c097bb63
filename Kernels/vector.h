// The unit of elementwise work: WIDTH consecutive floats.
//
// CPU drivers turn arithmetic and built-in functions on float16 into vector instructions: exp of
// 100,352 numbers takes PoCL 0.04 ms this way and 0.49 ms one number a work-item. A GPU wants one
// number a work-item. `left` counts the elements from p to the end of the tensor's row or range;
// lanes beyond it are neither read nor written.

#ifndef VAE_VECTOR_H
#define VAE_VECTOR_H

#if WIDTH == 16
typedef float16 vec;
typedef uint16 uvec;
#define LANES ((uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define CONVERT(x) convert_float16(x)

static inline vec read(const float *p) { return vload16(0, p); }
static inline void write(vec v, float *p) { vstore16(v, 0, p); }

static inline vec load(global const float *p, size_t left) {
  if (left >= WIDTH) return vload16(0, p);
  float lanes[WIDTH];
  for (uint i = 0; i < WIDTH; i++) lanes[i] = i < left ? p[i] : 0.0f;
  return read(lanes);
}

static inline void store(vec v, global float *p, size_t left) {
  if (left >= WIDTH) {
    vstore16(v, 0, p);
  } else {
    float lanes[WIDTH];
    write(v, lanes);
    for (uint i = 0; i < left; i++) p[i] = lanes[i];
  }
}

// v with the lanes beyond `left` zero.
static inline vec keep(vec v, size_t left) {
  return LANES < (uvec)((uint)min(left, (size_t)WIDTH)) ? v : (vec)(0.0f);
}

// The lanes' sum, by halves. Lanes 8 to 15 as part of a ulong8, because Oclgrind 21.10 takes lane 11
// of a shuffle for undefined.
static inline float sum(vec v) {
  const float8 a = as_float8(as_ulong8(v).lo) + as_float8(as_ulong8(v).hi);
  const float4 b = a.lo + a.hi;
  const float2 c = b.lo + b.hi;
  return c.x + c.y;
}

#elif WIDTH == 1
typedef float vec;
typedef uint uvec;
#define LANES 0u
#define CONVERT(x) convert_float(x)

static inline vec read(const float *p) { return *p; }
static inline void write(vec v, float *p) { *p = v; }
static inline vec load(global const float *p, size_t left) { return left ? *p : 0.0f; }
static inline void store(vec v, global float *p, size_t left) { if (left) *p = v; }
static inline vec keep(vec v, size_t left) { return left ? v : 0.0f; }
static inline float sum(vec v) { return v; }
#endif

#endif
