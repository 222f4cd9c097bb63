// Columns of one matrix in place of as many of another: Y[i, j] = X[i, j] for j < count, where `input`
// and `output` are the first columns concerned. A work-item copies WIDTH columns of a row.

#include "vector.h"

kernel void copy_columns(
    global float *arena, ulong input, uint input_pitch, ulong output, uint output_pitch, uint rows,
    uint count) {
  const uint pieces = (count + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0);
  const size_t row = item / pieces;
  if (row < rows) {
    const uint column = (item - row * pieces) * WIDTH;
    const uint left = count - column;
    store(
        load(arena + input + row * input_pitch + column, left),
        arena + output + row * output_pitch + column, left);
  }
}
