// Convolutions on a CPU, each as a product of matrices of which the left one is never laid out whole:
//
// convolution:            Y (pixels×N) = X's patches (pixels×K) W (K×N), then the epilogue
// transposed_convolution: the fine pixels of each phase (pixels×C) = the coarse pixels that reach them
//                         (pixels×taps·N) W's taps turned (taps·N×C), then the epilogue
//
// A work-item is a work-group and computes `block` pixels of COLUMNS channels, as matmul_cpu.cl does; what
// ROWS pixels see is copied into a strip, run by run.

#include "convolution_cpu.h"

kernel void convolution(
    global float *arena, ulong x, ulong w, ulong y, ulong extra, uint4 fine, uint4 coarse, uint4 steps,
    int activation, int backward, uint block) {
  local float panel[CHUNK * COLUMNS], strip[ROWS * CHUNK];
  Geometry g;
  unpack(fine, coarse, steps, &g);
  const Epilogue epilogue = {extra, activation, backward};
  const uint m = g.rows * coarse_pixels(&g), k = patch(&g), n = g.channels;
  const uint top = get_group_id(0) * block, first = get_group_id(1) * COLUMNS;
  for (uint start = 0; start < k; start += CHUNK) {
    const uint depth = min((uint)CHUNK, k - start);
    pack(arena + w + start * (size_t)n, n, first, depth, panel);
    for (uint row = top; row < min(top + block, m); row += ROWS) {
      size_t places[ROWS];
      for (uint r = 0; r < ROWS; r++) {
        const uint pixel = min(row + r, m - 1);
        places[r] = pixel * (size_t)n;
        copy_patch(arena + x, &g, pixel, start, depth, strip + r * CHUNK);
      }
      vec tile[ROWS][2];
      multiply_panel(strip, panel, depth, tile);
      put_tile(
          arena, y, places, 1, min((uint)ROWS, m - row), first, n, start == 0, start + depth == k,
          &epilogue, tile);
    }
  }
}

kernel void transposed_convolution(
    global float *arena, ulong y, ulong w, ulong x, ulong extra, uint4 fine, uint4 coarse, uint4 steps,
    int activation, int backward, uint block) {
  local float panel[CHUNK * COLUMNS], strip[ROWS * CHUNK];
  Geometry g;
  unpack(fine, coarse, steps, &g);
  const Epilogue epilogue = {extra, activation, backward};
  const uint n = g.channels, channels = g.planes * g.depth;
  Phase phase;
  find_phase(&g, get_group_id(2), &phase);
  const uint m = g.rows * phase.height * phase.width, k = phase.rows * phase.columns * n;
  const uint top = get_group_id(0) * block, first = get_group_id(1) * COLUMNS;
  uint start = 0;
  // A phase without a tap is finished too.
  do {
    const uint depth = min((uint)CHUNK, k - start);
    for (uint l = 0, count; l < depth; l += count) {
      const uint tap = (start + l) / n, channel = (start + l) % n;
      count = min(n - channel, depth - l);
      pack_transposed(
          arena + w + tap_row(&g, &phase, tap) * (size_t)n + channel, channels,
          tap_pitch(&g) * (size_t)n, first, count, panel + l * COLUMNS);
    }
    for (uint row = top; row < min(top + block, m); row += ROWS) {
      size_t places[ROWS];
      for (uint r = 0; r < ROWS; r++) {
        Place place;
        find_place(&phase, min(row + r, m - 1), &place);
        places[r] = fine_index(&g, &phase, &place);
        for (uint l = 0, count; l < depth; l += count) {
          const uint channel = (start + l) % n;
          count = min(n - channel, depth - l);
          size_t pixel;
          const bool inside = find_source(&g, &phase, &place, (start + l) / n, &pixel);
          copy_run(
              arena + y + (inside ? pixel * n : 0), channel, inside ? n : 0, count,
              strip + r * CHUNK + l);
        }
      }
      vec tile[ROWS][2];
      multiply_panel(strip, panel, depth, tile);
      put_tile(
          arena, x, places, channel_pitch(&g), min((uint)ROWS, m - row), first, channels, start == 0,
          start + depth == k, &epilogue, tile);
    }
    start += CHUNK;
  } while (start < k);
}
