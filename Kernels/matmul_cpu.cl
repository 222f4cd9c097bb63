// A dense layer's products on a CPU, forward and to its input:
//
// dense_forward:        Y (M×N) = f(X (M×K) W (K×N) + b)
// dense_input_gradient: G (M×K) = D (M×N) W^T (N×K), times f'(s) elementwise
//
// A work-item is a work-group and computes `block` rows of COLUMNS columns. It lays the weights that
// these columns take, DEPTH rows at a time, into a panel, from where every row meets them in the
// nearest cache.

#include "matmul_cpu_tile.h"
#include "activation.h"

DEFINE_MULTIPLY(multiply, global, local)

// Rows row... of A, whose rows are n long, from element `start` on; those beyond the last repeat it.
INLINE void multiply_rows(
    global const float *a, uint row, uint rows, uint n, uint start, local const float *panel,
    uint depth, vec tile[ROWS][2]) {
  global const float *lines[ROWS];
  for (uint r = 0; r < ROWS; r++) lines[r] = a + min(row + r, rows - 1) * (size_t)n + start;
  clear(tile);
  multiply(lines, 1, panel, COLUMNS, depth, tile);
}

kernel void dense_forward(
    global float *arena, ulong x, ulong w, ulong bias, ulong y, uint m, uint k, uint n,
    int activation, uint block) {
  local float panel[DEPTH * COLUMNS];
  const uint top = get_group_id(0) * block, first = get_group_id(1) * COLUMNS;
  for (uint start = 0; start < k; start += DEPTH) {
    const uint depth = min((uint)DEPTH, k - start);
    pack(arena + w + start * (size_t)n, n, first, depth, panel);
    for (uint row = top; row < min(top + block, m); row += ROWS) {
      vec tile[ROWS][2];
      multiply_rows(arena + x, row, m, k, start, panel, depth, tile);
      for (uint v = 0; v < 2 && first + v * WIDTH < n; v++) {
        const uint column = first + v * WIDTH, left = n - column;
        const vec shift = load(arena + bias + column, left);
        for (uint r = 0; r < min((uint)ROWS, m - row); r++) {
          global float *p = arena + y + (row + r) * (size_t)n + column;
          vec value = start == 0 ? tile[r][v] : load(p, left) + tile[r][v];
          if (start + depth == k) value = activate(activation, value + shift);
          store(value, p, left);
        }
      }
    }
  }
}

kernel void dense_input_gradient(
    global float *arena, ulong d, ulong w, ulong s, ulong g, uint m, uint k, uint n,
    int activation, uint block) {
  local float panel[DEPTH * COLUMNS];
  const uint top = get_group_id(0) * block, first = get_group_id(1) * COLUMNS;
  for (uint start = 0; start < n; start += DEPTH) {
    const uint depth = min((uint)DEPTH, n - start);
    pack_transposed(arena + w + start, k, n, first, depth, panel);
    for (uint row = top; row < min(top + block, m); row += ROWS) {
      vec tile[ROWS][2];
      multiply_rows(arena + d, row, m, n, start, panel, depth, tile);
      for (uint v = 0; v < 2 && first + v * WIDTH < k; v++) {
        const uint column = first + v * WIDTH, left = k - column;
        for (uint r = 0; r < min((uint)ROWS, m - row); r++) {
          const size_t at = (row + r) * (size_t)k + column;
          global float *p = arena + g + at;
          vec value = start == 0 ? tile[r][v] : load(p, left) + tile[r][v];
          // Without a nonlinearity there is no s to read.
          if (start + depth == n && activation != IDENTITY) {
            value *= derivative(activation, load(arena + s + at, left));
          }
          store(value, p, left);
        }
      }
    }
  }
}
