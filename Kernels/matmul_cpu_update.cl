// A dense layer's gradient with respect to its parameters on a CPU, kept or given to Adam while it is in
// registers.
//
// A work-item is a work-group and computes `block` rows of dW, a STRIP of them at a time and tile by tile
// along it, so that the weights and their moments stream past in the order of their addresses. Columns beyond
// the last are read, from what lies next in the arena, and never stored.

#include "matmul_cpu_tile.h"
#include "update.h"

// How many examples at a time: the strip takes 16 KiB where vectors have 16 floats, 24 where they have 8.
#define EXAMPLES 256

DEFINE_MULTIPLY(multiply, local, global)

// strip[l][i] = element (l, top + i) of X, zero beyond its columns.
INLINE void pack_strip(
    global const float *x, uint k, uint top, uint depth, local float *strip) {
  for (uint l = 0; l < depth; l++) {
    for (uint i = 0; i < STRIP; i += WIDTH) {
      const vec piece = top + i < k ? load(x + top + i, k - top - i) : (vec)(0.0f);
      AT(local, strip + i) = piece;
    }
    x += k;
    strip += STRIP;
  }
}

// Rows `row` and the ROWS - 1 behind it of the gradient's columns first..., from `depth` examples.
INLINE void gradient_tile(
    global float *arena, const Layer *layer, uint row, uint first, uint depth, bool begin, bool end,
    const Update *update, local const float *strip, global const float *d) {
  local const float *lines[ROWS];
  _Pragma("unroll") for (uint r = 0; r < ROWS; r++) lines[r] = strip + r;
  vec tile[ROWS][2];
  clear(tile);
  multiply(lines, STRIP, d + first, layer->n, depth, tile);
  for (uint r = 0; r < min((uint)ROWS, layer->k - row); r++) {
    for (uint v = 0; v < 2 && first + v * WIDTH < layer->n; v++) {
      const uint column = first + v * WIDTH, left = layer->n - column;
      global float *g = arena + layer->dw + (row + r) * (size_t)layer->n + column;
      const vec value = begin ? tile[r][v] : load(g, left) + tile[r][v];
      if (end) {
        finish(update, value, g, left);
      } else {
        store(value, g, left);
      }
    }
  }
}

// Rows top...bottom of the gradient. What of it has been summed when further examples follow waits in
// the gradient's own memory.
INLINE void weight_gradient(
    global float *arena, const Layer *layer, uint top, uint bottom, const Update *update,
    local float *strip) {
  uint start = 0;
  do {
    const uint depth = min((uint)EXAMPLES, layer->m - start);
    const bool end = start + depth == layer->m;
    global const float *d = arena + layer->d + start * (size_t)layer->n;
    for (uint i = top; i < bottom; i += STRIP) {
      pack_strip(arena + layer->x + start * (size_t)layer->k, layer->k, i, depth, strip);
      for (uint first = 0; first < layer->n; first += COLUMNS) {
        for (uint row = i; row < min(i + STRIP, layer->k); row += ROWS) {
          gradient_tile(arena, layer, row, first, depth, start == 0, end, update, strip + row - i, d);
        }
      }
    }
    start += EXAMPLES;
  } while (start < layer->m);
}

INLINE void bias_gradient(global float *arena, const Layer *layer, const Update *update) {
  for (uint j = 0; j < layer->n; j += WIDTH) {
    const uint left = layer->n - j;
    vec total = (vec)(0.0f);
    for (uint i = 0; i < layer->m; i++) {
      total += load(arena + layer->d + i * (size_t)layer->n + j, left);
    }
    finish(update, total, arena + layer->db + j, left);
  }
}

kernel void dense_parameter_gradient(
    global float *arena, ulong x, ulong d, ulong dw, ulong db, uint m, uint k, uint n,
    uint block) {
  local float strip[EXAMPLES * STRIP];
  const Layer layer = {x, d, dw, db, m, k, n};
  const uint top = get_group_id(0) * block;
  const Update kept = {false};
  weight_gradient(arena, &layer, top, min(top + block, k), &kept, strip);
  if (top == 0) bias_gradient(arena, &layer, &kept);
}

// The same for several layers, with Adam's step.
kernel void dense_update(
    global float *arena, global const ulong8 *layers, uint count, uint block, long to_parameters,
    long to_first, long to_second, float beta1, float beta2, float epsilon, float step,
    float correction, float retention) {
  local float strip[EXAMPLES * STRIP];
  const Update update = {
      true, {beta1, beta2, epsilon, step, correction, retention}, to_parameters, to_first, to_second};
  uint group = get_group_id(0);
  Layer layer;
  find_layer(layers, count, &group, &layer);
  const uint top = group * block;
  weight_gradient(arena, &layer, top, min(top + block, layer.k), &update, strip);
  if (top == 0) bias_gradient(arena, &layer, &update);
}
