// The sum of each row of an R×C matrix; one work-group a row.

#include "vector.h"
#include "reduction.h"

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
