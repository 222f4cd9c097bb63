// Importance weights, and the divergence of a draw from the posterior that enters them.

#include "posterior.h"
#include "walk.h"

// ½d(d + 2ε) − ½γ with d = μ + (e^{γ/2} − 1)ε. Half of d, so that the product is no larger than the result.
VM_INLINE float vm_log_variance_term(float mean, float spread, float draw) {
  const float distance = mean + vm_expm1(0.5f * spread) * draw;
  return (0.5f * distance) * (distance + 2.0f * draw) - 0.5f * spread;
}

// ½d(d + 2ε) − ½ln(σ² + 10⁻¹⁰) with d = μ + (σ − 1)ε
VM_INLINE float vm_sigma_term(float mean, float spread, float draw) {
  const float distance = mean + (spread - 1.0f) * draw;
  return (0.5f * distance) * (distance + 2.0f * draw)
      - 0.5f * vm_log(spread * spread + VM_VARIANCE_GUARD);
}

VM_CLONES void vm_sampled_divergence(
    int32_t posterior, const float *head, const vm_noise *noise, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t latent, float *divergence) {
  vm_walk walk;
  vm_begin_walk(&walk, first_row, rows, latent);
  double total = 0.0;
  for (ptrdiff_t row = first_row; row < first_row + rows; row++) divergence[row] = 0.0f;
  for (const float *e; (e = vm_next_part(&walk, noise));) {
    const float *mean = head + walk.in_head, *spread = mean + latent;
    float terms[VM_CHUNK];
    if (posterior == vm_log_variance) {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        terms[i] = vm_log_variance_term(mean[i], spread[i], e[i]);
      }
    } else {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        terms[i] = vm_sigma_term(mean[i], spread[i], e[i]);
      }
    }
    // One by one: where a row's parts begin depends on how the rows are split over threads.
    const ptrdiff_t row = walk.element / latent, column = walk.element % latent;
    if (column == 0) total = 0.0;
    for (ptrdiff_t i = 0; i < walk.length; i++) total += (double)terms[i];
    divergence[row] = (float)total;
  }
}

VM_CLONES void vm_sampled_divergence_gradient(
    int32_t posterior, const float *head, const float *code_gradient, const float *weights,
    const vm_noise *noise, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t latent,
    float *head_gradient) {
  vm_walk walk;
  vm_begin_walk(&walk, first_row, rows, latent);
  for (const float *e; (e = vm_next_part(&walk, noise));) {
    const float *mean = head + walk.in_head, *spread = mean + latent;
    const float *dz = code_gradient + walk.element;
    const float weight = weights[walk.element / latent];
    float *mean_gradient = head_gradient + walk.in_head;
    float *spread_gradient = mean_gradient + latent;
    if (posterior == vm_log_variance) {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        const float shift = vm_exp(0.5f * spread[i]) * e[i];
        const float total = dz[i] + weight * (mean[i] + shift);
        mean_gradient[i] = total;
        spread_gradient[i] = (0.5f * total) * shift - 0.5f * weight;
      }
    } else {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        const float sigma = spread[i];
        const float total = dz[i] + weight * (mean[i] + sigma * e[i]);
        mean_gradient[i] = total;
        spread_gradient[i] =
            total * e[i] - weight * (sigma / (sigma * sigma + VM_VARIANCE_GUARD));
      }
    }
  }
}

VM_CLONES void vm_importance_weights(
    const float *reconstruction, const float *divergence, float scale, ptrdiff_t examples,
    ptrdiff_t draws, float *weights, float *reconstruction_loss, float *divergence_loss) {
  for (ptrdiff_t example = 0; example < examples; example++) {
    const float *r = reconstruction + example * draws, *d = divergence + example * draws;
    float *w = weights + example * draws;
    float least = INFINITY;
    for (ptrdiff_t k = 0; k < draws; k++) {
      const float loss = r[k] + d[k];
      least = loss < least ? loss : least;
    }
    VM_LOOP for (ptrdiff_t k = 0; k < draws; k++) w[k] = vm_exp(least - (r[k] + d[k]));
    double total = 0.0, weighted = 0.0;
    for (ptrdiff_t k = 0; k < draws; k++) {
      total += (double)w[k];
      weighted += (double)w[k] * (double)r[k];
    }
    const float share = scale / (float)total, mean = (float)(weighted / total);
    VM_LOOP for (ptrdiff_t k = 0; k < draws; k++) w[k] *= share;
    reconstruction_loss[example] = mean;
    divergence_loss[example] =
        (float)((double)least - (double)vm_log((float)(total / (double)draws)) - (double)mean);
  }
}
