// A latent dimension's KL divergence from N(0, 1), by its mean and spread: gamma = ln sigma^2 or sigma
// (Backend.Posterior).

#ifndef VAE_POSTERIOR_H
#define VAE_POSTERIOR_H

#include "elementary.h"

#define LOG_VARIANCE 0
#define LOGARITHM_GUARD 1e-10f

// (mu^2 + exp(gamma) - gamma - 1) / 2, or (mu^2 + sigma^2 - ln(sigma^2 + 1e-10) - 1) / 2
INLINE vec kl_term(int posterior, vec m, vec s) {
  vec excess;
  if (posterior == LOG_VARIANCE) {
    excess = expm1(s) - s;
  } else {
    const vec f = fma(s, s, (vec)(-1.0f)) + LOGARITHM_GUARD, x = fma(s, s, (vec)(LOGARITHM_GUARD));
    excess = log_remainder(f, x) - LOGARITHM_GUARD;
  }
  return 0.5f * fma(m, m, excess);
}

// Its derivative with respect to the spread: (exp(gamma) - 1) / 2, or sigma - sigma / (sigma^2 + 1e-10)
INLINE vec kl_slope(int posterior, vec s) {
  return posterior == LOG_VARIANCE ? 0.5f * expm1(s) : s - s / fma(s, s, (vec)(LOGARITHM_GUARD));
}

#endif
