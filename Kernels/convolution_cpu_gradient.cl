// The gradient of a convolution's weights on a CPU, a slice of the examples at a time:
// dW (K×N) = X's patches turned (K×pixels) D (pixels×N).
//
// A work-item is a work-group and computes a STRIP of dW's rows from one slice.

#include "convolution_cpu.h"

#define PATCHES 128

DEFINE_MULTIPLY(multiply_patches, local, global)
DEFINE_MULTIPLY(multiply_patches_tail, local, local)

// A tile of the sums over `depth` pixels, added to those of the pixels before.
INLINE void patches_tile(
    local const float *strip, global const float *d, local const float *panel, uint n, uint first,
    uint depth, uint rows, bool begin, global float *sums) {
  local const float *lines[ROWS];
  _Pragma("unroll") for (uint r = 0; r < ROWS; r++) lines[r] = strip + r;
  vec tile[ROWS][2];
  clear(tile);
  if (first + COLUMNS <= n) {
    multiply_patches(lines, STRIP, d + first, n, depth, tile);
  } else {
    multiply_patches_tail(lines, STRIP, panel, COLUMNS, depth, tile);
  }
  for (uint r = 0; r < rows; r++) {
    for (uint v = 0; v < 2 && first + v * WIDTH < n; v++) {
      const uint column = first + v * WIDTH, left = n - column;
      global float *p = sums + r * (size_t)n + column;
      store(begin ? tile[r][v] : load(p, left) + tile[r][v], p, left);
    }
  }
}

kernel void convolution_slices(
    global float *arena, ulong x, ulong d, ulong partials, ulong pitch, uint slices, uint4 fine,
    uint4 coarse, uint4 steps) {
  local float strip[PATCHES * STRIP], panel[PATCHES * COLUMNS];
  Geometry g;
  unpack(fine, coarse, steps, &g);
  const uint pixels = coarse_pixels(&g), k = patch(&g), n = g.channels;
  const uint top = get_group_id(0) * STRIP, rows = min((uint)STRIP, k - top);
  const ulong slice = get_group_id(1);
  const uint end = g.rows * (slice + 1) / slices * pixels, tail = n / COLUMNS * COLUMNS;
  const uint begin = g.rows * slice / slices * pixels;
  global float *sums = arena + partials + slice * pitch + top * (size_t)n;
  uint start = begin;
  // Without an example the sums are zero.
  do {
    const uint depth = min((uint)PATCHES, end - start);
    global const float *gradient = arena + d + start * (size_t)n;
    if (tail < n) pack(gradient, n, tail, depth, panel);
    for (uint l = 0; l < depth; l++) {
      local float *line = strip + l * STRIP;
      copy_patch(arena + x, &g, start + l, top, rows, line);
      for (uint i = rows; i < STRIP; i++) line[i] = 0.0f;
    }
    for (uint first = 0; first < n; first += COLUMNS) {
      for (uint i = 0; i < rows; i += ROWS) {
        patches_tile(
            strip + i, gradient, panel, n, first, depth, min((uint)ROWS, rows - i), start == begin,
            sums + i * (size_t)n);
      }
    }
    start += PATCHES;
  } while (start < end);
}
