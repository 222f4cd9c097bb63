// A dense layer's products on a CPU, forward and to its input:
//
// dense_forward:        Y (M×N) = f(X (M×K) W (K×N) + b)
// dense_input_gradient: G (M×K) = D (M×N) W^T (N×K), times f'(s) elementwise
//
// A work-item is a work-group and computes `block` rows of COLUMNS columns. Weights that do not lie as
// the product meets them are laid into a panel, DEPTH terms at a time, from where every row meets them in
// the nearest cache. Columns beyond the last are read, from what lies next in the arena, and never stored.

#include "matmul_cpu_tile.h"
#include "activation.h"

DEFINE_MULTIPLY(multiply_packed, global, local)
DEFINE_MULTIPLY(multiply_unpacked, global, global)

// Rows row... of A, whose rows are n long, from element `start` on; those beyond the last repeat it.
INLINE void find_rows(
    global const float *a, uint row, uint rows, uint n, uint start, global const float *lines[ROWS]) {
  _Pragma("unroll") for (uint r = 0; r < ROWS; r++) {
    lines[r] = a + min(row + r, rows - 1) * (size_t)n + start;
  }
}

kernel void dense_forward(
    global float *arena, ulong x, ulong w, ulong bias, ulong y, uint m, uint k, uint n,
    int activation, uint block) {
  local float panel[DEPTH * COLUMNS];
  const uint top = get_group_id(0) * block, first = get_group_id(1) * COLUMNS;
  for (uint start = 0; start < k; start += DEPTH) {
    const uint depth = min((uint)DEPTH, k - start);
    global const float *b = arena + w + start * (size_t)n;
    // Vectors of rows that are not whole vectors long straddle the cache's lines; rows that are a power of
    // two apart share few of its places. Few rows would not pay for the panel.
    const bool packed = (n % WIDTH != 0 || n % 256 == 0) && block > 4 * ROWS;
    if (packed) pack(b, n, first, depth, panel);
    for (uint row = top; row < min(top + block, m); row += ROWS) {
      vec tile[ROWS][2];
      global const float *lines[ROWS];
      find_rows(arena + x, row, m, k, start, lines);
      clear(tile);
      if (packed) {
        multiply_packed(lines, 1, panel, COLUMNS, depth, tile);
      } else {
        multiply_unpacked(lines, 1, b + first, n, depth, tile);
      }
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
      global const float *lines[ROWS];
      find_rows(arena + d, row, m, n, start, lines);
      clear(tile);
      multiply_packed(lines, 1, panel, COLUMNS, depth, tile);
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
