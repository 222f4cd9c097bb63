// The sum over a work-group of GROUP work-items, in an order that GROUP alone fixes. GROUP is a
// power of two: 1 on a CPU, where one work-item sums a row.

#ifndef VAE_REDUCTION_H
#define VAE_REDUCTION_H

static inline float group_sum(vec partial, local float *scratch) {
  const uint id = get_local_id(0);
  scratch[id] = sum(partial);
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint stride = GROUP / 2; stride > 0; stride /= 2) {
    if (id < stride) scratch[id] += scratch[id + stride];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return scratch[0];
}

#endif
