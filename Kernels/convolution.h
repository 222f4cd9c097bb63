// The geometry of a convolution: Backend.ConvolutionGeometry. A fine image has `planes` planes of
// height × width pixels of `depth` values, a coarse one coarse_height × coarse_width pixels of `channels`
// values; a kernel of size × size values moves by `stride` over a fine image with `padding` zeros around.

#ifndef VAE_CONVOLUTION_H
#define VAE_CONVOLUTION_H

typedef struct {
  uint planes, height, width, depth;
  uint coarse_height, coarse_width, channels, rows;
  uint size, stride, padding;
} Geometry;

INLINE void unpack(uint4 fine, uint4 coarse, uint4 steps, Geometry *g) {
  g->planes = fine.s0;
  g->height = fine.s1;
  g->width = fine.s2;
  g->depth = fine.s3;
  g->coarse_height = coarse.s0;
  g->coarse_width = coarse.s1;
  g->channels = coarse.s2;
  g->rows = coarse.s3;
  g->size = steps.s0;
  g->stride = steps.s1;
  g->padding = steps.s2;
}

INLINE uint fine_count(const Geometry *g) { return g->planes * g->height * g->width * g->depth; }
INLINE uint coarse_pixels(const Geometry *g) { return g->coarse_height * g->coarse_width; }
// Values that a kernel covers: the weights' rows.
INLINE uint patch(const Geometry *g) { return g->planes * g->size * g->size * g->depth; }

// The fine pixels (row + s·i, column + s·j) for a stride of s: the same taps of the kernel reach all of
// them, every s-th one from (tap_row, tap_column) on, which is `rows` × `columns` of them. The first comes
// from the coarse pixel (i + shift_row, j + shift_column), the next from the one before that.
typedef struct {
  uint row, column, height, width;
  uint tap_row, tap_column, rows, columns, shift_row, shift_column;
} Phase;

INLINE void find_phase(const Geometry *g, uint number, Phase *phase) {
  const uint s = g->stride;
  phase->row = number / s;
  phase->column = number % s;
  phase->height = phase->row < g->height ? (g->height - phase->row + s - 1) / s : 0;
  phase->width = phase->column < g->width ? (g->width - phase->column + s - 1) / s : 0;
  phase->tap_row = (phase->row + g->padding) % s;
  phase->tap_column = (phase->column + g->padding) % s;
  phase->rows = phase->tap_row < g->size ? (g->size - phase->tap_row + s - 1) / s : 0;
  phase->columns = phase->tap_column < g->size ? (g->size - phase->tap_column + s - 1) / s : 0;
  phase->shift_row = (phase->row + g->padding - phase->tap_row) / s;
  phase->shift_column = (phase->column + g->padding - phase->tap_column) / s;
}

// A pixel of a phase, counted through all images.
typedef struct {
  uint image;
  int row, column;
} Place;

INLINE void find_place(const Phase *phase, uint number, Place *place) {
  const uint pixels = phase->height * phase->width;
  place->image = number / pixels;
  place->row = number % pixels / phase->width;
  place->column = number % phase->width;
}

// Where the values of the pixel begin.
INLINE size_t fine_index(const Geometry *g, const Phase *phase, const Place *place) {
  const size_t row = phase->row + place->row * g->stride;
  const size_t column = phase->column + place->column * g->stride;
  return place->image * (size_t)fine_count(g) + (row * g->width + column) * g->depth;
}

// From one channel of a fine pixel to the next.
INLINE uint channel_pitch(const Geometry *g) { return g->planes > 1 ? g->height * g->width : 1; }

// The row of the weights at a phase's tap for fine channel 0, and from one channel's to the next's.
INLINE uint tap_row(const Geometry *g, const Phase *phase, uint tap) {
  const uint i = phase->tap_row + tap / phase->columns * g->stride;
  const uint j = phase->tap_column + tap % phase->columns * g->stride;
  return (i * g->size + j) * g->depth;
}
INLINE uint tap_pitch(const Geometry *g) { return g->planes > 1 ? g->size * g->size : 1; }

// The coarse pixel that reaches a place by a tap; whether there is one.
INLINE bool find_source(const Geometry *g, const Phase *phase, const Place *place, uint tap, size_t *pixel) {
  const int row = place->row + (int)phase->shift_row - (int)(tap / phase->columns);
  const int column = place->column + (int)phase->shift_column - (int)(tap % phase->columns);
  const int height = g->coarse_height, width = g->coarse_width;
  *pixel = place->image * (size_t)coarse_pixels(g) + row * width + column;
  return row >= 0 && row < height && column >= 0 && column < width;
}

// What follows the sums: f(sum + b) forward, b at `extra`; sum · f'(s) backward, s at `extra`.
typedef struct {
  ulong extra;
  int activation, backward;
} Epilogue;

#endif
