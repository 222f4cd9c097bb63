// The three products of a dense layer on a CPU. A work-item is a work-group and computes one tile of
// the output in registers, without local memory; neighbouring work-items take neighbouring rows, so
// that they find the columns' operand in the cache.
//
// dense:                    Y (M×N) = f(X (M×K) W (K×N) + b)
// dense_parameter_gradient: dW (K×N) = X^T (K×M) D (M×N), db = column sums of D
// dense_input_gradient is in matmul_cpu_input.cl.

#include "vector.h"
#include "activation.h"

// 12×32: 24 accumulators, two vectors of B and one broadcast element of A fill AVX-512's registers.
#define ROWS 12
#define COLUMNS (2 * WIDTH)

// tile = ROWS rows of A times the columns of B from b on, of which `left` exist. Element (i, l) of A is
// a[i * row_stride + l * depth_stride]; B's rows are n apart. `whole`, a constant of the call, says
// that all COLUMNS columns exist, so that each call becomes a loop of its own.
static inline void accumulate(
    const bool whole, global const float *a, size_t row_stride, size_t depth_stride,
    global const float *b, size_t n, uint left, uint depth, vec tile[ROWS][2]) {
  vec sums[ROWS][2];
  #pragma unroll
  for (uint r = 0; r < ROWS; r++) sums[r][0] = sums[r][1] = (vec)(0.0f);
  for (uint l = 0; l < depth; l++) {
    const vec b0 = load(b, whole ? WIDTH : left);
    const vec b1 = whole || left > WIDTH ? load(b + WIDTH, whole ? WIDTH : left - WIDTH) : b0;
    #pragma unroll
    for (uint r = 0; r < ROWS; r++) {
      const vec factor = (vec)(a[r * row_stride]);
      sums[r][0] = fma(factor, b0, sums[r][0]);
      sums[r][1] = fma(factor, b1, sums[r][1]);
    }
    a += depth_stride;
    b += n;
  }
  // A copy, so that the sums are indexed by constants alone and stay in registers.
  #pragma unroll
  for (uint r = 0; r < ROWS; r++) {
    tile[r][0] = sums[r][0];
    tile[r][1] = sums[r][1];
  }
}

// The work-item's tile. The last one of a row or column of tiles is moved back to end with the matrix,
// so that it is whole, and writes only what the tile before it did not. Matrices of fewer than ROWS
// rows are done row by row.
typedef struct {
  uint rows;           // 1 or ROWS
  uint top, first;     // where it starts
  uint row, column;    // where it starts to write
} Tile;

static inline Tile tile_of(uint m, uint n) {
  Tile t;
  t.rows = m < ROWS ? 1 : ROWS;
  t.row = get_global_id(0) * t.rows;
  t.top = min(t.row, m - t.rows);
  t.column = get_global_id(1) * COLUMNS;
  t.first = n < COLUMNS ? 0 : min(t.column, n - COLUMNS);
  return t;
}

static inline void multiply(
    Tile t, global const float *a, size_t row_stride, size_t depth_stride, global const float *b,
    uint n, uint depth, vec tile[ROWS][2]) {
  a += t.top * row_stride;
  if (t.rows == 1) row_stride = 0;
  if (n < COLUMNS) {
    accumulate(false, a, row_stride, depth_stride, b, n, n, depth, tile);
  } else {
    accumulate(true, a, row_stride, depth_stride, b + t.first, n, n, depth, tile);
  }
}

static inline void store_tile(Tile t, vec tile[ROWS][2], global float *c, uint n) {
  for (uint r = t.row - t.top; r < t.rows; r++) {
    for (uint v = 0; v < 2 && t.first + v * WIDTH < n; v++) {
      const uint start = t.first + v * WIDTH;
      global float *p = c + (t.top + r) * (size_t)n + start;
      if (start >= t.column) {
        store(tile[r][v], p, n - start);
      } else {
        float lanes[WIDTH];
        write(tile[r][v], lanes);
        for (uint i = t.column - start; i < WIDTH; i++) p[i] = lanes[i];
      }
    }
  }
}

kernel void dense(
    global float *arena, ulong x, ulong w, ulong bias, ulong y, uint m, uint k, uint n,
    int activation) {
  const Tile t = tile_of(m, n);
  vec tile[ROWS][2];
  multiply(t, arena + x, k, 1, arena + w, n, k, tile);
  for (uint v = 0; v < 2 && t.first + v * WIDTH < n; v++) {
    const uint start = t.first + v * WIDTH;
    const vec shift = load(arena + bias + start, n - start);
    for (uint r = 0; r < t.rows; r++) tile[r][v] = activate(activation, tile[r][v] + shift);
  }
  store_tile(t, tile, arena + y, n);
}

kernel void dense_parameter_gradient(
    global float *arena, ulong x, ulong d, ulong dw, ulong db, uint m, uint k, uint n) {
  const Tile t = tile_of(k, n);
  vec tile[ROWS][2];
  multiply(t, arena + x, 1, k, arena + d, n, m, tile);
  store_tile(t, tile, arena + dw, n);
  if (t.row == 0) {
    for (uint j = t.column; j < min(t.column + COLUMNS, n); j += WIDTH) {
      vec total = (vec)(0.0f);
      for (uint i = 0; i < m; i++) total += load(arena + d + (size_t)i * n + j, n - j);
      store(total, arena + db + j, n - j);
    }
  }
}
