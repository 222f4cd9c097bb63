// What the tiles of matmul_gpu.cl have in common. TILE, SIDE and DEPTH are those of the tile that
// includes a file next.

#ifndef VAE_MATMUL_GPU_MATRIX_H
#define VAE_MATMUL_GPU_MATRIX_H

#define JOIN(name, tile) name##_##tile
#define JOIN_EXPANDED(name, tile) JOIN(name, tile)
#define KERNEL(name) JOIN_EXPANDED(name, TILE)

#define THREADS (TILE / SIDE)
#define ITEMS (THREADS * THREADS)
// A work-item's elements are HALVES×HALVES blocks of 4×4, SPAN apart, so that its neighbours' float4s in
// local memory are its own's neighbours.
#define HALVES (SIDE / 4)
#define SPAN (TILE / HALVES)
// An operand's part in local memory: DEPTH rows of TILE floats. Four more a row put the four rows that a
// transposed float4 goes to, and the next float4's, on different banks, and keep float4s aligned.
#define PITCH (TILE + 4)
#define PART (DEPTH * PITCH)
// Two parts of both operands: one to compute from, one to fill.
#define SHARED (4 * PART)
// Float4s of a part that a work-item fetches.
#define QUADS (TILE * DEPTH / 4 / ITEMS)

// An operand of a product. Its lines are the left operand's rows or the right one's columns: what
// meets in an element of the output.
typedef struct {
  global const float *elements;
  uint rows, columns;
  // Whether a line is one of the matrix's rows.
  bool by_rows;
  // Whether every row consists of whole aligned float4s.
  bool aligned;
} Matrix;

INLINE Matrix matrix(global const float *arena, ulong offset, uint rows, uint columns, bool by_rows) {
  const Matrix matrix = {
      arena + offset, rows, columns, by_rows, offset % 4 == 0 && columns % 4 == 0};
  return matrix;
}

// Four elements of a row, zero outside the matrix.
INLINE float4 quad(Matrix a, uint row, uint column) {
  if (row >= a.rows || column >= a.columns) return (float4)(0.0f);
  global const float *p = a.elements + row * (size_t)a.columns + column;
  // Not vload4, which promises no alignment: a compiler for NVIDIA's GPUs then loads float by float.
  if (a.aligned) return *(global const float4 *)p;
  const uint left = a.columns - column;
  return (float4)(
      p[0], left > 1 ? p[1] : 0.0f, left > 2 ? p[2] : 0.0f, left > 3 ? p[3] : 0.0f);
}

// For every element (i, j) of an m×n output in the work-group's tile at (row, column): `spend`, with its
// `sum` out of `sums` and what was `known` of it before.
#define FOR_EACH_SUM(m, n, TYPE, read, spend)                                             \
  for (uint r = 0; r < SIDE; r++) {                                                       \
    local float *staged = shared + r % 2 * (THREADS * TILE);                              \
    KERNEL(stage)(sums, r, staged);                                                       \
    barrier(CLK_LOCAL_MEM_FENCE);                                                         \
    TYPE all_known[SIDE];                                                                 \
    _Pragma("unroll") for (uint e = 0; e < SIDE; e++) {                                   \
      const uint at = e * ITEMS + get_local_id(0), j = column + at % TILE;                \
      const uint i = row + r / 4 * SPAN + at / TILE * 4 + r % 4;                          \
      if (i < m && j < n) all_known[e] = read;                                            \
    }                                                                                     \
    _Pragma("unroll") for (uint e = 0; e < SIDE; e++) {                                   \
      const uint at = e * ITEMS + get_local_id(0), j = column + at % TILE;                \
      const uint i = row + r / 4 * SPAN + at / TILE * 4 + r % 4;                          \
      const float sum = staged[at];                                                       \
      const TYPE known = all_known[e];                                                    \
      if (i < m && j < n) {                                                               \
        spend;                                                                            \
      }                                                                                   \
    }                                                                                     \
  }

#endif
