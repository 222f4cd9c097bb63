// Sums along a matrix's rows and columns, in an order that the shape alone decides.

#include "CVectorMath.h"
#include "vectorize.h"

VM_CLONES void vm_sum_columns(
    const float *x, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, float *sums) {
  // Four rows at a time: a quarter of the passes over the sums, and a shorter chain of roundings.
  ptrdiff_t row = 0;
  VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) sums[i] = 0.0f;
  for (; row + 4 <= rows; row += 4) {
    const float *block = x + row * stride;
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) {
      sums[i] += (block[i] + block[stride + i]) + (block[2 * stride + i] + block[3 * stride + i]);
    }
  }
  for (; row < rows; row++) {
    const float *last = x + row * stride;
    VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) sums[i] += last[i];
  }
}

VM_CLONES void vm_sum_rows(
    const float *x, ptrdiff_t rows, ptrdiff_t columns, float *sums) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    const float *from = x + row * columns;
    double total = 0.0;
    for (ptrdiff_t begin = 0; begin < columns; begin += VM_SUM_BLOCK) {
      const ptrdiff_t end = columns - begin < VM_SUM_BLOCK ? columns : begin + VM_SUM_BLOCK;
      float sum = 0.0f;
      VM_LOOP for (ptrdiff_t i = begin; i < end; i++) {
#pragma clang fp reassociate(on)
        sum += from[i];
      }
      total += (double)sum;
    }
    sums[row] = (float)total;
  }
}

VM_CLONES float vm_sum_squares(const float *x, ptrdiff_t count) {
  float sum = 0.0f;
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
#pragma clang fp reassociate(on)
    sum += x[i] * x[i];
  }
  return sum;
}
