// Adam (Kingma and Ba 2014) with decoupled weight decay (Loshchilov and Hutter 2019):
// m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
// p <- retention p - step m / (correction sqrt(v) + epsilon), where step = rate / (1 - b1^t),
// correction = 1 / sqrt(1 - b2^t) and retention = 1 - rate decay.

#ifndef VAE_OPTIMIZER_H
#define VAE_OPTIMIZER_H

typedef struct {
  float beta1, beta2, epsilon, step, correction, retention;
} Adam;

// x, or 0 where it is subnormal. A moment whose gradient stays zero, as a dark pixel's does, decays into
// the subnormal numbers and never leaves them, and each costs a CPU a trap into microcode.
INLINE vec without_subnormals(vec x) { return fabs(x) < FLT_MIN ? (vec)(0.0f) : x; }

// Parameters and their moments.
typedef struct {
  vec value, mean, square;
} Parameters;

// The `left` parameters from p on, whose moments are at m and v.
INLINE void load_parameters(
    global const float *p, global const float *m, global const float *v, size_t left,
    Parameters *parameters) {
  parameters->value = load(p, left);
  parameters->mean = load(m, left);
  parameters->square = load(v, left);
}

// A step of those that were `known`, into their memory.
INLINE void step_known(
    const Adam *adam, vec gradient, const Parameters *known, global float *p, global float *m,
    global float *v, size_t left) {
  const vec mean = without_subnormals(
      fma((vec)(adam->beta1), known->mean, (1.0f - adam->beta1) * gradient));
  const vec square = without_subnormals(
      fma((vec)(adam->beta2), known->square, (1.0f - adam->beta2) * gradient * gradient));
  const vec scale = fma((vec)(adam->correction), sqrt(square), (vec)(adam->epsilon));
  store(mean, m, left);
  store(square, v, left);
  store(fma((vec)(adam->retention), known->value, -(adam->step * mean / scale)), p, left);
}

INLINE void adam_step(
    const Adam *adam, vec gradient, global float *p, global float *m, global float *v, size_t left) {
  Parameters known;
  load_parameters(p, m, v, left, &known);
  step_known(adam, gradient, &known, p, m, v, left);
}

#endif
