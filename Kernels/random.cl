// Backend.RandomFill: element i of the tensor from element i of a sequence. One work-item computes
// WIDTH blocks of Philox: 4 WIDTH numbers, or twice as many halves of words.

#include "vector.h"
#include "philox.h"

#define NORMAL 0
#define UNIFORM 1
#define WORDS 2

kernel void random_fill(
    global float *arena, ulong output, uint count, int distribution, uint4 counter, uint2 key) {
  const uint block = get_global_id(0) * WIDTH;
  uvec words[4];
  vec values[4], halves[4] = {(vec)(0.0f), (vec)(0.0f), (vec)(0.0f), (vec)(0.0f)};
  philox(block, counter, key, words);
  if (distribution == NORMAL) {
    box_muller(words[0], words[1], &values[0], &values[1]);
    box_muller(words[2], words[3], &values[2], &values[3]);
  } else {
    for (int c = 0; c < 4; c++) {
      values[c] = distribution == UNIFORM ? uniform_of(words[c]) : CONVERT(words[c] & 0xFFFFu);
      halves[c] = CONVERT(words[c] >> 16u);
    }
  }
  global float *out = arena + output;
  for (uint c = 0; c < 4; c++) {
    float low[WIDTH], high[WIDTH];
    write(values[c], low);
    write(halves[c], high);
    for (uint lane = 0; lane < WIDTH; lane++) {
      const size_t i = 4 * ((size_t)block + lane) + c;
      if (distribution == WORDS) {
        if (2 * i < count) out[2 * i] = low[lane];
        if (2 * i + 1 < count) out[2 * i + 1] = high[lane];
      } else if (i < count) {
        out[i] = low[lane];
      }
    }
  }
}
