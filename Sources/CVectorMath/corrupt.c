// A batch of images with noise of its own for each example.

#include "normals.h"

VM_CLONES void vm_corrupt(
    int32_t gaussian, float black, float amount, vm_noise noise, const uint32_t *order,
    ptrdiff_t start, ptrdiff_t rows, ptrdiff_t columns, const float *input, float *output) {
  float draws[VM_CHUNK];
  for (ptrdiff_t row = 0; row < rows; row++) {
    noise.step[1] = order ? order[row] : (uint32_t)(start + row);
    for (ptrdiff_t begin = 0; begin < columns; begin += VM_CHUNK) {
      const ptrdiff_t count = columns - begin < VM_CHUNK ? columns - begin : VM_CHUNK;
      const float *from = input + row * columns + begin;
      float *to = output + row * columns + begin;
      if (gaussian) {
        vm_draw_normals(&noise, (uint32_t)(begin / 4), draws);
        VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
          const float noisy = from[i] + amount * draws[i];
          const float lit = noisy < 0.0f ? 0.0f : noisy;
          to[i] = lit > 1.0f ? 1.0f : lit;
        }
      } else {
        vm_draw_uniforms(&noise, (uint32_t)(begin / 4), draws);
        VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
          const float kept = draws[i] < amount ? 1.0f : from[i];
          to[i] = draws[i] < black ? 0.0f : kept;
        }
      }
    }
  }
}
