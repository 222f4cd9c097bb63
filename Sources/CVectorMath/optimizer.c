// Optimizers over all parameters at once.

#include "CVectorMath.h"
#include "vectorize.h"

// A moment whose gradient stays zero, as a dark pixel's does, decays into the subnormal numbers and never
// leaves them, because β times the smallest one rounds to itself; and each costs the processor a trap
// into microcode. So they are flushed to zero here, where they carry no weight. Other processors
// compute with them at full speed.
#if defined(__x86_64__)
#define VM_FLUSHING_SUBNORMALS(call)                              \
  const unsigned mode = __builtin_ia32_stmxcsr();                 \
  __builtin_ia32_ldmxcsr(mode | 0x8040);                          \
  call;                                                           \
  __builtin_ia32_ldmxcsr(mode)
#else
#define VM_FLUSHING_SUBNORMALS(call) call
#endif

VM_CLONES static void vm_adam_step(
    vm_adam_rate rate, const float *g, float *theta, float *m, float *v, ptrdiff_t count) {
  const float gain1 = 1.0f - rate.beta1, gain2 = 1.0f - rate.beta2;
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
    const float first = rate.beta1 * m[i] + gain1 * g[i];
    const float second = rate.beta2 * v[i] + gain2 * (g[i] * g[i]);
    m[i] = first;
    v[i] = second;
    // Not sqrtf, whose errno keeps a loop from being vectorized.
    const float root = __builtin_elementwise_sqrt(second);
    const float step = rate.step_size * first / (root * rate.inverse_root_correction + rate.epsilon);
    theta[i] = rate.retention * theta[i] - step;
  }
}

VM_CLONES static void vm_momentum_step(
    float momentum, float learning_rate, const float *g, float *theta, float *v,
    ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
    const float velocity = momentum * v[i] + g[i];
    v[i] = velocity;
    theta[i] -= learning_rate * velocity;
  }
}

void vm_adam(
    vm_adam_rate rate, const float *gradients, float *parameters, float *first_moment,
    float *second_moment, ptrdiff_t count) {
  VM_FLUSHING_SUBNORMALS(
      vm_adam_step(rate, gradients, parameters, first_moment, second_moment, count));
}

void vm_momentum(
    float momentum, float learning_rate, const float *gradients, float *parameters,
    float *velocity, ptrdiff_t count) {
  VM_FLUSHING_SUBNORMALS(
      vm_momentum_step(momentum, learning_rate, gradients, parameters, velocity, count));
}

VM_CLONES void vm_scale(float factor, float *x, ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) x[i] *= factor;
}
