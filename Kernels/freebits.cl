// Free bits (Kingma et al. 2016): the KL divergence of each latent dimension, averaged over the batch, and
// the gradient of those above a minimum. The head is M×2L, mu and then the spread (posterior.h).

#include "vector.h"
#include "posterior.h"
#include "reduction.h"

// One work-group WIDTH dimensions. Where several work-items share the rows, WIDTH is 1.
kernel void latent_divergence(
    global float *arena, ulong head, ulong divergence, uint rows, uint latent, int posterior) {
  local float scratch[GROUP];
  const uint j = get_group_id(0) * WIDTH;
  const uint left = latent - j;
  vec partial = (vec)(0.0f);
  for (size_t row = get_local_id(0); row < rows; row += GROUP) {
    global const float *mean = arena + head + row * 2 * latent + j;
    partial += kl_term(posterior, load(mean, left), load(mean + latent, left));
  }
#if WIDTH == 1
  const vec total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[divergence + j] = total / (float)rows;
#else
  store(partial / (float)rows, arena + divergence + j, left);
#endif
}

// gradient += w dKL for the dimensions whose divergence is above `minimum`. A work-item takes WIDTH of them
// in one row.
kernel void free_bits_gradient(
    global float *arena, ulong head, ulong divergence, ulong gradient, uint rows, uint latent,
    int posterior, float minimum, float weight) {
  const uint pieces = (latent + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0);
  const size_t row = item / pieces;
  if (row < rows) {
    const uint j = (item - row * pieces) * WIDTH;
    const uint left = latent - j;
    const vec w = (vec)(weight), kl = load(arena + divergence + j, left);
    const size_t at = row * 2 * latent + j;
    global const float *mean = arena + head + at;
    global float *d_mean = arena + gradient + at, *d_spread = d_mean + latent;
    const vec m = load(d_mean, left), s = load(d_spread, left);
    const vec moved = fma(w, load(mean, left), m);
    const vec spread_moved = fma(w, kl_slope(posterior, load(mean + latent, left)), s);
    store(kl > minimum ? moved : m, d_mean, left);
    store(kl > minimum ? spread_moved : s, d_spread, left);
  }
}
