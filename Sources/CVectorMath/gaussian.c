// The diagonal Gaussian's loss of each row, ½Σ(ln 2π + v + q) with q = (y − x)²e^{−v}, y = σ(a) and
// v = max(s, −12) + ln(1 + e^{−|s + 12|}), with or without its gradient: (y − x)·y(1 − y)·e^{−v} and
// ½(1 − q)·σ(s + 12).

#include "CVectorMath.h"
#include "elementary.h"

#define VM_LEAST_LOG_VARIANCE -12.0f

// Twice one element's loss without its constant, and its derivatives.
typedef struct {
  float loss;
  float logit_slope;
  float parameter_slope;
} vm_gaussian_term;

VM_INLINE vm_gaussian_term vm_diagonal_term(float a, float s, float x) {
  const float distance = s - VM_LEAST_LOG_VARIANCE;
  const float u = vm_exp_minus_abs(distance);
  const float bounded = s < VM_LEAST_LOG_VARIANCE ? VM_LEAST_LOG_VARIANCE : s;
  const float log_variance = bounded + vm_log1p_unit(u);
  const float precision = vm_exp(-log_variance);
  const float t = vm_exp_minus_abs(a);
  const float larger = 1.0f / (1.0f + t);
  const float smaller = t * larger;
  const float difference = (a >= 0.0f ? larger : smaller) - x;
  const float excess = difference * difference * precision;
  const float slope = (distance >= 0.0f ? 1.0f : u) / (1.0f + u);
  return (vm_gaussian_term){
      log_variance + excess, difference * (larger * smaller) * precision,
      0.5f * (1.0f - excess) * slope};
}

#define VM_SUM_GAUSSIAN(and_then)                                                            \
  for (ptrdiff_t row = 0; row < rows; row++) {                                               \
    const float *a = logits + 2 * row * columns, *s = a + columns, *x = target + row * columns; \
    double total = 0.0;                                                                      \
    for (ptrdiff_t begin = 0; begin < columns; begin += VM_SUM_BLOCK) {                      \
      const ptrdiff_t end = columns - begin < VM_SUM_BLOCK ? columns : begin + VM_SUM_BLOCK; \
      float sum = 0.0f;                                                                      \
      VM_LOOP for (ptrdiff_t i = begin; i < end; i++) {                                      \
        _Pragma("clang fp reassociate(on)")                                                  \
        const vm_gaussian_term term = vm_diagonal_term(a[i], s[i], x[i]);                    \
        sum += term.loss;                                                                    \
        and_then;                                                                            \
      }                                                                                      \
      total += (double)sum;                                                                  \
    }                                                                                        \
    loss[row] = 0.5f * (float)total + constant;                                              \
  }

VM_CLONES void vm_diagonal_gaussian(
    const float *logits, const float *target, float constant, ptrdiff_t rows, ptrdiff_t columns,
    float *loss) {
  VM_SUM_GAUSSIAN((void)0)
}

VM_CLONES void vm_diagonal_gaussian_gradient(
    const float *logits, const float *target, float constant, float scale, ptrdiff_t rows,
    ptrdiff_t columns, float *loss, float *gradient) {
  float *g = gradient;
  VM_SUM_GAUSSIAN({
    g[2 * row * columns + i] = scale * term.logit_slope;
    g[(2 * row + 1) * columns + i] = scale * term.parameter_slope;
  })
}
