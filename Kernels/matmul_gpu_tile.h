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
INLINE void KERNEL(fetch)(Matrix a, uint first, uint from, float4 quads[QUADS]) {
  #pragma unroll
  for (uint q = 0; q < QUADS; q++) {
    const uint2 at = KERNEL(place)(a.by_rows, q * ITEMS + get_local_id(0)) + (uint2)(first, from);
    quads[q] = a.by_rows ? quad(a, at.x, at.y) : quad(a, at.y, at.x);
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

// sums = the work-item's elements of the tile at (row, column) of A B, of the terms from...end. Returns,
// if `totals`, the sum of B's column `column` + local id. Every work-item of the group passes the same
// barriers, those beyond the matrices too.
INLINE float KERNEL(multiply)(
    Matrix a, Matrix b, uint row, uint column, uint from, uint end, bool totals,
    local float *shared, float4 sums[SIDE][HALVES]) {
  const uint2 seat = KERNEL(seat)();
  float4 a_quads[QUADS], b_quads[QUADS];
  #pragma unroll
  for (uint r = 0; r < SIDE; r++) {
    #pragma unroll
    for (uint v = 0; v < HALVES; v++) sums[r][v] = (float4)(0.0f);
  }
  float total = 0.0f;
  KERNEL(fetch)(a, row, from, a_quads);
  KERNEL(fetch)(b, column, from, b_quads);
  KERNEL(fill)(a.by_rows, a_quads, shared);
  KERNEL(fill)(b.by_rows, b_quads, shared + PART);
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint step = 0; from < end; step++) {
    local const float *part = shared + step % 2 * (2 * PART);
    local float *next = shared + (step + 1) % 2 * (2 * PART);
    from += DEPTH;
    // On their way while the products are computed.
    if (from < end) {
      KERNEL(fetch)(a, row, from, a_quads);
      KERNEL(fetch)(b, column, from, b_quads);
    }
    #pragma unroll 8
    for (uint l = 0; l < DEPTH; l++) {
      local const float4 *x = (local const float4 *)(part + l * PITCH) + seat.y;
      local const float4 *y = (local const float4 *)(part + PART + l * PITCH) + seat.x;
      #pragma unroll
      for (uint h = 0; h < HALVES; h++) {
        const float4 factor = x[h * SPAN / 4];
        #pragma unroll
        for (uint v = 0; v < HALVES; v++) {
          const float4 values = y[v * SPAN / 4];
          sums[4 * h][v] = fma((float4)(factor.x), values, sums[4 * h][v]);
          sums[4 * h + 1][v] = fma((float4)(factor.y), values, sums[4 * h + 1][v]);
          sums[4 * h + 2][v] = fma((float4)(factor.z), values, sums[4 * h + 2][v]);
          sums[4 * h + 3][v] = fma((float4)(factor.w), values, sums[4 * h + 3][v]);
        }
      }
      if (totals && get_local_id(0) < TILE) total += part[PART + l * PITCH + get_local_id(0)];
    }
    if (from < end) {
      KERNEL(fill)(a.by_rows, a_quads, next);
      KERNEL(fill)(b.by_rows, b_quads, next + PART);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return total;
}

// The work-item's row r of sums, into its place among the THREADS rows of the tile that are `staged`.
INLINE void KERNEL(stage)(float4 sums[SIDE][HALVES], uint r, local float *staged) {
  const uint2 seat = KERNEL(seat)();
  #pragma unroll
  for (uint s = 0; s < SIDE; s++) {
    #pragma unroll
    for (uint v = 0; v < HALVES; v++) {
      // A constant index: what is indexed otherwise does not stay in registers.
      if (s == r) *(local float4 *)(staged + seat.y * TILE + v * SPAN + seat.x * 4) = sums[s][v];
    }
  }
}
