// Nonlinearities and their derivatives on a block of a matrix: the epilogues of the matrix products.

#include "CVectorMath.h"
#include "elementary.h"

// y = f(x), elementwise on a block; `expression` is f of `a`.
#define VM_MAP(expression)                                  \
  for (ptrdiff_t row = 0; row < rows; row++) {              \
    const float *from = x + row * stride;                   \
    float *to = y + row * stride;                           \
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) {       \
      const float a = from[i];                              \
      to[i] = expression;                                   \
    }                                                       \
  }

VM_CLONES void vm_activate(
    int32_t activation, const float *x, float *y, ptrdiff_t rows, ptrdiff_t columns,
    ptrdiff_t stride) {
  switch (activation) {
    case vm_identity: VM_MAP(a) break;
    // Not a > 0, which would turn NaN into 0.
    case vm_relu: VM_MAP(a < 0.0f ? 0.0f : a) break;
    case vm_tanh: VM_MAP(vm_tanh_value(a)) break;
    case vm_sigmoid: VM_MAP(vm_sigmoid_value(a)) break;
    case vm_softplus: VM_MAP(vm_softplus_value(a)) break;
    case vm_elu: VM_MAP(a > 0.0f ? a : vm_expm1(a)) break;
    case vm_silu: VM_MAP(a * vm_sigmoid_value(a)) break;
  }
}

// σ(a)·(1 + a·(1 − σ(a))), with 1 − σ(a) = σ(−a).
VM_INLINE float vm_silu_derivative(float a) {
  const float t = vm_exp_minus_abs(a);
  const float larger = 1.0f / (1.0f + t);
  const float smaller = t * larger;
  return a >= 0.0f ? larger * (1.0f + a * smaller) : smaller * (1.0f + a * larger);
}

// gradient ⊙ f′, elementwise on a block; `expression` is f′ of `s`.
#define VM_SCALE(expression)                                \
  for (ptrdiff_t row = 0; row < rows; row++) {              \
    const float *from = saved + row * stride;               \
    float *to = gradient + row * stride;                    \
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) {       \
      const float s = from[i];                              \
      to[i] *= expression;                                  \
    }                                                       \
  }

VM_CLONES void vm_multiply_by_derivative(
    int32_t activation, const float *saved, float *gradient, ptrdiff_t rows, ptrdiff_t columns,
    ptrdiff_t stride) {
  switch (activation) {
    case vm_relu: VM_SCALE(s > 0.0f ? 1.0f : 0.0f) break;
    case vm_tanh: VM_SCALE(1.0f - s * s) break;
    case vm_sigmoid: VM_SCALE(s * (1.0f - s)) break;
    case vm_softplus: VM_SCALE(-vm_expm1(-s)) break;
    case vm_elu: VM_SCALE(s > 0.0f ? 1.0f : s + 1.0f) break;
    case vm_silu: VM_SCALE(vm_silu_derivative(s)) break;
  }
}
