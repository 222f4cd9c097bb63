// Between an image and the matrix of what a convolution's kernel covers: a row for each coarse pixel, in it
// the kernel's rows one behind the other, each an unbroken run of the image. A line is a row of coarse
// pixels; lines are counted through all images.

#include <string.h>

#include "CVectorMath.h"
#include "vectorize.h"

// Four floats: a kernel's row of one channel, for which a loop or a call costs more than the work.
typedef float vm_four __attribute__((vector_size(16), aligned(4)));

VM_INLINE void vm_copy_run(float *to, const float *from, ptrdiff_t count) {
  if (count == 4) {
    *(vm_four *)to = *(const vm_four *)from;
  } else {
    memcpy(to, from, (size_t)count * sizeof(float));
  }
}

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

// For each kernel's row of each coarse pixel of the lines: `outside`, or `inside`, which knows the part of
// the image from `at` on that is `count` floats long and lies `before` behind the run's beginning. The
// images are `size` floats long.
#define VM_FOR_EACH_RUN(outside, inside)                                                   \
  const ptrdiff_t run = g->kernel * g->depth, width = g->width * g->depth;                 \
  const ptrdiff_t size = g->planes * g->height * width;                                    \
  for (ptrdiff_t line = first_line; line < first_line + lines; line++) {                   \
    const ptrdiff_t image = line / g->coarse_height * size;                                \
    const ptrdiff_t top = line % g->coarse_height * g->stride - g->padding;                \
    for (ptrdiff_t x = 0; x < g->coarse_width; x++) {                                      \
      const ptrdiff_t left = (x * g->stride - g->padding) * g->depth;                      \
      const ptrdiff_t before = vm_within(-left, run);                                      \
      const ptrdiff_t count = run - before - vm_within(left + run - width, run);           \
      for (ptrdiff_t plane = 0; plane < g->planes; plane++) {                              \
        for (ptrdiff_t row = top; row < top + g->kernel; row++, columns += run) {          \
          if (row < 0 || row >= g->height) {                                               \
            outside;                                                                       \
          } else {                                                                         \
            const ptrdiff_t at = image + (plane * g->height + row) * width + left + before;  \
            inside;                                                                        \
          }                                                                                \
        }                                                                                  \
      }                                                                                    \
    }                                                                                      \
  }

VM_INLINE void vm_pad_run(float *to, const float *from, ptrdiff_t before, ptrdiff_t count, ptrdiff_t run) {
  if (count < run) {
    for (ptrdiff_t i = 0; i < before; i++) to[i] = 0.0f;
    for (ptrdiff_t i = before + count; i < run; i++) to[i] = 0.0f;
  }
  vm_copy_run(to + before, from, count);
}

VM_CLONES void vm_unfold(
    const vm_convolution *g, const float *images, ptrdiff_t first_line, ptrdiff_t lines, float *columns) {
  VM_FOR_EACH_RUN(
      memset(columns, 0, (size_t)run * sizeof(float)),
      vm_pad_run(columns, images + at, before, count, run))
}

VM_CLONES void vm_fold(
    const vm_convolution *g, const float *columns, ptrdiff_t first_line, ptrdiff_t lines, float *images) {
  VM_FOR_EACH_RUN((void)0, vm_add_run(images + at, columns + before, count))
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
