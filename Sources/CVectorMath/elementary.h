// exp, expm1, log, log1p, tanh and the logistic function without branches, calls or tables, so that
// loops over them vectorize. The polynomials are those of S. L. Moshier's Cephes library, single
// precision.
//
// Products and sums are contracted to fused ones where the machine has them; nothing relies on it.

#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "vectorize.h"

VM_INLINE uint32_t vm_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

VM_INLINE float vm_from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// 2ⁿ for −126 ≤ n ≤ 127.
VM_INLINE float vm_power_of_two(int32_t n) { return vm_from_bits((uint32_t)(n + 127) << 23); }

// x = n·ln 2 + r with |r| ≤ ½ ln 2.
typedef struct {
  int32_t n;
  float r;
} vm_exp_reduction;

// Adding this rounds a number below 2²² in magnitude to an integer, ties to even, found in the sum's low
// bits: a conversion would be undefined for NaN, and rounding a call before SSE4.1.
#define VM_ROUNDING 0x1.8p23f

// |x| ≤ 128.
VM_INLINE vm_exp_reduction vm_reduce_exp(float x) {
  const float shifted = x * 0x1.715476p+0f + VM_ROUNDING;
  const float n = shifted - VM_ROUNDING;
  // ln 2 in two parts, the first short enough for an exact product with n.
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  return (vm_exp_reduction){(int32_t)(vm_bits(shifted) - vm_bits(VM_ROUNDING)), r};
}

// eʳ − 1 − r for |r| ≤ ½ ln 2.
VM_INLINE float vm_exp_tail(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * (r * r);
}

// eˣ
VM_INLINE float vm_exp(float x) {
  x = x < -104.0f ? -104.0f : x;
  x = x > 89.0f ? 89.0f : x;
  const vm_exp_reduction reduced = vm_reduce_exp(x);
  const float y = (vm_exp_tail(reduced.r) + reduced.r) + 1.0f;
  // In two factors, because 2ⁿ alone may overflow where y·2ⁿ does not, and underflows too soon.
  const int32_t half = reduced.n >> 1;
  return y * vm_power_of_two(half) * vm_power_of_two(reduced.n - half);
}

// eˣ − 1
VM_INLINE float vm_expm1(float x) {
  x = x < -40.0f ? -40.0f : x;
  x = x > 89.0f ? 89.0f : x;
  const vm_exp_reduction reduced = vm_reduce_exp(x);
  const float y = vm_exp_tail(reduced.r) + reduced.r;
  // Half of 2ⁿ, which may overflow where the result does not.
  const float half = vm_power_of_two(reduced.n - 1);
  return 2.0f * (y * half + (half - 0.5f));
}

// eˣ − 1 − x without the cancellation near 0.
VM_INLINE float vm_exp_remainder(float x) {
  const vm_exp_reduction reduced = vm_reduce_exp(x > 89.0f ? 89.0f : (x < -40.0f ? -40.0f : x));
  return reduced.n == 0 ? vm_exp_tail(reduced.r) : vm_expm1(x) - x;
}

// f − ln(1 + f) for √½ ≤ 1 + f < √2, up to the half square: ln(1 + f) = f − ½f² + this.
VM_INLINE float vm_log_tail(float f) {
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  return p * f * (f * f);
}

// ln((1 + f)·2ⁿ)
VM_INLINE float vm_log_sum(float f, float n) {
  const float tail = vm_log_tail(f) - n * 2.12194440e-4f;
  return (f + (tail - 0.5f * (f * f))) + n * 0.693359375f;
}

// x = (1 + f)·2ⁿ with √½ ≤ 1 + f < √2, for positive x.
typedef struct {
  float f;
  float n;
} vm_log_reduction;

VM_INLINE vm_log_reduction vm_reduce_log(float x) {
  const int subnormal = x < 0x1p-126f;
  const uint32_t bits = vm_bits(subnormal ? x * 0x1p23f : x) + (0x3f800000 - 0x3f3504f3);
  const int32_t n = (int32_t)(bits >> 23) - (subnormal ? 127 + 23 : 127);
  return (vm_log_reduction){
      vm_from_bits((bits & 0x007fffff) + 0x3f3504f3) - 1.0f, (float)n};
}

// ln x
VM_INLINE float vm_log(float x) {
  const vm_log_reduction reduced = vm_reduce_log(x);
  const float y = vm_log_sum(reduced.f, reduced.n);
  const float outside = x == 0.0f ? -INFINITY : NAN;
  return x > 0.0f ? (x < INFINITY ? y : x) : outside;
}

// x − 1 − ln x without the cancellation near 1, for positive x.
VM_INLINE float vm_log_remainder(float x) {
  const vm_log_reduction reduced = vm_reduce_log(x);
  const float near = 0.5f * (reduced.f * reduced.f) - vm_log_tail(reduced.f);
  return reduced.n == 0.0f ? near : (x - 1.0f) - vm_log(x);
}

// ln(1 + x) for 0 ≤ x ≤ 1.
VM_INLINE float vm_log1p_unit(float x) {
  const int upper = x > 0.41421356f;
  return vm_log_sum(upper ? 0.5f * x - 0.5f : x, upper ? 1.0f : 0.0f);
}

// tanh x
VM_INLINE float vm_tanh_value(float x) {
  float a = __builtin_elementwise_abs(x);
  a = a > 10.0f ? 10.0f : a;
  const float e = vm_expm1(2.0f * a);
  return __builtin_elementwise_copysign(e / (e + 2.0f), x);
}

// e^{−|x|}, from which σ(x) = (x ≥ 0 ? 1 : t)/(1 + t) keeps its relative precision on both sides.
VM_INLINE float vm_exp_minus_abs(float x) { return vm_exp(-__builtin_elementwise_abs(x)); }

// σ(x) = 1/(1 + e⁻ˣ)
VM_INLINE float vm_sigmoid_value(float x) {
  const float t = vm_exp_minus_abs(x);
  return (x >= 0.0f ? 1.0f : t) / (1.0f + t);
}

// ln(1 + eˣ)
VM_INLINE float vm_softplus_value(float x) {
  return (x < 0.0f ? 0.0f : x) + vm_log1p_unit(vm_exp_minus_abs(x));
}
