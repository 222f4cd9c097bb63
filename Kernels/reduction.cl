// Sums over rows and blocks; one work-group each.

#include "vector.h"
#include "reduction.h"

// The sum of each row of an R×C matrix.
kernel void sum_rows(global float *arena, ulong input, uint columns, ulong output) {
  local float scratch[GROUP];
  const size_t row = get_group_id(0);
  global const float *x = arena + input + row * columns;
  vec partial = (vec)(0.0f);
  for (uint j = get_local_id(0) * WIDTH; j < columns; j += GROUP * WIDTH) {
    partial += load(x + j, columns - j);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[output + row] = total;
}

// The sums of squares of consecutive blocks of `block` elements, the last one with what is left.
kernel void sum_squares(global float *arena, ulong input, uint count, uint block, ulong sums) {
  local float scratch[GROUP];
  const size_t start = get_group_id(0) * (size_t)block;
  const size_t end = min(start + block, (size_t)count);
  vec partial = (vec)(0.0f);
  for (size_t i = start + get_local_id(0) * WIDTH; i < end; i += GROUP * WIDTH) {
    const vec x = load(arena + input + i, end - i);
    partial = fma(x, x, partial);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[sums + get_group_id(0)] = total;
}
