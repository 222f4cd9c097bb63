// matmul_gpu.cl's dense layer, forward and to its input, for one TILE.

kernel void KERNEL(dense_forward)(
    global float *arena, ulong x, ulong w, ulong bias, ulong y, uint m, uint k, uint n,
    int activation) {
  local float a_part[DEPTH * PITCH], b_part[DEPTH * PITCH];
  const uint row = get_group_id(1) * TILE, column = get_group_id(0) * TILE;
  float4 sums[SIDE];
  KERNEL(multiply)(arena + x, k, 1, arena + w, 1, n, row, column, m, n, k, a_part, b_part,
      sums);
  FOR_EACH_SUM(sums, row, column, m, n,
      arena[y + i * (size_t)n + j] = activate(activation, sum + arena[bias + j]))
}

kernel void KERNEL(dense_input_gradient)(
    global float *arena, ulong d, ulong w, ulong s, ulong g, uint m, uint k, uint n,
    int activation) {
  local float a_part[DEPTH * PITCH], b_part[DEPTH * PITCH];
  const uint row = get_group_id(1) * TILE, column = get_group_id(0) * TILE;
  float4 sums[SIDE];
  KERNEL(multiply)(arena + d, n, 1, arena + w, n, 1, row, column, m, k, n, a_part, b_part,
      sums);
  // Without a nonlinearity there is no s to read.
  FOR_EACH_SUM(sums, row, column, m, k,
      arena[g + i * (size_t)k + j] = activation == IDENTITY
          ? sum : sum * derivative(activation, arena[s + i * (size_t)k + j]))
}
