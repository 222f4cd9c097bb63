// v = ln sigma^2 of a Gaussian likelihood from what is learned, s: v = -12 + ln(1 + exp(s + 12)), and its
// slope (Backend.PixelVariance). No branch swallows NaN.

#ifndef VAE_GAUSSIAN_H
#define VAE_GAUSSIAN_H

#include "elementary.h"

#define LEAST_LOG_VARIANCE -12.0f
#define LN_2PI 1.8378770664093455f

INLINE vec log_variance(vec s) {
  const vec least = (vec)(LEAST_LOG_VARIANCE);
  return (s < least ? least : s) + log1p_unit(exp(-fabs(s - least)));
}

// 1 / (1 + exp(-s - 12)): where exp overflows to infinity, 1 over it is the right 0.
INLINE vec log_variance_slope(vec s) { return 1.0f / (1.0f + exp(LEAST_LOG_VARIANCE - s)); }

#endif
