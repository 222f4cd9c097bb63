// The reconstruction's loss of each example, from logits a and pixels x, both M×D, and `scale` times
// its gradient (Backend.Likelihood); one work-group a row.
//
// Bernoulli:     max(a, 0) - a x + ln(1 + exp(-|a|)),   gradient y - x
// squared error: (y - x)^2,                             gradient 2 (y - x) y (1 - y)
// Gaussian:      w (y - x)^2 and c once a row,          gradient 2 w (y - x) y (1 - y)
//
// with y = 1 / (1 + exp(-a)). All of it comes from e = exp(-|a|), which cannot overflow, and
// y (1 - y) = e / (1 + e)^2 loses nothing to cancellation.

#include "vector.h"
#include "reduction.h"
#include "elementary.h"
#include "gaussian.h"

#define BERNOULLI 0
#define GAUSSIAN_LEARNED 3

// w = 1 / (2 sigma^2) and c = D (ln 2 pi + ln sigma^2) / 2, where sigma^2 is learned.
static inline void learned_terms(float parameter, uint columns, float *weight, float *offset) {
  float v[WIDTH];
  write(log_variance((vec)(parameter)), v);
  *weight = 0.5f * exp(-v[0]);
  *offset = 0.5f * (float)columns * (LN_2PI + v[0]);
}

static inline vec pixel_loss(int likelihood, vec a, vec x, vec *gradient) {
  const vec e = exp(-fabs(a));
  const vec inverse = 1.0f / (1.0f + e);
  const vec y = a < 0.0f ? e * inverse : inverse;
  if (likelihood == BERNOULLI) {
    *gradient = y - x;
    return fma(-a, x, fmax(a, (vec)(0.0f))) + log1p_unit(e);
  }
  const vec difference = y - x;
  *gradient = 2.0f * difference * (e * inverse * inverse);
  return difference * difference;
}

kernel void reconstruction_loss(
    global float *arena, ulong logits, ulong target, ulong loss, uint columns, int likelihood,
    float weight, float offset, ulong parameter) {
  local float scratch[GROUP];
  if (likelihood == GAUSSIAN_LEARNED) {
    learned_terms(arena[parameter], columns, &weight, &offset);
  }
  const size_t row = get_group_id(0);
  global const float *a = arena + logits + row * columns, *x = arena + target + row * columns;
  vec partial = (vec)(0.0f), gradient;
  for (uint j = get_local_id(0) * WIDTH; j < columns; j += GROUP * WIDTH) {
    const uint left = columns - j;
    partial += keep(pixel_loss(likelihood, load(a + j, left), load(x + j, left), &gradient), left);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[loss + row] = fma(weight, total, offset);
}

// The gradient may be the logits' own memory.
kernel void reconstruction_loss_gradient(
    global float *arena, ulong logits, ulong target, ulong loss, uint columns, int likelihood,
    float weight, float offset, ulong parameter, ulong gradients, float scale) {
  local float scratch[GROUP];
  if (likelihood == GAUSSIAN_LEARNED) {
    learned_terms(arena[parameter], columns, &weight, &offset);
  }
  scale *= weight;
  const size_t row = get_group_id(0);
  global const float *a = arena + logits + row * columns, *x = arena + target + row * columns;
  global float *g = arena + gradients + row * columns;
  vec partial = (vec)(0.0f), gradient;
  for (uint j = get_local_id(0) * WIDTH; j < columns; j += GROUP * WIDTH) {
    const uint left = columns - j;
    partial += keep(pixel_loss(likelihood, load(a + j, left), load(x + j, left), &gradient), left);
    store(scale * gradient, g + j, left);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[loss + row] = fma(weight, total, offset);
}
