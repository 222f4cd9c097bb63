// What matmul_gpu_dense.h's kernels leave undone where work-groups shared a tile: the sum of the slices,
// always in the same order, and the rest of the operation. Slice number s of element e of the output,
// which has `count`, is partial[s * count + e]. A work-item adds up one element.

#include "vector.h"
#include "activation.h"

INLINE float add_slices(global const float *partial, uint slices, size_t count) {
  float total = 0.0f;
  #pragma unroll 4
  for (uint s = 0; s < slices; s++) total += partial[s * count];
  return total;
}

kernel void dense_forward_slices(
    global float *arena, global const float *partial, uint slices, uint count, ulong y,
    int activation, ulong bias, uint n) {
  const uint at = get_global_id(0);
  if (at < count) {
    const float sum = add_slices(partial + at, slices, count);
    arena[y + at] = activate(activation, sum + arena[bias + at % n]);
  }
}

kernel void dense_input_gradient_slices(
    global float *arena, global const float *partial, uint slices, uint count, ulong g,
    int activation, ulong s) {
  const uint at = get_global_id(0);
  if (at < count) {
    const float sum = add_slices(partial + at, slices, count);
    // Without a nonlinearity there is no s to read.
    arena[g + at] =
        activation == IDENTITY ? sum : sum * derivative(activation, arena[s + at]);
  }
}
