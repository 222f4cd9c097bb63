// What a convolution's parameter gradient needs on any device, beside the products of its slices:
//
// convolution_sum_slices:    dW = the slices' sums, added in their order
// convolution_bias_gradient: db = the sums of a gradient's channels

#include "vector.h"

kernel void convolution_sum_slices(
    global float *arena, ulong partials, ulong pitch, uint slices, ulong dw, uint count) {
  const size_t i = get_global_id(0) * WIDTH;
  if (i < count) {
    const size_t left = count - i;
    vec total = load(arena + partials + i, left);
    for (uint s = 1; s < slices; s++) total += load(arena + partials + s * pitch + i, left);
    store(total, arena + dw + i, left);
  }
}

// WIDTH channels a work-group, in an order that GROUP alone fixes. The values of `rows` examples, `size`
// apart, are `pitch` apart from channel to channel and `step` from pixel to pixel.
kernel void convolution_bias_gradient(
    global float *arena, ulong d, ulong db, uint rows, uint pixels, uint channels, uint size, uint pitch,
    uint step) {
  local vec scratch[GROUP];
  const uint id = get_local_id(0), channel = get_group_id(0) * WIDTH;
  const uint left = channels - channel;
  vec total = (vec)(0.0f);
  for (uint row = 0; row < rows; row++) {
    // An example's sum by itself: a shorter chain of roundings than one through all pixels.
    vec part = (vec)(0.0f);
    for (uint pixel = id; pixel < pixels; pixel += GROUP) {
      const size_t at = row * (size_t)size + pixel * (size_t)step + channel * (size_t)pitch;
      part += load_apart(arena + d + at, pitch, left);
    }
    total += part;
  }
  scratch[id] = total;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint stride = GROUP / 2; stride > 0; stride /= 2) {
    if (id < stride) scratch[id] += scratch[id + stride];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (id == 0) store(scratch[0], arena + db + channel, left);
}
