// A convolution's images and the matrices between them.

#include <string.h>

#include "CVectorMath.h"
#include "vectorize.h"

// Four floats: a kernel's row of one channel, for which a loop costs more than the work.
typedef float vm_four __attribute__((vector_size(16), aligned(4)));

VM_INLINE void vm_add_run(float *to, const float *from, ptrdiff_t count) {
  if (count == 4) {
    *(vm_four *)to += *(const vm_four *)from;
  } else {
    VM_LOOP for (ptrdiff_t i = 0; i < count; i++) to[i] += from[i];
  }
}

VM_INLINE ptrdiff_t vm_within(ptrdiff_t value, ptrdiff_t limit) {
  return value < 0 ? 0 : value > limit ? limit : value;
}

// A kernel's row is an unbroken run of the columns and, where it is inside, of the image. Pixels whose
// kernels overlap within a row wait for the next pass: an addition to what has just been stored in part waits
// for the store.
VM_CLONES void vm_fold(
    const vm_convolution *g, const float *columns, ptrdiff_t image_count, float *images) {
  const ptrdiff_t run = g->kernel * g->depth, width = g->width * g->depth;
  const ptrdiff_t patch = g->planes * g->kernel * run, passes = (g->kernel - 1) / g->stride + 1;
  for (ptrdiff_t line = 0; line < image_count * g->coarse_height; line++) {
    float *image = images + line / g->coarse_height * g->planes * g->height * width;
    const ptrdiff_t top = line % g->coarse_height * g->stride - g->padding;
    for (ptrdiff_t pass = 0; pass < passes; pass++) {
      for (ptrdiff_t x = pass; x < g->coarse_width; x += passes) {
        const float *from = columns + (line * g->coarse_width + x) * patch;
        const ptrdiff_t left = (x * g->stride - g->padding) * g->depth;
        const ptrdiff_t before = vm_within(-left, run);
        const ptrdiff_t count = run - before - vm_within(left + run - width, run);
        float *to = image + left + before;
        for (ptrdiff_t plane = 0; plane < g->planes; plane++, to += g->height * width) {
          for (ptrdiff_t row = top; row < top + g->kernel; row++, from += run) {
            if (row >= 0 && row < g->height) vm_add_run(to + row * width, from + before, count);
          }
        }
      }
    }
  }
}

VM_CLONES void vm_fill_channels(
    const float *bias, ptrdiff_t planes, ptrdiff_t pixels, ptrdiff_t depth, float *image) {
  for (ptrdiff_t plane = 0; plane < planes; plane++, image += pixels * depth) {
    const float *values = bias + plane * depth;
    if (depth == 1) {
      VM_LOOP for (ptrdiff_t i = 0; i < pixels; i++) image[i] = values[0];
    } else {
      for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        memcpy(image + pixel * depth, values, (size_t)depth * sizeof(float));
      }
    }
  }
}
