// f(a) and f'(s) of Backend.Activation, whose codes these are. Every branch lets NaN through.

#ifndef VAE_ACTIVATION_H
#define VAE_ACTIVATION_H

#include "elementary.h"

#define IDENTITY 0
#define RELU 1
#define TANH 2
#define SIGMOID 3
#define SOFTPLUS 4
#define ELU 5
#define SILU 6

// 1 / (1 + exp(-a)): exp overflows to infinity at -89, and 1 over it is the right 0.
static inline vec logistic(vec a) { return 1.0f / (1.0f + exp(-a)); }

static inline vec activate(int f, vec a) {
  switch (f) {
    case RELU: return a < 0.0f ? (vec)(0.0f) : a;
    case TANH: return tanh(a);
    case SIGMOID: return logistic(a);
    case SOFTPLUS: return fmax(a, (vec)(0.0f)) + log1p_unit(exp(-fabs(a)));
    case ELU: return a > 0.0f ? a : expm1(a);
    case SILU: return a * logistic(a);
    default: return a;
  }
}

// From f's value; SiLU's from its argument.
static inline vec derivative(int f, vec s) {
  switch (f) {
    case RELU: return s > 0.0f ? (vec)(1.0f) : (vec)(0.0f);
    case TANH: return fma(-s, s, (vec)(1.0f));
    case SIGMOID: return s * (1.0f - s);
    case SOFTPLUS: return -expm1(-s);
    case ELU: return s > 0.0f ? (vec)(1.0f) : s + 1.0f;
    case SILU: {
      const vec y = logistic(s);
      return y * fma(s, 1.0f - y, (vec)(1.0f));
    }
    default: return (vec)(1.0f);
  }
}

#endif
