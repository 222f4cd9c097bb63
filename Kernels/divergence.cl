// ln q(z|x) - ln p(z) of drawn codes z = mu + sigma noise (Backend.SampledDivergence), forward and back;
// the head is M×2L as in posterior.cl, and element row L + j of the noise belongs to column j of a row.

#include "vector.h"
#include "philox.h"
#include "reduction.h"
#include "posterior.h"

// The normals of WIDTH neighbouring elements from `first` on; blocks of four may begin before it.
INLINE vec draws_from(size_t first, uint4 counter, uint2 key) {
  vec draws[4];
  float lanes[4][WIDTH], picked[WIDTH];
  const uint block = first / 4, shift = first % 4;
  normals(block, counter, key, draws);
  for (uint c = 0; c < 4; c++) write(draws[c], lanes[c]);
  for (uint lane = 0; lane < WIDTH; lane++) {
    const uint i = lane + shift;
    picked[lane] = i / 4 < WIDTH ? lanes[i % 4][i / 4] : 0.0f;
  }
  return read(picked);
}

// With d = z - noise = mu + (sigma - 1) noise: d (d + 2 noise) / 2 - ln(sigma^2) / 2, summed over the
// latent dimensions; one work-group a row.
kernel void sampled_divergence(
    global float *arena, ulong head, ulong divergence, uint latent, int posterior, uint4 counter,
    uint2 key) {
  local float scratch[GROUP];
  const size_t row = get_group_id(0);
  global const float *mean = arena + head + row * 2 * latent, *spread = mean + latent;
  vec partial = (vec)(0.0f);
  for (uint j = get_local_id(0) * WIDTH; j < latent; j += GROUP * WIDTH) {
    const uint left = latent - j;
    const vec noise = draws_from(row * latent + j, counter, key), s = load(spread + j, left);
    const vec excess = posterior == LOG_VARIANCE ? expm1(0.5f * s) : s - 1.0f;
    const vec logarithm =
        posterior == LOG_VARIANCE ? s : log(fma(s, s, (vec)(LOGARITHM_GUARD)));
    const vec d = fma(excess, noise, load(mean + j, left));
    // Half of d first, so that the product is no larger than the result.
    partial += keep(fma(0.5f * d, fma((vec)(2.0f), noise, d), -0.5f * logarithm), left);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[divergence + row] = total;
}

// With w of the row and t = dz + w z: dmu = t; dgamma = (t sigma noise - w) / 2,
// or dsigma = t noise - w sigma / (sigma^2 + 1e-10). A work-item takes WIDTH columns of a row.
kernel void sampled_divergence_gradient(
    global float *arena, ulong head, ulong code_gradient, ulong weights, ulong head_gradient,
    uint rows, uint latent, int posterior, uint4 counter, uint2 key) {
  const uint pieces = (latent + WIDTH - 1) / WIDTH;
  const size_t item = get_global_id(0), row = item / pieces;
  if (row < rows) {
    const uint j = (item - row * pieces) * WIDTH, left = latent - j;
    const size_t at = row * 2 * latent + j, element = row * latent + j;
    const vec noise = draws_from(element, counter, key);
    const vec w = (vec)(arena[weights + row]), s = load(arena + head + latent + at, left);
    const vec shift = (posterior == LOG_VARIANCE ? exp(0.5f * s) : s) * noise;
    const vec z = load(arena + head + at, left) + shift;
    const vec t = fma(w, z, load(arena + code_gradient + element, left));
    const vec slope = posterior == LOG_VARIANCE
        ? fma(0.5f * t, shift, -0.5f * w)
        : fma(t, noise, -w * (s / fma(s, s, (vec)(LOGARITHM_GUARD))));
    store(t, arena + head_gradient + at, left);
    store(slope, arena + head_gradient + latent + at, left);
  }
}
