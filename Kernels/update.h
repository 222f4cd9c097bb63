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
INLINE void find_layer(
    global const ulong8 *layers, uint count, uint *group, Layer *layer) {
  uint at = 0;
  while (at + 1 < count && *group >= layers[at + 1].s7) at++;
  const ulong8 row = layers[at];
  *group -= row.s7;
  layer->x = row.s0;
  layer->d = row.s1;
  layer->dw = row.s2;
  layer->db = row.s3;
  layer->m = row.s4;
  layer->k = row.s5;
  layer->n = row.s6;
}

// Whether a gradient is kept or given to Adam, and where its parameters and their moments then are,
// counted from the gradient's own place.
typedef struct {
  bool adam;
  Adam rate;
  long to_parameters, to_first, to_second;
} Update;

// What Adam must know of the parameters whose gradient is to be at g.
INLINE void recall(const Update *update, global const float *g, size_t left, Parameters *known) {
  if (update->adam) {
    load_parameters(
        g + update->to_parameters, g + update->to_first, g + update->to_second, left, known);
  }
}

// What becomes of the gradient, whose parameters are known.
INLINE void finish_known(
    const Update *update, vec gradient, const Parameters *known, global float *g, size_t left) {
  if (update->adam) {
    step_known(
        &update->rate, gradient, known, g + update->to_parameters, g + update->to_first,
        g + update->to_second, left);
  } else {
    store(gradient, g, left);
  }
}

INLINE void finish(const Update *update, vec gradient, global float *g, size_t left) {
  Parameters known;
  recall(update, g, left, &known);
  finish_known(update, gradient, &known, g, left);
}

#endif
