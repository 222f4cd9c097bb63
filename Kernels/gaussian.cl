// The diagonal Gaussian's loss of each example from M×2D outputs, a and then s, and pixels x, M×D; one
// work-group a row:
//
// sum over D of (ln 2 pi + v + q) / 2 with q = (y - x)^2 exp(-v), y = 1 / (1 + exp(-a)), v by gaussian.h,
// and `scale` times its gradient: (y - x) y (1 - y) exp(-v), and (1 - q) v'(s) / 2.
//
// And the gradient of one variance for all pixels.

#include "vector.h"
#include "reduction.h"
#include "gaussian.h"

// v + q, and the derivatives of half of it.
INLINE vec gaussian_term(vec a, vec s, vec x, vec *d_logit, vec *d_parameter) {
  const vec e = exp(-fabs(a));
  const vec inverse = 1.0f / (1.0f + e);
  const vec difference = (a < 0.0f ? e * inverse : inverse) - x;
  const vec v = log_variance(s);
  const vec precision = exp(-v);
  const vec excess = difference * difference * precision;
  *d_logit = difference * (e * inverse * inverse) * precision;
  *d_parameter = 0.5f * (1.0f - excess) * log_variance_slope(s);
  return v + excess;
}

kernel void diagonal_gaussian(
    global float *arena, ulong logits, ulong target, ulong loss, uint columns) {
  local float scratch[GROUP];
  const size_t row = get_group_id(0);
  global const float *a = arena + logits + 2 * row * columns, *s = a + columns;
  global const float *x = arena + target + row * columns;
  vec partial = (vec)(0.0f), ignored;
  for (uint j = get_local_id(0) * WIDTH; j < columns; j += GROUP * WIDTH) {
    const uint left = columns - j;
    partial += keep(
        gaussian_term(load(a + j, left), load(s + j, left), load(x + j, left), &ignored, &ignored),
        left);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[loss + row] = 0.5f * fma((float)columns, LN_2PI, total);
}

// The gradient may be the logits' own memory.
kernel void diagonal_gaussian_gradient(
    global float *arena, ulong logits, ulong target, ulong loss, uint columns, ulong gradient,
    float scale) {
  local float scratch[GROUP];
  const size_t row = get_group_id(0);
  global const float *a = arena + logits + 2 * row * columns, *s = a + columns;
  global const float *x = arena + target + row * columns;
  global float *d_a = arena + gradient + 2 * row * columns, *d_s = d_a + columns;
  vec partial = (vec)(0.0f), d_logit, d_parameter;
  for (uint j = get_local_id(0) * WIDTH; j < columns; j += GROUP * WIDTH) {
    const uint left = columns - j;
    partial += keep(
        gaussian_term(
            load(a + j, left), load(s + j, left), load(x + j, left), &d_logit, &d_parameter),
        left);
    store(scale * d_logit, d_a + j, left);
    store(scale * d_parameter, d_s + j, left);
  }
  const float total = group_sum(partial, scratch);
  if (get_local_id(0) == 0) arena[loss + row] = 0.5f * fma((float)columns, LN_2PI, total);
}

// scale v'(s) sum of (D / 2 + D (ln 2 pi + v) / 2 - loss) over a batch's losses, by one work-group.
kernel void variance_gradient(
    global float *arena, ulong losses, ulong parameter, ulong gradient, uint count, float pixels,
    float scale) {
  local float scratch[GROUP];
  const vec s = (vec)(arena[parameter]);
  const vec expected = 0.5f * pixels * (1.0f + (LN_2PI + log_variance(s)));
  vec partial = (vec)(0.0f);
  for (uint j = get_local_id(0) * WIDTH; j < count; j += GROUP * WIDTH) {
    const uint left = count - j;
    partial += keep(expected - load(arena + losses + j, left), left);
  }
  const float total = group_sum(partial, scratch);
  float slopes[WIDTH];
  write(log_variance_slope(s), slopes);
  if (get_local_id(0) == 0) arena[gradient] = scale * slopes[0] * total;
}
