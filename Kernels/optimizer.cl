// Optimizers over all parameters at once, elementwise over `count` numbers.

#include "vector.h"
#include "optimizer.h"

kernel void adam(
    global float *arena, ulong parameters, ulong gradients, ulong first, ulong second, uint count,
    float beta1, float beta2, float epsilon, float step, float correction, float retention) {
  const size_t i = get_global_id(0) * WIDTH;
  if (i < count) {
    const Adam adam = {beta1, beta2, epsilon, step, correction, retention};
    const size_t left = count - i;
    adam_step(
        &adam, load(arena + gradients + i, left), arena + parameters + i, arena + first + i,
        arena + second + i, left);
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

// Clipping by a norm (Pascanu et al. 2013): x <- x limit / sqrt(s) where sqrt(s) is above `limit`.
kernel void clip_by_norm(
    global float *arena, ulong tensor, uint count, float limit, ulong squared_norm) {
  const size_t i = get_global_id(0) * WIDTH;
  const float norm = sqrt(arena[squared_norm]);
  if (i < count && norm > limit) {
    const size_t left = count - i;
    global float *x = arena + tensor + i;
    store(limit / norm * load(x, left), x, left);
  }
}
