// Convolutions on a GPU, each as a product of matrices that are never laid out:
//
// convolution:            Y (pixels×N) = X's patches (pixels×K) W (K×N), then the epilogue
// transposed_convolution: the fine pixels of each phase (pixels×C) = the coarse pixels that reach them
//                         (pixels×taps·N) W's taps turned (taps·N×C), then the epilogue
// convolution_slices:     a slice of dW (K×N) = X's patches turned (K×pixels) D (pixels×N)
//
// A work-group computes a SQUARE×SQUARE tile of the output, a work-item a PIECE×PIECE piece of it.

#include "vector.h"
#include "activation.h"
#include "convolution.h"
#include "convolution_gpu.h"

// Value k of the patch of a coarse pixel.
static inline float patch_value(global const float *x, const Geometry *g, uint pixel, uint k) {
  const uint run = g->size * g->depth, line = k / run, within = k % run;
  const uint pixels = coarse_pixels(g), at = pixel % pixels;
  const int row = (int)(at / g->coarse_width * g->stride + line % g->size) - (int)g->padding;
  const int column =
      (int)(at % g->coarse_width * g->stride + within / g->depth) - (int)g->padding;
  if (row < 0 || row >= (int)g->height || column < 0 || column >= (int)g->width) return 0.0f;
  const size_t place = (line / g->size * g->height + row) * (size_t)g->width + column;
  return x[pixel / pixels * (size_t)fine_count(g) + place * g->depth + within % g->depth];
}

// Channel l % N of the coarse pixel that reaches a fine one by the phase's tap l / N.
static inline float source_value(
    global const float *y, const Geometry *g, const Phase *phase, uint number, uint l) {
  Place place;
  size_t pixel;
  find_place(phase, number, &place);
  if (!find_source(g, phase, &place, l / g->channels, &pixel)) return 0.0f;
  return y[pixel * g->channels + l % g->channels];
}

static inline float finish_sum(
    global const float *arena, const Epilogue *epilogue, float sum, uint channel, size_t at) {
  const int f = epilogue->activation;
  if (!epilogue->backward) return activate(f, sum + arena[epilogue->extra + channel]);
  // Without a nonlinearity there is no s to read.
  return f == IDENTITY ? sum : sum * derivative(f, arena[epilogue->extra + at]);
}

kernel void convolution(
    global float *arena, ulong x, ulong w, ulong y, ulong extra, uint4 fine, uint4 coarse, uint4 steps,
    int activation, int backward) {
  local float a_part[TURN * SQUARE_PITCH], b_part[TURN * SQUARE_PITCH];
  Geometry g;
  unpack(fine, coarse, steps, &g);
  const Epilogue epilogue = {extra, activation, backward};
  const uint m = g.rows * coarse_pixels(&g), n = g.channels, depth = patch(&g);
  const uint row = get_group_id(0) * SQUARE, column = get_group_id(1) * SQUARE;
  float sums[PIECE][PIECE];
  MULTIPLY(
      sums, 0, depth, ALONG_DEPTH, row + i < m, patch_value(arena + x, &g, row + i, l),
      ALONG_TILE, column + i < n, arena[w + l * (size_t)n + column + i])
  FOR_EACH_ELEMENT(row, column, m, n,
      arena[y + i * (size_t)n + j] = finish_sum(arena, &epilogue, sum, j, i * (size_t)n + j))
}

kernel void transposed_convolution(
    global float *arena, ulong y, ulong w, ulong x, ulong extra, uint4 fine, uint4 coarse, uint4 steps,
    int activation, int backward) {
  local float a_part[TURN * SQUARE_PITCH], b_part[TURN * SQUARE_PITCH];
  Geometry g;
  unpack(fine, coarse, steps, &g);
  const Epilogue epilogue = {extra, activation, backward};
  const uint n = g.channels, channels = g.planes * g.depth;
  Phase phase;
  find_phase(&g, get_group_id(2), &phase);
  const uint m = g.rows * phase.height * phase.width, depth = phase.rows * phase.columns * n;
  const uint row = get_group_id(0) * SQUARE, column = get_group_id(1) * SQUARE;
  float sums[PIECE][PIECE];
  MULTIPLY(
      sums, 0, depth, ALONG_DEPTH, row + i < m, source_value(arena + y, &g, &phase, row + i, l),
      ALONG_DEPTH, column + i < channels,
      arena[w + (tap_row(&g, &phase, l / n) + (column + i) * (size_t)tap_pitch(&g)) * n + l % n])
  const uint pitch = channel_pitch(&g);
  FOR_EACH_ELEMENT(row, column, m, channels, {
    Place place;
    find_place(&phase, i, &place);
    const size_t at = fine_index(&g, &phase, &place) + j * (size_t)pitch;
    arena[x + at] = finish_sum(arena, &epilogue, sum, j, at);
  })
}

kernel void convolution_slices(
    global float *arena, ulong x, ulong d, ulong partials, ulong pitch, uint slices, uint4 fine,
    uint4 coarse, uint4 steps) {
  local float a_part[TURN * SQUARE_PITCH], b_part[TURN * SQUARE_PITCH];
  Geometry g;
  unpack(fine, coarse, steps, &g);
  const uint pixels = coarse_pixels(&g), k = patch(&g), n = g.channels;
  const uint row = get_group_id(0) * SQUARE, column = get_group_id(1) * SQUARE;
  const uint slice = get_group_id(2);
  const uint begin = (ulong)g.rows * slice / slices * pixels;
  const uint end = (ulong)g.rows * (slice + 1) / slices * pixels;
  float sums[PIECE][PIECE];
  MULTIPLY(
      sums, begin, end, ALONG_TILE, row + i < k, patch_value(arena + x, &g, l, row + i),
      ALONG_TILE, column + i < n, arena[d + l * (size_t)n + column + i])
  FOR_EACH_ELEMENT(
      row, column, k, n, arena[partials + slice * pitch + i * (size_t)n + j] = sum)
}
