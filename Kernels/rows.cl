// Whole rows of C columns: repeated, summed in groups, scaled. A work-item computes WIDTH columns of a
// row of the output, R×C.

#include "vector.h"

// Row and first column of a work-item's piece; whether there is one.
static inline bool find_piece(uint rows, uint columns, size_t *row, uint *column) {
  const uint pieces = (columns + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0);
  *row = item / pieces;
  *column = (item - *row * pieces) * WIDTH;
  return *row < rows;
}

// Row i is row i / count of the input.
kernel void repeat_rows(
    global float *arena, ulong input, ulong output, uint rows, uint columns, uint count) {
  size_t row;
  uint column;
  if (find_piece(rows, columns, &row, &column)) {
    const uint left = columns - column;
    global const float *x = arena + input + row / count * columns + column;
    store(load(x, left), arena + output + row * columns + column, left);
  }
}

// Row i is `scale` times the sum of rows i count ... (i + 1) count - 1 of the input.
kernel void sum_row_groups(
    global float *arena, ulong input, ulong output, uint rows, uint columns, uint count,
    float scale) {
  size_t row;
  uint column;
  if (find_piece(rows, columns, &row, &column)) {
    const uint left = columns - column;
    global const float *x = arena + input + row * count * columns + column;
    vec total = (vec)(0.0f);
    for (uint k = 0; k < count; k++) total += load(x + k * (size_t)columns, left);
    store(scale * total, arena + output + row * columns + column, left);
  }
}

// Row i is scales[i] times row i of the input, which may be the output's own memory.
kernel void scale_rows(
    global float *arena, ulong input, ulong output, uint rows, uint columns, ulong scales) {
  size_t row;
  uint column;
  if (find_piece(rows, columns, &row, &column)) {
    const uint left = columns - column;
    const size_t at = row * columns + column;
    store(arena[scales + row] * load(arena + input + at, left), arena + output + at, left);
  }
}
