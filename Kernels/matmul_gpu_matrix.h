// What the tiles of matmul_gpu.cl have in common. TILE, SIDE and DEPTH are those of the tile that
// includes a file next.

#ifndef VAE_MATMUL_GPU_MATRIX_H
#define VAE_MATMUL_GPU_MATRIX_H

#define JOIN(name, tile) name##_##tile
#define JOIN_EXPANDED(name, tile) JOIN(name, tile)
#define KERNEL(name) JOIN_EXPANDED(name, TILE)

#define THREADS (TILE / SIDE)
#define ITEMS (THREADS * THREADS)
// A work-item's elements are HALVES×HALVES blocks of 4×4, SPAN apart: neighbours then read neighbouring
// float4s of local memory, which is free of conflicts. Sums lie block by block, row by row of it.
#define HALVES (SIDE / 4)
#define SPAN (TILE / HALVES)
#define BLOCK_ROWS (HALVES * SIDE)
// An operand's part in local memory: DEPTH rows of TILE floats. Four more a row keep float4s aligned and
// set rows four apart, where neighbours that transpose their float4s store, 16 banks of 32 apart.
#define PITCH (TILE + 4)
#define PART (DEPTH * PITCH)
// Terms that a work-item multiplies without looking back, 128 multiplications: of the largest tile, more
// would take more registers than leave room for two work-groups on a multiprocessor of NVIDIA's.
#define AHEAD (128 / (SIDE * SIDE))
// Two parts of both operands: some to compute from, some to fill.
#define SHARED (4 * PART)
// Float4s of a part that a work-item fetches.
#define QUADS (TILE * DEPTH / 4 / ITEMS)

// An operand of a product. Its lines are the left operand's rows or the right one's columns, two of which
// meet in an element of the output.
typedef struct {
  global const float *elements;
  uint rows, columns;
  // Whether a line is one of the matrix's rows.
  bool by_rows;
  // Whether every row consists of whole aligned float4s.
  bool aligned;
} Matrix;

#define MATRIX(offset, rows, columns, by_rows) \
  { arena + (offset), rows, columns, by_rows, (offset) % 4 == 0 && (columns) % 4 == 0 }

// Four elements of a row, zero outside the matrix.
INLINE float4 quad(const Matrix *a, uint row, uint column) {
  if (row >= a->rows || column >= a->columns) return (float4)(0.0f);
  // 32 bits count the elements of an arena->
  global const float *p = a->elements + row * a->columns + column;
  // Not vload4, which promises no alignment, without which NVIDIA's GPUs load float by float.
  if (a->aligned) return *(global const float4 *)p;
  const uint left = a->columns - column;
  return (float4)(
      p[0], left > 1 ? p[1] : 0.0f, left > 2 ? p[2] : 0.0f, left > 3 ? p[3] : 0.0f);
}

// For every element (i, j) of an m×n output in the work-group's tile at (row, column): `spend`, with its
// `sum` and what `read` had put into `known`, of the type KNOWN, before.
//
// The sums go through local memory, a row of every work-item's block at a time, so that neighbours write
// neighbouring elements wherever rows begin, and so that the code that spends them is there four times, not
// SIDE×SIDE times. All four elements are read before the first is written: memory answers them together.
#define FOR_EACH_SUM(m, n, KNOWN, read, spend)                                            \
  _Pragma("unroll 1") for (uint r = 0; r < BLOCK_ROWS; r++) {                             \
    local float *staged = shared + r % 2 * (4 * ITEMS);                                   \
    KERNEL(stage)(sums, staged);                                                          \
    barrier(CLK_LOCAL_MEM_FENCE);                                                         \
    const uint top = row + r / SIDE * SPAN + r % 4, left = column + r / 4 % HALVES * SPAN; \
    KNOWN all_known[4];                                                                   \
    _Pragma("unroll") for (uint e = 0; e < 4; e++) {                                      \
      const uint at = e * ITEMS + get_local_id(0);                                        \
      const uint i = top + at / SPAN * 4, j = left + at % SPAN;                           \
      KNOWN *const known = &all_known[e];                                                 \
      if (i < m && j < n) {                                                               \
        read;                                                                             \
      }                                                                                   \
    }                                                                                     \
    _Pragma("unroll") for (uint e = 0; e < 4; e++) {                                      \
      const uint at = e * ITEMS + get_local_id(0);                                        \
      const uint i = top + at / SPAN * 4, j = left + at % SPAN;                           \
      const float sum = staged[at];                                                       \
      const KNOWN *const known = &all_known[e];                                           \
      if (i < m && j < n) {                                                               \
        spend;                                                                            \
      }                                                                                   \
    }                                                                                     \
  }

#endif
