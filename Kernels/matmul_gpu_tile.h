// A TILE×TILE tile of a product on a GPU, by a work-group of ITEMS work-items.

// Where the work-item's elements begin, in float4s across the tile and in blocks of four rows down it.
// 32 neighbours cover 8×4 blocks, so that what they read of either operand at a time is 128 consecutive
// bytes or less.
INLINE uint2 KERNEL(seat)(void) {
  const uint id = get_local_id(0), warp = id / 32;
  return (uint2)(warp % (THREADS / 8) * 8 + id % 8, warp / (THREADS / 8) * 4 + id / 8 % 4);
}

// Line and depth within a part of the first element of its float4 number `at`. Neighbours read what is
// consecutive in memory: whole rows, or, where a row runs through the sums' terms, eight of each line.
INLINE uint2 KERNEL(place)(bool by_rows, uint at) {
  return by_rows ? (uint2)(at / 2 % TILE, at / (2 * TILE) * 8 + at % 2 * 4)
                 : (uint2)(at % (TILE / 4) * 4, at / (TILE / 4));
}

// The work-item's share of the part of `a` from line `first` and term `from` on.
INLINE void KERNEL(fetch)(const Matrix *a, uint first, uint from, float4 quads[QUADS]) {
  #pragma unroll
  for (uint q = 0; q < QUADS; q++) {
    const uint2 at = KERNEL(place)(a->by_rows, q * ITEMS + get_local_id(0)) + (uint2)(first, from);
    quads[q] = a->by_rows ? quad(a, at.x, at.y) : quad(a, at.y, at.x);
  }
}

// part[l * PITCH + i] = term l of line i.
INLINE void KERNEL(fill)(bool by_rows, const float4 quads[QUADS], local float *part) {
  #pragma unroll
  for (uint q = 0; q < QUADS; q++) {
    const uint2 at = KERNEL(place)(by_rows, q * ITEMS + get_local_id(0));
    local float *p = part + at.y * PITCH + at.x;
    if (by_rows) {
      p[0] = quads[q].x;
      p[PITCH] = quads[q].y;
      p[2 * PITCH] = quads[q].z;
      p[3 * PITCH] = quads[q].w;
    } else {
      *(local float4 *)p = quads[q];
    }
  }
}

// sums += the work-item's elements of the product of one column of A and one row of B, from local memory.
INLINE void KERNEL(multiply_term)(local const float *term, float4 sums[BLOCK_ROWS]) {
  const uint2 seat = KERNEL(seat)();
  local const float4 *a = (local const float4 *)term + seat.y;
  local const float4 *b = (local const float4 *)(term + PART) + seat.x;
  #pragma unroll
  for (uint h = 0; h < HALVES; h++) {
    const float4 factors = a[h * SPAN / 4];
    #pragma unroll
    for (uint v = 0; v < HALVES; v++) {
      const float4 values = b[v * SPAN / 4];
      float4 *block = sums + (h * HALVES + v) * 4;
      block[0] = fma((float4)(factors.x), values, block[0]);
      block[1] = fma((float4)(factors.y), values, block[1]);
      block[2] = fma((float4)(factors.z), values, block[2]);
      block[3] = fma((float4)(factors.w), values, block[3]);
    }
  }
}

// sums = the work-item's elements of the tile at (row, column) of A B, of the terms from...end. Returns,
// if `totals`, the sum of B's column `column` + local id. Every work-item of the group passes the same
// barriers, those beyond the matrices too.
INLINE float KERNEL(multiply)(
    const Matrix *a, const Matrix *b, uint row, uint column, uint from, uint end, bool totals,
    local float *shared, float4 sums[BLOCK_ROWS]) {
  float4 a_quads[QUADS], b_quads[QUADS];
  #pragma unroll
  for (uint r = 0; r < BLOCK_ROWS; r++) sums[r] = (float4)(0.0f);
  float total = 0.0f;
  KERNEL(fetch)(a, row, from, a_quads);
  KERNEL(fetch)(b, column, from, b_quads);
  KERNEL(fill)(a->by_rows, a_quads, shared);
  KERNEL(fill)(b->by_rows, b_quads, shared + PART);
  barrier(CLK_LOCAL_MEM_FENCE);
  uint filled = 0;
  while (from < end) {
    local const float *part = shared + filled;
    filled ^= 2 * PART;
    from += DEPTH;
    // On their way while the products are computed.
    if (from < end) {
      KERNEL(fetch)(a, row, from, a_quads);
      KERNEL(fetch)(b, column, from, b_quads);
    }
    #pragma unroll 1
    for (uint l = 0; l < DEPTH; l += AHEAD) {
      #pragma unroll
      for (uint ahead = 0; ahead < AHEAD; ahead++) {
        KERNEL(multiply_term)(part + (l + ahead) * PITCH, sums);
        if (totals && get_local_id(0) < TILE) {
          total += part[PART + (l + ahead) * PITCH + get_local_id(0)];
        }
      }
    }
    if (from < end) {
      KERNEL(fill)(a->by_rows, a_quads, shared + filled);
      KERNEL(fill)(b->by_rows, b_quads, shared + filled + PART);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return total;
}

// The work-item's first block row of sums into its place among those `staged`. The others move up: what
// is indexed by a variable does not stay in registers.
INLINE void KERNEL(stage)(float4 sums[BLOCK_ROWS], local float *staged) {
  const uint2 seat = KERNEL(seat)();
  *(local float4 *)(staged + seat.y * SPAN + seat.x * 4) = sums[0];
  #pragma unroll
  for (uint r = 1; r < BLOCK_ROWS; r++) sums[r - 1] = sums[r];
}
