// The KL divergence of each latent dimension, averaged over a batch, and its gradient where free bits leave
// any.

#include "posterior.h"

#define VM_ADD_DIVERGENCE(function)                                               \
  for (ptrdiff_t row = 0; row < rows; row++) {                                    \
    const float *mean = head + 2 * row * latent, *spread = mean + latent;         \
    VM_LOOP for (ptrdiff_t i = 0; i < latent; i++) {                              \
      divergence[i] += function(mean[i], spread[i]);                              \
    }                                                                             \
  }

VM_CLONES void vm_latent_divergence(
    int32_t posterior, const float *head, ptrdiff_t rows, ptrdiff_t latent, float *divergence) {
  VM_LOOP for (ptrdiff_t i = 0; i < latent; i++) divergence[i] = 0.0f;
  switch (posterior) {
    case vm_log_variance: VM_ADD_DIVERGENCE(vm_log_variance_divergence) break;
    case vm_sigma: VM_ADD_DIVERGENCE(vm_sigma_divergence) break;
  }
  VM_LOOP for (ptrdiff_t i = 0; i < latent; i++) divergence[i] /= (float)rows;
}

// What is infinite in a dimension without a gradient must not become NaN: it is chosen, not multiplied by 0.
#define VM_ADD_GRADIENT(slope)                                                             \
  for (ptrdiff_t row = 0; row < rows; row++) {                                             \
    const float *mean = head + 2 * row * latent, *spread = mean + latent;                  \
    float *mean_gradient = head_gradient + 2 * row * latent;                               \
    float *spread_gradient = mean_gradient + latent;                                       \
    VM_LOOP for (ptrdiff_t i = 0; i < latent; i++) {                                       \
      const float moved = mean_gradient[i] + kl_weight * mean[i];                          \
      const float spread_moved = spread_gradient[i] + kl_weight * slope(spread[i]);        \
      mean_gradient[i] = divergence[i] > minimum ? moved : mean_gradient[i];               \
      spread_gradient[i] = divergence[i] > minimum ? spread_moved : spread_gradient[i];    \
    }                                                                                      \
  }

VM_CLONES void vm_free_bits_gradient(
    int32_t posterior, const float *head, const float *divergence, float minimum, float kl_weight,
    ptrdiff_t rows, ptrdiff_t latent, float *head_gradient) {
  switch (posterior) {
    case vm_log_variance: VM_ADD_GRADIENT(vm_log_variance_slope) break;
    case vm_sigma: VM_ADD_GRADIENT(vm_sigma_slope) break;
  }
}
