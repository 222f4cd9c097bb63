// The approximate posterior: z = μ + σ·ε, back through it, and its divergence from N(0, I).
//
// The noise is drawn again from its counter wherever it is needed, into a small buffer.

#include "posterior.h"
#include "walk.h"

VM_CLONES void vm_reparameterize(
    int32_t posterior, const float *head, const vm_noise *noise, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t latent, float *code) {
  if (!noise) {
    for (ptrdiff_t row = first_row; row < first_row + rows; row++) {
      memcpy(code + row * latent, head + 2 * row * latent, (size_t)latent * sizeof *code);
    }
    return;
  }
  vm_walk walk;
  vm_begin_walk(&walk, first_row, rows, latent);
  for (const float *e; (e = vm_next_part(&walk, noise));) {
    const float *mean = head + walk.in_head, *spread = mean + latent;
    float *z = code + walk.element;
    if (posterior == vm_log_variance) {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        z[i] = mean[i] + vm_exp(0.5f * spread[i]) * e[i];
      }
    } else {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) z[i] = mean[i] + spread[i] * e[i];
    }
  }
}

VM_CLONES void vm_reparameterize_gradient(
    int32_t posterior, const float *head, const float *code_gradient, const vm_noise *noise,
    float kl_weight, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t latent,
    float *head_gradient) {
  vm_walk walk;
  vm_begin_walk(&walk, first_row, rows, latent);
  for (const float *e; (e = vm_next_part(&walk, noise));) {
    const float *mean = head + walk.in_head, *spread = mean + latent;
    const float *dz = code_gradient + walk.element;
    float *mean_gradient = head_gradient + walk.in_head;
    float *spread_gradient = mean_gradient + latent;
    if (posterior == vm_log_variance) {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        const float deviation = vm_exp(0.5f * spread[i]);
        const float kl_slope = vm_log_variance_slope(spread[i]);
        mean_gradient[i] = dz[i] + kl_weight * mean[i];
        spread_gradient[i] = dz[i] * (0.5f * deviation) * e[i] + kl_weight * kl_slope;
      }
    } else {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        const float sigma = spread[i];
        const float kl_slope = vm_sigma_slope(sigma);
        mean_gradient[i] = dz[i] + kl_weight * mean[i];
        spread_gradient[i] = dz[i] * e[i] + kl_weight * kl_slope;
      }
    }
  }
}

#define VM_SUM_DIVERGENCE(function)                                             \
  for (ptrdiff_t row = 0; row < rows; row++) {                                  \
    const float *mean = head + 2 * row * latent, *spread = mean + latent;       \
    float sum = 0.0f;                                                           \
    VM_LOOP for (ptrdiff_t i = 0; i < latent; i++) {                            \
      _Pragma("clang fp reassociate(on)") sum += function(mean[i], spread[i]);  \
    }                                                                           \
    divergence[row] = sum;                                                      \
  }

VM_CLONES void vm_kl_divergence(
    int32_t posterior, const float *head, ptrdiff_t rows, ptrdiff_t latent, float *divergence) {
  switch (posterior) {
    case vm_log_variance: VM_SUM_DIVERGENCE(vm_log_variance_divergence) break;
    case vm_sigma: VM_SUM_DIVERGENCE(vm_sigma_divergence) break;
  }
}
