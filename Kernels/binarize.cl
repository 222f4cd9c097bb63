// Backend.Binarize: grey pixels, M×D, drawn to 0 or 1 where they stand, by integers alone. A work-item takes
// WIDTH blocks of Philox, a pixel a word; example i of the data set has the words from ceil(D / 4) 4 i on.

#include "vector.h"
#include "philox.h"

kernel void binarize(
    global float *arena, ulong images, uint rows, uint columns, global const uint *order,
    ulong start, uint4 counter, uint2 key) {
  const uint blocks = (columns + 3) / 4, pieces = (blocks + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0);
  const size_t row = item / pieces;
  if (row < rows) {
    const uint first = (item - row * pieces) * WIDTH;
    const uint example = order ? order[start + row] : (uint)(start + row);
    uvec words[4];
    philox(example * blocks + first, counter, key, words);
    global float *x = arena + images + row * columns;
    for (uint c = 0; c < 4; c++) {
      uint drawn[WIDTH];
      write_words(words[c], drawn);
      for (uint lane = 0; lane < WIDTH; lane++) {
        const size_t i = 4 * ((size_t)first + lane) + c;
        if (i < columns) {
          // The level, exactly, however p/255 was rounded.
          const uint level = (uint)(x[i] * 255.0f + 0.5f);
          x[i] = 255u * (drawn[lane] >> 8u) < level << 24u ? 1.0f : 0.0f;
        }
      }
    }
  }
}
