// One latent dimension's KL divergence from N(0, 1), and its derivative with respect to the spread.

#pragma once

#include "CVectorMath.h"
#include "elementary.h"

// σ² never enters a logarithm or a division alone: the sigma head may be 0.
#define VM_VARIANCE_GUARD 1e-10f

// ½(μ² + e^γ − γ − 1)
VM_INLINE float vm_log_variance_divergence(float mean, float spread) {
  return 0.5f * (mean * mean + vm_exp_remainder(spread));
}

// ½(μ² + σ² − ln(σ² + 10⁻¹⁰) − 1)
VM_INLINE float vm_sigma_divergence(float mean, float spread) {
  const float variance = spread * spread + VM_VARIANCE_GUARD;
  return 0.5f * (mean * mean + (vm_log_remainder(variance) - VM_VARIANCE_GUARD));
}

// ½(e^γ − 1)
VM_INLINE float vm_log_variance_slope(float spread) { return 0.5f * vm_expm1(spread); }

// σ − σ/(σ² + 10⁻¹⁰)
VM_INLINE float vm_sigma_slope(float sigma) {
  return sigma - sigma / (sigma * sigma + VM_VARIANCE_GUARD);
}
