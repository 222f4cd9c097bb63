// A tile of a matrix product on a CPU, where a work-item is a work-group: ROWS rows of COLUMNS columns in
// registers. It knows no tails: what lies beyond a matrix is computed and not stored. A panel of
// B holds DEPTH terms of the sums; STRIP rows of a parameter gradient, whole tiles and whole vectors, are
// done together.

#ifndef VAE_MATMUL_CPU_TILE_H
#define VAE_MATMUL_CPU_TILE_H

#include "vector.h"

#define COLUMNS (2 * WIDTH)

// tile += A B. Element (r, l) of A is a[r][l * step]; B's rows are `pitch` apart.
#define DEFINE_MULTIPLY(NAME, A_SPACE, B_SPACE)                                             \
  INLINE void NAME(                                                                  \
      A_SPACE const float *a[ROWS], size_t step, B_SPACE const float *b, size_t pitch,      \
      uint depth, vec tile[ROWS][2]) {                                                      \
    /* A copy, indexed by constants alone, stays in registers. */                           \
    vec sums[ROWS][2];                                                                      \
    _Pragma("unroll") for (uint r = 0; r < ROWS; r++) {                                     \
      sums[r][0] = tile[r][0];                                                              \
      sums[r][1] = tile[r][1];                                                              \
    }                                                                                       \
    _Pragma("unroll 4") for (uint l = 0; l < depth; l++) {                                  \
      const vec b0 = AT(B_SPACE const, b), b1 = AT(B_SPACE const, b + WIDTH);               \
      _Pragma("unroll") for (uint r = 0; r < ROWS; r++) {                                   \
        const vec factor = (vec)(a[r][l * step]);                                           \
        sums[r][0] = fma(factor, b0, sums[r][0]);                                           \
        sums[r][1] = fma(factor, b1, sums[r][1]);                                           \
      }                                                                                     \
      b += pitch;                                                                           \
    }                                                                                       \
    _Pragma("unroll") for (uint r = 0; r < ROWS; r++) {                                     \
      tile[r][0] = sums[r][0];                                                              \
      tile[r][1] = sums[r][1];                                                              \
    }                                                                                       \
  }

INLINE void clear(vec tile[ROWS][2]) {
  _Pragma("unroll") for (uint r = 0; r < ROWS; r++) tile[r][0] = tile[r][1] = (vec)(0.0f);
}

// panel[l][j] = element (l, first + j) of a matrix with rows of n, zero beyond its columns.
INLINE void pack(
    global const float *b, uint n, uint first, uint depth, local float *panel) {
  b += first;
  for (uint l = 0; l < depth; l++) {
    for (uint v = 0; v < COLUMNS; v += WIDTH) {
      const vec piece = first + v < n ? load(b + v, n - first - v) : (vec)(0.0f);
      AT(local, panel + v) = piece;
    }
    b += n;
    panel += COLUMNS;
  }
}

// v[i] becomes column i of what were rows.
INLINE void transpose(vec v[WIDTH]) {
  for (uint distance = WIDTH / 2; distance > 0; distance /= 2) {
    vec t[WIDTH];
    #pragma unroll
    for (uint i = 0; i < WIDTH / 2; i++) {
      t[2 * i].even = v[i].lo;
      t[2 * i].odd = v[i + WIDTH / 2].lo;
      t[2 * i + 1].even = v[i].hi;
      t[2 * i + 1].odd = v[i + WIDTH / 2].hi;
    }
    #pragma unroll
    for (uint i = 0; i < WIDTH; i++) v[i] = t[i];
  }
}

// panel[l][j] = element (first + j, l) of a matrix of k rows, `pitch` apart; columns beyond them repeat
// the last.
INLINE void pack_transposed(
    global const float *w, uint k, size_t pitch, uint first, uint depth, local float *panel) {
  for (uint j = 0; j < COLUMNS; j += WIDTH) {
    for (uint l = 0; l < depth; l += WIDTH) {
      vec v[WIDTH];
      for (uint i = 0; i < WIDTH; i++) {
        v[i] = load(w + min(first + j + i, k - 1) * pitch + l, depth - l);
      }
      transpose(v);
      for (uint i = 0; i < min((uint)WIDTH, depth - l); i++) {
        AT(local, panel + (l + i) * COLUMNS + j) = v[i];
      }
    }
  }
}

#endif
