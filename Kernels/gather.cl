// A minibatch, M×D: row i of X is row order[start + i] of the pixel table over 255, or row
// start + i where there is no order. A work-item converts WIDTH pixels.

#include "vector.h"

kernel void gather(
    global float *arena, ulong output, uint rows, uint columns, global const uchar *pixels,
    global const uint *order, ulong start) {
  const uint pieces = (columns + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0);
  const size_t row = item / pieces;
  if (row < rows) {
    const uint column = (item - row * pieces) * WIDTH;
    const uint left = columns - column;
    const size_t source = order ? order[start + row] : start + row;
    global const uchar *p = pixels + source * columns + column;
    const vec value = load_bytes(p, left);
    // Over 255, to the last bit.
    store(
        fma(value, (vec)(0x1.01p-8f), value * 0x1.010102p-24f),
        arena + output + row * columns + column, left);
  }
}
