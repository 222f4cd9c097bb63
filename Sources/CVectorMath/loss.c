// The reconstruction's loss of each row from the decoder's output before any nonlinearity, with or
// without its gradient.
//
// With t = e^{−|a|}: softplus(−|a|) = ln(1 + t), σ(a) = (a ≥ 0 ? 1 : t)/(1 + t), σ(1 − σ) = t/(1 + t)².

#include "CVectorMath.h"
#include "elementary.h"

// One element's loss, and its derivative with respect to the logit a.
typedef struct {
  float loss;
  float slope;
} vm_loss_term;

VM_INLINE vm_loss_term vm_bernoulli_term(float a, float x) {
  const float t = vm_exp_minus_abs(a);
  const float probability = (a >= 0.0f ? 1.0f : t) / (1.0f + t);
  const float positive = a < 0.0f ? 0.0f : a;
  return (vm_loss_term){(positive - a * x) + vm_log1p_unit(t), probability - x};
}

VM_INLINE vm_loss_term vm_squared_error_term(float a, float x) {
  const float t = vm_exp_minus_abs(a);
  const float larger = 1.0f / (1.0f + t);
  const float smaller = t * larger;
  const float difference = (a >= 0.0f ? larger : smaller) - x;
  return (vm_loss_term){difference * difference, 2.0f * difference * (larger * smaller)};
}

// Sums `term` over each row; `and_then` may use the element's `term`.
#define VM_SUM_LOSS(function, and_then)                                                          \
  for (ptrdiff_t row = 0; row < rows; row++) {                                                   \
    const float *a = logits + row * columns, *x = target + row * columns;                        \
    double total = 0.0;                                                                          \
    for (ptrdiff_t begin = 0; begin < columns; begin += VM_SUM_BLOCK) {                          \
      const ptrdiff_t end = columns - begin < VM_SUM_BLOCK ? columns : begin + VM_SUM_BLOCK;     \
      float sum = 0.0f;                                                                          \
      VM_LOOP for (ptrdiff_t i = begin; i < end; i++) {                                          \
        _Pragma("clang fp reassociate(on)")                                                      \
        const vm_loss_term term = function(a[i], x[i]);                                          \
        sum += term.loss;                                                                        \
        and_then;                                                                                \
      }                                                                                          \
      total += (double)sum;                                                                      \
    }                                                                                            \
    loss[row] = weight * (float)total + constant;                                                \
  }

VM_CLONES void vm_reconstruction_loss(
    int32_t likelihood, const float *logits, const float *target, float weight, float constant,
    ptrdiff_t rows, ptrdiff_t columns, float *loss) {
  switch (likelihood) {
    case vm_bernoulli: VM_SUM_LOSS(vm_bernoulli_term, (void)0) break;
    case vm_squared_error: VM_SUM_LOSS(vm_squared_error_term, (void)0) break;
  }
}

VM_CLONES void vm_reconstruction_loss_gradient(
    int32_t likelihood, const float *logits, const float *target, float weight, float constant,
    float scale, ptrdiff_t rows, ptrdiff_t columns, float *loss, float *gradient) {
  float *g = gradient;
  scale *= weight;
  switch (likelihood) {
    case vm_bernoulli:
      VM_SUM_LOSS(vm_bernoulli_term, g[row * columns + i] = scale * term.slope) break;
    case vm_squared_error:
      VM_SUM_LOSS(vm_squared_error_term, g[row * columns + i] = scale * term.slope) break;
  }
}
