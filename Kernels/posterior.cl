// The posterior q(z|x) from the encoder's output, the head: M×2L, mu and then gamma = ln sigma^2 or
// sigma (Backend.Posterior). The codes are M×L; element i of them takes element i of the noise.

#include "vector.h"
#include "philox.h"
#include "posterior.h"
#include "reduction.h"

// Element i of the codes reads mu at i + (i / L) L of the head, and its spread L further on.
static inline vec pick(global const float *p, size_t block, uint c, uint count, uint gap) {
  float lanes[WIDTH];
  for (uint lane = 0; lane < WIDTH; lane++) {
    const uint i = 4 * (block + lane) + c;
    lanes[lane] = i < count ? p[gap ? i + i / gap * gap : i] : 0.0f;
  }
  return read(lanes);
}

static inline void place(
    vec v, global float *p, size_t block, uint c, uint count, uint gap) {
  float lanes[WIDTH];
  write(v, lanes);
  for (uint lane = 0; lane < WIDTH; lane++) {
    const uint i = 4 * (block + lane) + c;
    if (i < count) p[gap ? i + i / gap * gap : i] = lanes[lane];
  }
}

// z = mu + exp(gamma / 2) noise, or mu + sigma noise; mu alone where not `noisy`.
kernel void reparameterize(
    global float *arena, ulong head, ulong code, uint count, uint latent, int posterior,
    int noisy, uint4 counter, uint2 key) {
  const size_t block = get_global_id(0) * WIDTH;
  if (4 * block < count) {
    vec noise[4];
    if (noisy) normals(block, counter, key, noise);
    for (uint c = 0; c < 4; c++) {
      vec z = pick(arena + head, block, c, count, latent);
      if (noisy) {
        const vec spread = pick(arena + head + latent, block, c, count, latent);
        z = fma(posterior == LOG_VARIANCE ? exp(0.5f * spread) : spread, noise[c], z);
      }
      place(z, arena + code, block, c, count, 0);
    }
  }
}

// Back through it, with the KL term's gradient of weight w: dmu = dz + w mu;
// dgamma = dz exp(gamma / 2) noise / 2 + w (exp(gamma) - 1) / 2,
// or dsigma = dz noise + w (sigma - sigma / (sigma^2 + 1e-10)).
kernel void reparameterize_gradient(
    global float *arena, ulong head, ulong code_gradient, ulong head_gradient, uint count,
    uint latent, int posterior, int noisy, uint4 counter, uint2 key, float weight) {
  const size_t block = get_global_id(0) * WIDTH;
  if (4 * block < count) {
    const vec w = (vec)(weight);
    vec noise[4];
    if (noisy) normals(block, counter, key, noise);
    for (uint c = 0; c < 4; c++) {
      const vec mean = pick(arena + head, block, c, count, latent);
      const vec spread = pick(arena + head + latent, block, c, count, latent);
      const vec dz = pick(arena + code_gradient, block, c, count, 0);
      const vec drawn = noisy ? dz * noise[c] : (vec)(0.0f);
      vec d;
      if (posterior == LOG_VARIANCE) {
        d = 0.5f * fma(drawn, exp(0.5f * spread), w * expm1(spread));
      } else {
        d = fma(w, kl_slope(posterior, spread), drawn);
      }
      place(fma(w, mean, dz), arena + head_gradient, block, c, count, latent);
      place(d, arena + head_gradient + latent, block, c, count, latent);
    }
  }
}

// KL(q || N(0, I)) of each example, summed over the latent dimensions, one work-group a row.
kernel void kl_divergence(
    global float *arena, ulong head, ulong divergence, uint latent, int posterior) {
  local float scratch[GROUP];
  const size_t row = get_group_id(0);
  global const float *mean = arena + head + row * 2 * latent, *spread = mean + latent;
  vec partial = (vec)(0.0f);
  for (uint j = get_local_id(0) * WIDTH; j < latent; j += GROUP * WIDTH) {
    const uint left = latent - j;
    partial += keep(kl_term(posterior, load(mean + j, left), load(spread + j, left)), left);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[divergence + row] = total;
}
