// dense_input_gradient on a CPU: G (M×K) = D (M×N) W^T (W is K×N), times f'(s) elementwise.
//
// Both operands are contiguous along the contraction, so an element of G is a dot product of two
// rows, taken WIDTH at a time and added up by halves at the end. A work-item is a work-group and
// computes ROWS rows of WIDTH columns, COLUMNS at a time.

#include "vector.h"
#include "activation.h"

// 6×4: 24 accumulators, four vectors of W and one of D fill AVX-512's registers.
#define DOT_ROWS 6
#define DOT_COLUMNS 4

// WIDTH elements of a row of n from i on. The last piece of a long row is moved back to end with it,
// and the lanes that the piece before it has counted are zero.
static inline vec piece(global const float *row, uint i, uint n) {
  if (i + WIDTH <= n) return load(row + i, WIDTH);
  if (n < WIDTH) return load(row, n);
  return LANES < (uvec)(i + WIDTH - n) ? (vec)(0.0f) : load(row + n - WIDTH, WIDTH);
}

// sums[r][c] = row `row + r` of D times row `column + c` of W. Rows beyond a matrix repeat its last.
static inline void dot_products(
    global const float *d, uint m, uint row, global const float *w, uint k, uint column, uint n,
    float sums[DOT_ROWS][WIDTH], uint to) {
  global const float *x[DOT_ROWS], *y[DOT_COLUMNS];
  vec partial[DOT_ROWS][DOT_COLUMNS];
  #pragma unroll
  for (uint c = 0; c < DOT_COLUMNS; c++) y[c] = w + min(column + c, k - 1) * (size_t)n;
  #pragma unroll
  for (uint r = 0; r < DOT_ROWS; r++) {
    x[r] = d + min(row + r, m - 1) * (size_t)n;
    #pragma unroll
    for (uint c = 0; c < DOT_COLUMNS; c++) partial[r][c] = (vec)(0.0f);
  }
  for (uint i = 0; i < n; i += WIDTH) {
    vec factors[DOT_COLUMNS];
    #pragma unroll
    for (uint c = 0; c < DOT_COLUMNS; c++) factors[c] = piece(y[c], i, n);
    #pragma unroll
    for (uint r = 0; r < DOT_ROWS; r++) {
      const vec factor = piece(x[r], i, n);
      #pragma unroll
      for (uint c = 0; c < DOT_COLUMNS; c++) {
        partial[r][c] = fma(factor, factors[c], partial[r][c]);
      }
    }
  }
  #pragma unroll
  for (uint r = 0; r < DOT_ROWS; r++) {
    #pragma unroll
    for (uint c = 0; c < DOT_COLUMNS; c++) sums[r][to + c] = sum(partial[r][c]);
  }
}

kernel void dense_input_gradient(
    global float *arena, ulong d, ulong w, ulong s, ulong g, uint m, uint k, uint n,
    int activation) {
  const uint row = get_global_id(0) * DOT_ROWS, column = get_global_id(1) * WIDTH;
  float sums[DOT_ROWS][WIDTH];
  for (uint c = 0; c < min((uint)WIDTH, k - column); c += DOT_COLUMNS) {
    dot_products(arena + d, m, row, arena + w, k, column + c, n, sums, c);
  }
  for (uint r = 0; r < min((uint)DOT_ROWS, m - row); r++) {
    const size_t at = (row + r) * (size_t)k + column;
    vec gradient = read(sums[r]);
    // Without a nonlinearity there is no s to read.
    if (activation != IDENTITY) {
      gradient *= derivative(activation, load(arena + s + at, k - column));
    }
    store(gradient, arena + g + at, k - column);
  }
}
