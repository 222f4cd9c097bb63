// A minibatch out of a table of 8-bit pixels.

#include "CVectorMath.h"
#include "vectorize.h"

VM_CLONES void vm_gather(
    const uint8_t *pixels, const uint32_t *order, ptrdiff_t rows, ptrdiff_t columns,
    float *output) {
  // 1/255 in two parts: a pixel times the first is exact, so that the sum is the rounded quotient for
  // each of the 256 values, at two operations instead of a division.
  const float high = 0x1.01p-8f, low = 0x1.010102p-24f;
  for (ptrdiff_t row = 0; row < rows; row++) {
    const uint8_t *from = pixels + (order ? (ptrdiff_t)order[row] : row) * columns;
    float *to = output + row * columns;
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) {
      const float pixel = (float)from[i];
      to[i] = pixel * high + pixel * low;
    }
  }
}
