// A product's TILE×TILE tile on a GPU, by a work-group of THREADS×THREADS.

#define THREADS (TILE / SIDE)
// Four more columns keep a tile's rows on different banks of local memory, and float4s aligned.
#define PITCH (TILE + 4)

// part[l][i] = element (first + i, from + l) of a matrix whose element (i, l) is
// p[i * stride + l * depth_stride], zero outside extent×depth. Neighbouring work-items read
// neighbouring addresses whichever stride is 1.
static inline void KERNEL(fetch)(
    global const float *p, size_t stride, size_t depth_stride, uint first, uint extent, uint from,
    uint depth, local float *part) {
  const uint id = get_local_id(1) * THREADS + get_local_id(0);
  #pragma unroll
  for (uint s = 0; s < TILE * DEPTH / (THREADS * THREADS); s++) {
    const uint at = s * THREADS * THREADS + id;
    const uint i = depth_stride == 1 ? at / DEPTH : at % TILE;
    const uint l = depth_stride == 1 ? at % DEPTH : at / TILE;
    const bool inside = first + i < extent && from + l < depth;
    part[l * PITCH + i] = inside ? p[(first + i) * stride + (from + l) * depth_stride] : 0.0f;
  }
}

// sums = A (m×depth) B (depth×n) at this work-item's elements of the tile at (row, column). Every
// work-item of the group passes the same barriers, those beyond the matrices too.
static inline void KERNEL(multiply)(
    global const float *a, size_t a_stride, size_t a_depth_stride, global const float *b,
    size_t b_stride, size_t b_depth_stride, uint row, uint column, uint m, uint n, uint depth,
    local float *a_part, local float *b_part, float4 sums[SIDE]) {
  #pragma unroll
  for (uint r = 0; r < SIDE; r++) sums[r] = (float4)(0.0f);
  for (uint from = 0; from < depth; from += DEPTH) {
    KERNEL(fetch)(a, a_stride, a_depth_stride, row, m, from, depth, a_part);
    KERNEL(fetch)(b, b_stride, b_depth_stride, column, n, from, depth, b_part);
    barrier(CLK_LOCAL_MEM_FENCE);
    #pragma unroll
    for (uint l = 0; l < DEPTH; l++) {
      const float4 x = vload4(0, a_part + l * PITCH + get_local_id(1) * SIDE);
      const float4 y = vload4(0, b_part + l * PITCH + get_local_id(0) * SIDE);
      sums[0] = fma((float4)(x.x), y, sums[0]);
      sums[1] = fma((float4)(x.y), y, sums[1]);
      sums[2] = fma((float4)(x.z), y, sums[2]);
      sums[3] = fma((float4)(x.w), y, sums[3]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
}

// For every element (i, j) of an m×n output that is this work-item's in the tile at (row, column):
// `statement`, with its `sum`.
#define FOR_EACH_SUM(sums, row, column, m, n, statement)                          \
  for (uint r = 0; r < SIDE; r++) {                                               \
    const uint i = row + get_local_id(1) * SIDE + r;                              \
    float lanes[SIDE];                                                            \
    vstore4(sums[r], 0, lanes);                                                   \
    for (uint c = 0; c < SIDE; c++) {                                             \
      const uint j = column + get_local_id(0) * SIDE + c;                         \
      const float sum = lanes[c];                                                 \
      if (i < m && j < n) statement;                                              \
    }                                                                             \
  }
