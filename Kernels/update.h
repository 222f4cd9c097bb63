// The gradient of dense layers with respect to their parameters, and what becomes of it.

#ifndef VAE_UPDATE_H
#define VAE_UPDATE_H

#include "optimizer.h"

// dW (K×N) = X^T (K×M) D (M×N), db = column sums of D.
typedef struct {
  ulong x, d, dw, db;
  uint m, k, n;
} Layer;

// The layer that a work-group works on. A row of `layers` is x, d, dw, db, m, k, n and the number of
// groups before the layer's own; `group` becomes the number among these.
INLINE Layer find_layer(global const ulong8 *layers, uint count, uint *group) {
  uint at = 0;
  while (at + 1 < count && *group >= layers[at + 1].s7) at++;
  const ulong8 row = layers[at];
  *group -= row.s7;
  const Layer layer = {row.s0, row.s1, row.s2, row.s3, row.s4, row.s5, row.s6};
  return layer;
}

// Whether a gradient is kept or given to Adam, and where its parameters and their moments then are,
// counted from the gradient's own place.
typedef struct {
  bool adam;
  Adam rate;
  long to_parameters, to_first, to_second;
} Update;

// What Adam must know of the parameters whose gradient is to be at g.
INLINE Parameters recall(Update update, global const float *g, size_t left) {
  Parameters none = {(vec)(0.0f), (vec)(0.0f), (vec)(0.0f)};
  return update.adam
      ? load_parameters(
            g + update.to_parameters, g + update.to_first, g + update.to_second, left)
      : none;
}

INLINE void finish(
    Update update, vec gradient, Parameters known, global float *g, size_t left) {
  if (update.adam) {
    adam_step(
        update.rate, gradient, known, g + update.to_parameters, g + update.to_first,
        g + update.to_second, left);
  } else {
    store(gradient, g, left);
  }
}

#endif
