// matmul_gpu.cl's gradient with respect to a dense layer's parameters for one TILE. A layer's groups go
// along its rows of tiles.

INLINE void KERNEL(gradient)(
    global float *arena, const Layer *layer, uint group, const Update *update, local float *shared) {
  const uint m = layer->m, k = layer->k, n = layer->n, across = (n + TILE - 1) / TILE;
  const uint down = group / across, row = down * TILE, column = (group - down * across) * TILE;
  float4 sums[BLOCK_ROWS];
  const Matrix left = MATRIX(layer->x, m, k, false), right = MATRIX(layer->d, m, n, false);
  const float total =
      KERNEL(multiply)(&left, &right, row, column, 0, m, row == 0, shared, sums);
  global float *g = arena + layer->dw;
  FOR_EACH_SUM(k, n, Parameters, recall(update, g + i * n + j, 1, known),
      finish_known(update, sum, known, g + i * n + j, 1))
  const uint j = column + get_local_id(0);
  if (row == 0 && get_local_id(0) < TILE && j < n) {
    g = arena + layer->db + j;
    finish(update, total, g, 1);
  }
}

kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void KERNEL(dense_parameter_gradient)(
    global float *arena, ulong x, ulong d, ulong dw, ulong db, uint m, uint k, uint n) {
  local float4 memory[SHARED / 4];
  const Layer layer = {x, d, dw, db, m, k, n};
  const Update kept = {false};
  KERNEL(gradient)(arena, &layer, get_group_id(0), &kept, (local float *)memory);
}

// The same for several layers, with Adam's step.
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void KERNEL(dense_update)(
    global float *arena, global const ulong8 *layers, uint count, long to_parameters,
    long to_first, long to_second, float beta1, float beta2, float epsilon, float step,
    float correction, float retention) {
  local float4 memory[SHARED / 4];
  const Update update = {
      true, {beta1, beta2, epsilon, step, correction, retention}, to_parameters, to_first, to_second};
  uint group = get_group_id(0);
  Layer layer;
  find_layer(layers, count, &group, &layer);
  KERNEL(gradient)(arena, &layer, group, &update, (local float *)memory);
}
