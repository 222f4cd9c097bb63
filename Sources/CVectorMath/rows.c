// Whole rows: repeated, summed in groups, scaled.

#include "CVectorMath.h"
#include "vectorize.h"

#include <string.h>

void vm_repeat_rows(
    const float *input, ptrdiff_t count, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns,
    float *output) {
  for (ptrdiff_t row = first_row; row < first_row + rows; row++) {
    memcpy(
        output + row * columns, input + row / count * columns, (size_t)columns * sizeof *output);
  }
}

VM_CLONES void vm_sum_row_groups(
    const float *input, ptrdiff_t count, float scale, ptrdiff_t rows, ptrdiff_t columns,
    float *output) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    const float *from = input + row * count * columns;
    float *to = output + row * columns;
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) to[i] = 0.0f;
    for (ptrdiff_t k = 0; k < count; k++) {
      const float *term = from + k * columns;
      VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) to[i] += term[i];
    }
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) to[i] *= scale;
  }
}

VM_CLONES void vm_scale_rows(
    const float *input, const float *scales, ptrdiff_t rows, ptrdiff_t columns, float *output) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    const float scale = scales[row], *from = input + row * columns;
    float *to = output + row * columns;
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) to[i] = scale * from[i];
  }
}
