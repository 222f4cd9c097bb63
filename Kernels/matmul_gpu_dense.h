// matmul_gpu.cl's dense layer, forward and to its input, for one TILE.
//
// Where work-groups share a tile, each sums a slice of the terms, `slice` of them, and leaves the sums
// in `partial`, one output behind the other, for matmul_gpu_slices.cl.

kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void KERNEL(dense_forward)(
    global float *arena, ulong x, ulong w, ulong bias, ulong y, uint m, uint k, uint n,
    int activation, uint slice, global float *partial) {
  local float4 memory[SHARED / 4];
  local float *shared = (local float *)memory;
  const uint row = get_group_id(1) * TILE, column = get_group_id(0) * TILE;
  const uint from = get_group_id(2) * slice;
  float4 sums[BLOCK_ROWS];
  const Matrix left = MATRIX(x, m, k, true), right = MATRIX(w, k, n, false);
  KERNEL(multiply)(
      &left, &right, row, column, from, min(from + slice, k), false, shared, sums);
  global float *out = partial ? partial + get_group_id(2) * ((size_t)m * n) : arena + y;
  const int f = partial ? IDENTITY : activation;
  FOR_EACH_SUM(m, n, float, *known = partial ? 0.0f : arena[bias + j],
      out[i * n + j] = activate(f, sum + *known))
}

kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void KERNEL(dense_input_gradient)(
    global float *arena, ulong d, ulong w, ulong s, ulong g, uint m, uint k, uint n,
    int activation, uint slice, global float *partial) {
  local float4 memory[SHARED / 4];
  local float *shared = (local float *)memory;
  const uint row = get_group_id(1) * TILE, column = get_group_id(0) * TILE;
  const uint from = get_group_id(2) * slice;
  float4 sums[BLOCK_ROWS];
  const Matrix left = MATRIX(d, m, n, true), right = MATRIX(w, k, n, true);
  KERNEL(multiply)(
      &left, &right, row, column, from, min(from + slice, n), false, shared, sums);
  global float *out = partial ? partial + get_group_id(2) * ((size_t)m * k) : arena + g;
  // Without a nonlinearity there is no s to read.
  const bool plain = partial || activation == IDENTITY;
  FOR_EACH_SUM(m, k, float, *known = plain ? 0.0f : arena[s + i * k + j],
      out[i * k + j] = plain ? sum : sum * derivative(activation, *known))
}
