// Pieces of a convolution's product on a CPU.

#ifndef VAE_CONVOLUTION_CPU_H
#define VAE_CONVOLUTION_CPU_H

#include "matmul_cpu_tile.h"
#include "activation.h"
#include "convolution.h"

// How much of the contraction is done at a time.
#define CHUNK 128

DEFINE_MULTIPLY(multiply_strip, local, local)

// to[e] = line[from + e], zero outside a line of `width` floats.
INLINE void copy_run(
    global const float *line, int from, uint width, uint count, local float *to) {
  uint e = 0;
  if (from >= 0 && from + count <= width) {
    for (; e + WIDTH <= count; e += WIDTH) AT(local, to + e) = AT(global const, line + from + e);
  }
  for (; e < count; e++) {
    const int at = from + (int)e;
    to[e] = at >= 0 && at < (int)width ? line[at] : 0.0f;
  }
}

// What of a pixel's patch lies between `start` and `start` + `depth`.
INLINE void copy_patch(
    global const float *x, const Geometry *g, uint pixel, uint start, uint depth, local float *to) {
  const uint pixels = coarse_pixels(g), at = pixel % pixels;
  const uint run = g->size * g->depth, width = g->width * g->depth;
  const int top = (int)(at / g->coarse_width * g->stride) - (int)g->padding;
  const int left = ((int)(at % g->coarse_width * g->stride) - (int)g->padding) * (int)g->depth;
  x += pixel / pixels * (size_t)fine_count(g);
  for (uint l = 0; l < depth;) {
    const uint line = (start + l) / run, within = (start + l) % run;
    const uint count = min(run - within, depth - l);
    const int row = top + (int)(line % g->size);
    const bool inside = row >= 0 && row < (int)g->height;
    const size_t from = inside ? (line / g->size * g->height + row) * (size_t)width : 0;
    copy_run(x + from, left + (int)within, inside ? width : 0, count, to + l);
    l += count;
  }
}

// A strip of ROWS rows, CHUNK apart, times a panel.
INLINE void multiply_panel(
    local const float *strip, local const float *panel, uint depth, vec tile[ROWS][2]) {
  local const float *lines[ROWS];
  _Pragma("unroll") for (uint r = 0; r < ROWS; r++) lines[r] = strip + r * CHUNK;
  clear(tile);
  multiply_strip(lines, 1, panel, COLUMNS, depth, tile);
}

// Adds a tile's first `rows` rows to what earlier turns left of them, and finishes them at the end. Channel
// c of row r is at places[r] + c * pitch of the output, and of s.
INLINE void put_tile(
    global float *arena, ulong output, const size_t places[ROWS], size_t pitch, uint rows, uint first,
    uint channels, bool begin, bool end, const Epilogue *epilogue, vec tile[ROWS][2]) {
  for (uint v = 0; v < 2 && first + v * WIDTH < channels; v++) {
    const uint channel = first + v * WIDTH, left = channels - channel;
    for (uint r = 0; r < rows; r++) {
      const size_t at = places[r] + channel * pitch;
      global float *p = arena + output + at;
      vec value = begin ? tile[r][v] : load_apart(p, pitch, left) + tile[r][v];
      if (end && !epilogue->backward) {
        value = activate(epilogue->activation, value + load(arena + epilogue->extra + channel, left));
      } else if (end && epilogue->activation != IDENTITY) {
        // Without a nonlinearity there is no s to read.
        value *= derivative(
            epilogue->activation, load_apart(arena + epilogue->extra + at, pitch, left));
      }
      store_apart(value, p, pitch, left);
    }
  }
}

#endif
