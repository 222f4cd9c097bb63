// A batch of images with noise, M x D: X + amount N(0, 1), clipped to [0, 1], or black where a uniform
// draw is below `black` and else white where it is below `amount`. Row i is example
// order[start + i], or start + i where there is no order, whose number is the high half of the
// counter's step. A work-item draws WIDTH blocks: 4 WIDTH pixels of a row.

#include "vector.h"
#include "philox.h"

kernel void corrupt(
    global float *arena, ulong input, ulong output, uint rows, uint columns, int gaussian,
    float black, float amount, global const uint *order, ulong start, uint4 counter, uint2 key) {
  const uint pieces = ((columns + 3) / 4 + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0);
  const size_t row = item / pieces;
  if (row < rows) {
    const uint block = (uint)(item - row * pieces) * WIDTH;
    counter.z = order ? order[start + row] : (uint)(start + row);
    global const float *from = arena + input + row * columns;
    global float *to = arena + output + row * columns;
    uvec words[4];
    vec draws[4];
    philox(block, counter, key, words);
    if (gaussian) {
      box_muller(words[0], words[1], &draws[0], &draws[1]);
      box_muller(words[2], words[3], &draws[2], &draws[3]);
    } else {
      for (uint c = 0; c < 4; c++) draws[c] = uniform_of(words[c]);
    }
    for (uint c = 0; c < 4; c++) {
      float lanes[WIDTH];
      for (uint lane = 0; lane < WIDTH; lane++) {
        const uint column = 4 * (block + lane) + c;
        lanes[lane] = column < columns ? from[column] : 0.0f;
      }
      const vec x = read(lanes), zero = (vec)(0.0f), one = (vec)(1.0f);
      vec y;
      if (gaussian) {
        y = fma((vec)(amount), draws[c], x);
        y = y < zero ? zero : y;
        y = y > one ? one : y;
      } else {
        y = draws[c] < (vec)(amount) ? one : x;
        y = draws[c] < (vec)(black) ? zero : y;
      }
      write(y, lanes);
      for (uint lane = 0; lane < WIDTH; lane++) {
        const uint column = 4 * (block + lane) + c;
        if (column < columns) to[column] = lanes[lane];
      }
    }
  }
}
