// What K draws of an example say together (Backend.ImportanceWeights); one work-group an example.
//
// With n = r + d, m = min n, e = exp(m - n) and S = sum e: the weights are scale e / S, the reconstruction
// is sum(e r) / S, and the divergence m - ln(S / K) less that.

#include "vector.h"
#include "reduction.h"

// The smallest lane that counts; NaN never does.
INLINE float least(vec v, size_t left) {
  float lanes[WIDTH], result = INFINITY;
  write(v, lanes);
  for (uint i = 0; i < min(left, (size_t)WIDTH); i++) result = fmin(result, lanes[i]);
  return result;
}

// The smallest over a work-group.
INLINE float group_min(float value, local float *scratch) {
  const uint id = get_local_id(0);
  scratch[id] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint stride = GROUP / 2; stride > 0; stride /= 2) {
    if (id < stride) scratch[id] = fmin(scratch[id], scratch[id + stride]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return scratch[0];
}

kernel void importance_weights(
    global float *arena, ulong reconstruction, ulong divergence, ulong weights, ulong losses,
    uint examples, uint draws, float scale) {
  // One each: a work-item may still read a result when another writes its part of the next.
  local float minima[GROUP], sums[GROUP], means[GROUP];
  const uint id = get_local_id(0), begin = id * WIDTH, step = GROUP * WIDTH;
  const size_t example = get_group_id(0);
  global const float *r = arena + reconstruction + example * draws;
  global const float *d = arena + divergence + example * draws;
  global float *w = arena + weights + example * draws;
  float smallest = INFINITY;
  for (uint k = begin; k < draws; k += step) {
    const uint left = draws - k;
    smallest = fmin(smallest, least(load(r + k, left) + load(d + k, left), left));
  }
  const float m = group_min(smallest, minima);
  vec total = (vec)(0.0f), weighted = (vec)(0.0f);
  for (uint k = begin; k < draws; k += step) {
    const uint left = draws - k;
    const vec loss = load(r + k, left);
    const vec e = exp(m - (loss + load(d + k, left)));
    store(e, w + k, left);
    total += keep(e, left);
    weighted += keep(e * loss, left);
  }
  const float s = group_sum(total, sums), mean = group_sum(weighted, means) / s;
  // A work-item reads the weights that it wrote itself.
  for (uint k = begin; k < draws; k += step) {
    const uint left = draws - k;
    store(load(w + k, left) * (scale / s), w + k, left);
  }
  if (id == 0) {
    arena[losses + example] = mean;
    arena[losses + examples + example] = (m - log(s / (float)draws)) - mean;
  }
}
