// A product of two matrices whose elements are computed as they are fetched, for a work-group of
// SQUARE_ITEMS work-items on a GPU.

#ifndef VAE_CONVOLUTION_GPU_H
#define VAE_CONVOLUTION_GPU_H

#define SQUARE 32
#define PIECE 4
// How much of the contraction is in local memory at a time.
#define TURN 16
// Four more columns keep a tile's rows on different banks of local memory, and float4s aligned.
#define SQUARE_PITCH (SQUARE + 4)
#define SQUARE_SIDE (SQUARE / PIECE)
#define SQUARE_ITEMS (SQUARE_SIDE * SQUARE_SIDE)
// Where a work-item's piece begins in the tile.
#define PIECE_TOP (get_local_id(0) / SQUARE_SIDE * PIECE)
#define PIECE_LEFT (get_local_id(0) % SQUARE_SIDE * PIECE)

// Whether neighbouring work-items fetch neighbouring elements of the contraction or of the tile.
#define ALONG_DEPTH true
#define ALONG_TILE false

// part[l][i] = `value` of i and l, zero outside.
#define FETCH(part, from, end, along, inside, value)                                        \
  for (uint s = 0; s < SQUARE * TURN / SQUARE_ITEMS; s++) {                                 \
    const uint at = s * SQUARE_ITEMS + id;                                                  \
    const uint i = along ? at / TURN : at % SQUARE, turn = along ? at % TURN : at / SQUARE; \
    const uint l = from + turn;                                                             \
    part[turn * SQUARE_PITCH + i] = l < end && (inside) ? (value) : 0.0f;                   \
  }

// sums = the products over l from begin to end. Every work-item of the group passes the same barriers, those
// beyond the matrices too.
#define MULTIPLY(sums, begin, end, a_along, a_inside, a_value, b_along, b_inside, b_value) \
  {                                                                                         \
    const uint id = get_local_id(0);                                                        \
    float4 rows[PIECE];                                                                     \
    for (uint r = 0; r < PIECE; r++) rows[r] = (float4)(0.0f);                              \
    for (uint from = begin; from < end; from += TURN) {                                     \
      FETCH(a_part, from, end, a_along, a_inside, a_value)                                  \
      FETCH(b_part, from, end, b_along, b_inside, b_value)                                  \
      barrier(CLK_LOCAL_MEM_FENCE);                                                         \
      for (uint turn = 0; turn < TURN; turn++) {                                            \
        const float4 a = vload4(0, a_part + turn * SQUARE_PITCH + PIECE_TOP);               \
        const float4 b = vload4(0, b_part + turn * SQUARE_PITCH + PIECE_LEFT);              \
        rows[0] = fma((float4)(a.x), b, rows[0]);                                           \
        rows[1] = fma((float4)(a.y), b, rows[1]);                                           \
        rows[2] = fma((float4)(a.z), b, rows[2]);                                           \
        rows[3] = fma((float4)(a.w), b, rows[3]);                                           \
      }                                                                                     \
      barrier(CLK_LOCAL_MEM_FENCE);                                                         \
    }                                                                                       \
    for (uint r = 0; r < PIECE; r++) vstore4(rows[r], 0, sums[r]);                          \
  }

// For every element (i, j) of an m×n output that is this work-item's in the tile: `statement`, with its
// `sum`.
#define FOR_EACH_ELEMENT(top, left, m, n, statement)         \
  for (uint r = 0; r < PIECE; r++) {                         \
    const uint i = top + PIECE_TOP + r;                      \
    for (uint c = 0; c < PIECE; c++) {                       \
      const uint j = left + PIECE_LEFT + c;                  \
      const float sum = sums[r][c];                          \
      if (i < m && j < n) statement;                         \
    }                                                        \
  }

#endif
