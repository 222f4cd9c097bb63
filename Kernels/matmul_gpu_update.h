// matmul_gpu.cl's gradient with respect to a dense layer's parameters for one TILE.

static inline void KERNEL(gradient)(
    global float *arena, const Layer *layer, uint row, uint column, const Update *update, local float *a_part,
    local float *b_part) {
  const uint m = layer->m, k = layer->k, n = layer->n;
  float4 sums[SIDE];
  KERNEL(multiply)(
      arena + layer->x, 1, k, arena + layer->d, 1, n, row, column, k, n, m, a_part, b_part, sums);
  FOR_EACH_SUM(sums, row, column, k, n,
      finish(update, sum, arena + layer->dw + i * (size_t)n + j, 1))
  const uint id = get_local_id(1) * THREADS + get_local_id(0);
  const uint j = column + id;
  if (row == 0 && id < TILE && j < n) {
    float total = 0.0f;
    for (uint i = 0; i < m; i++) total += arena[layer->d + i * (size_t)n + j];
    finish(update, total, arena + layer->db + j, 1);
  }
}

kernel void KERNEL(dense_parameter_gradient)(
    global float *arena, ulong x, ulong d, ulong dw, ulong db, uint m, uint k, uint n) {
  local float a_part[DEPTH * PITCH], b_part[DEPTH * PITCH];
  const Layer layer = {x, d, dw, db, m, k, n};
  const Update kept = {false};
  KERNEL(gradient)(
      arena, &layer, get_group_id(1) * TILE, get_group_id(0) * TILE, &kept, a_part, b_part);
}

// The same for several layers, with Adam's step. A layer's groups go along its rows of tiles.
kernel void KERNEL(dense_update)(
    global float *arena, global const ulong8 *layers, uint count, long to_parameters,
    long to_first, long to_second, float beta1, float beta2, float epsilon, float step,
    float correction, float retention) {
  local float a_part[DEPTH * PITCH], b_part[DEPTH * PITCH];
  const Update update = {
      true, {beta1, beta2, epsilon, step, correction, retention}, to_parameters, to_first, to_second};
  uint group = get_group_id(0);
  Layer layer;
  find_layer(layers, count, &group, &layer);
  const uint across = (layer.n + TILE - 1) / TILE, down = group / across;
  KERNEL(gradient)(
      arena, &layer, down * TILE, (group - down * across) * TILE, &update, a_part, b_part);
}
