// Optimizers over all parameters at once, elementwise over `count` numbers.

#include "vector.h"
#include "optimizer.h"

kernel void adam(
    global float *arena, ulong parameters, ulong gradients, ulong first, ulong second, uint count,
    float beta1, float beta2, float epsilon, float step, float correction) {
  const size_t i = get_global_id(0) * WIDTH;
  if (i < count) {
    const Adam adam = {beta1, beta2, epsilon, step, correction};
    const size_t left = count - i;
    global float *p = arena + parameters + i, *m = arena + first + i, *v = arena + second + i;
    adam_step(
        adam, load(arena + gradients + i, left), load_parameters(p, m, v, left), p, m, v, left);
  }
}

// Gradient descent with momentum: v <- momentum v + g; p <- p - rate v.
kernel void momentum_update(
    global float *arena, ulong parameters, ulong gradients, ulong velocity, uint count,
    float momentum, float rate) {
  const size_t i = get_global_id(0) * WIDTH;
  if (i < count) {
    const size_t left = count - i;
    global float *p = arena + parameters + i, *v = arena + velocity + i;
    const vec moved = without_subnormals(
        fma((vec)(momentum), load(v, left), load(arena + gradients + i, left)));
    store(moved, v, left);
    store(fma((vec)(-rate), moved, load(p, left)), p, left);
  }
}
