// Optimizers over all parameters at once, elementwise over `count` numbers.

#include "vector.h"

// Adam (Kingma and Ba 2014): m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
// p <- p - step m / (correction sqrt(v) + epsilon), where step = rate / (1 - b1^t) and
// correction = 1 / sqrt(1 - b2^t).
kernel void adam(
    global float *arena, ulong parameters, ulong gradients, ulong first, ulong second, uint count,
    float beta1, float beta2, float epsilon, float step, float correction) {
  const size_t i = get_global_id(0) * WIDTH;
  if (i < count) {
    const size_t left = count - i;
    global float *p = arena + parameters + i, *m = arena + first + i, *v = arena + second + i;
    const vec gradient = load(arena + gradients + i, left);
    const vec mean = fma((vec)(beta1), load(m, left), (1.0f - beta1) * gradient);
    const vec square = fma((vec)(beta2), load(v, left), (1.0f - beta2) * gradient * gradient);
    const vec scale = fma((vec)(correction), sqrt(square), (vec)(epsilon));
    store(mean, m, left);
    store(square, v, left);
    store(load(p, left) - step * mean / scale, p, left);
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
    const vec moved = fma((vec)(momentum), load(v, left), load(arena + gradients + i, left));
    store(moved, v, left);
    store(fma((vec)(-rate), moved, load(p, left)), p, left);
  }
}
