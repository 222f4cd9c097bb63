extension KernelFaults {
  static let productsOnCPU = [
    Fault(
      "matmul_cpu_tile.h", "first term dropped",
      "_Pragma(\"unroll 4\") for (uint l = 0; l < depth; l++) {",
      "b += pitch; for (uint l = 1; l < depth; l++) {"),
    Fault(
      "matmul_cpu_tile.h", "last term dropped", "for (uint l = 0; l < depth; l++) {  ",
      "for (uint l = 0; l + 1 < depth; l++) {"),
    Fault(
      "matmul_cpu_tile.h", "A rounded to TF32", "(vec)(a[r][l * step])",
      "(vec)(as_float((as_uint(a[r][l * step]) + 0x1000u) & 0xFFFFE000u))"),
    Fault(
      "matmul_cpu_tile.h", "A rounded to bf16", "(vec)(a[r][l * step])",
      "(vec)(as_float((as_uint(a[r][l * step]) + 0x8000u) & 0xFFFF0000u))"),
    Fault(
      "matmul_cpu_tile.h", "second half of the columns uses the first's weights",
      "sums[r][1] = fma(factor, b1, sums[r][1]);", "sums[r][1] = fma(factor, b0, sums[r][1]);"),
    Fault(
      "matmul_cpu_tile.h", "half of the columns not laid out", "v < COLUMNS; v += WIDTH",
      "v < WIDTH; v += WIDTH"),
    Fault(
      "matmul_cpu_tile.h", "columns beyond the matrix are read", "load(b + v, n - first - v)",
      "load(b + v, n - first)",
      equivalent:
        "what lies beyond the columns is computed and never stored"
    ),
    Fault(
      "matmul_cpu.cl", "weights of the first columns where they are not packed",
      "b + first, n, depth",
      "b, n, depth"),
    Fault(
      "matmul_cpu.cl", "bias dropped", "activate(activation, value + shift)",
      "activate(activation, value)"),
    Fault(
      "matmul_cpu.cl", "bias of the first columns everywhere", "load(arena + bias + column, left)",
      "load(arena + bias, left)"),
    Fault(
      "matmul_cpu.cl", "bias added after the nonlinearity", "activate(activation, value + shift)",
      "activate(activation, value) + shift"),
    Fault(
      "matmul_cpu.cl", "sums of the first turn alone are kept",
      "load(p, left) + tile[r][v];\n          if (start + depth == k)",
      "load(p, left);\n          if (start + depth == k)"),
    Fault(
      "matmul_cpu.cl", "sums of the last turn alone are kept",
      "vec value = start == 0 ? tile[r][v] : load(p, left) + tile[r][v];\n          if (start",
      "vec value = tile[r][v];\n          if (start"),
    Fault(
      "matmul_cpu.cl", "nonlinearity at every turn", "if (start + depth == k) value =", "value ="),
    Fault(
      "matmul_cpu.cl", "rows off by one", "min(row + r, rows - 1)", "min(row + r + 1, rows - 1)"),
    Fault(
      "matmul_cpu_tile.h", "another half of the rows when transposing",
      "t[2 * i + 1].even = v[i].hi;",
      "t[2 * i + 1].even = v[i].lo;"),
    Fault(
      "matmul_cpu_tile.h", "weights of the first columns on the way back",
      "min(first + j + i, k - 1)", "min(j + i, k - 1)"),
    Fault(
      "matmul_cpu_tile.h", "last row of a transposed piece lost",
      "min((uint)WIDTH, depth - l); i++",
      "min((uint)WIDTH - 1, depth - l); i++"),
    Fault(
      "matmul_cpu.cl", "derivative of the nonlinearity forgotten",
      "value *= derivative(activation, load(arena + s + at, left));", ""),
    Fault(
      "matmul_cpu.cl", "derivative from the wrong columns", "load(arena + s + at, left)",
      "load(arena + s, left)"),
    Fault(
      "matmul_cpu_update.cl", "an example in place of another", "x += k;", "if (l > 0) x += k;"),
    Fault(
      "matmul_cpu_update.cl", "strips behind a work-item's first left out",
      "i < bottom; i += STRIP",
      "i < min(bottom, top + STRIP); i += STRIP"),
    Fault(
      "matmul_cpu_update.cl", "strip not filled with zeros",
      "top + i < k ? load(x + top + i, k - top - i) : (vec)(0.0f)", "load(x + top + i, WIDTH)",
      equivalent:
        "rows beyond the gradient's last are computed and never stored"
    ),
    Fault(
      "matmul_cpu_update.cl", "second tile of a strip repeats the first", "strip + row - i, d",
      "strip, d"),
    Fault(
      "matmul_cpu_update.cl", "examples of the last turn alone",
      "begin ? tile[r][v] : load(g, left) + tile[r][v]",
      "tile[r][v]"),
    Fault(
      "matmul_cpu_update.cl", "Adam at every turn", "      if (end) {", "      if (true) {"),
    Fault(
      "matmul_cpu_update.cl", "last row not written", "r < min((uint)ROWS, layer->k - row)",
      "r < min((uint)ROWS, layer->k - row - 1)"),
    Fault(
      "matmul_cpu_update.cl", "every tile from the gradients of the first columns",
      "d + first, layer->n, depth",
      "d, layer->n, depth"),
    Fault(
      "matmul_cpu_update.cl", "a column beyond the last is written",
      "const uint column = first + v * WIDTH, left = layer->n - column;",
      "const uint column = first + v * WIDTH, left = layer->n - column + 1;"),
    Fault(
      "matmul_cpu_update.cl", "bias gradient misses the first example",
      "for (uint i = 0; i < layer->m; i++) {", "for (uint i = 1; i < layer->m; i++) {"),
    Fault(
      "matmul_cpu_update.cl", "bias gradient added to what was there", "vec total = (vec)(0.0f);",
      "vec total = load(arena + layer->db + j, left);"),
    Fault(
      "matmul_cpu_update.cl", "bias gradient averaged", "finish(update, total,",
      "finish(update, total / layer->m,"),
    Fault(
      "matmul_cpu_update.cl", "a strip too few in a block", "min(top + block, layer.k), &update",
      "min(top + block - STRIP, layer.k), &update"),
    Fault(
      "update.h", "layer after the right one", "*group >= layers[at + 1].s7",
      "*group + 1 >= layers[at + 1].s7"),
    Fault("update.h", "groups counted from the first layer", "*group -= row.s7;", ""),
    Fault(
      "update.h", "moments in each other's place",
      "g + update->to_first,\n        g + update->to_second",
      "g + update->to_second,\n        g + update->to_first"),
  ]

  static let productsOnGPU = [
    Fault(
      "matmul_gpu_tile.h", "barrier before the products missing",
      "barrier(CLK_LOCAL_MEM_FENCE);\n  uint filled = 0;", "uint filled = 0;",
      equivalent:
        "PoCL puts barriers of its own around a loop that has one; Oclgrind reports the race"),
    Fault(
      "matmul_gpu_tile.h", "barrier between the parts missing",
      "shared + filled + PART);\n    }\n    barrier(CLK_LOCAL_MEM_FENCE);",
      "shared + filled + PART);\n    }"),
    Fault(
      "matmul_gpu_tile.h", "rows of a block swapped",
      "block[1] = fma((float4)(factors.y), values, block[1]);",
      "block[1] = fma((float4)(factors.x), values, block[1]);"),
    Fault(
      "matmul_gpu_tile.h", "both halves of the parts filled at once", "filled ^= 2 * PART;", ""),
    Fault(
      "matmul_gpu_tile.h", "bias gradient misses the first examples",
      "if (totals && get_local_id(0) < TILE)",
      "if (totals && from > DEPTH && get_local_id(0) < TILE)"),
    Fault(
      "matmul_gpu_matrix.h", "a row's last elements taken from the next row",
      "left > 2 ? p[2] : 0.0f", "p[2]"),
    Fault(
      "matmul_gpu_matrix.h", "last column not written",
      "      if (i < m && j < n) {                                                               \\\n        spend;",
      "      if (i < m && j + 1 < n) { \\\n        spend;"),
    Fault(
      "matmul_gpu_matrix.h", "written past the last column",
      "      if (i < m && j < n) {                                                               \\\n        spend;",
      "      if (i < m && j <= n) { \\\n        spend;"),
    Fault(
      "matmul_gpu_dense.h", "weights not transposed on the way back", "MATRIX(w, k, n, true)",
      "MATRIX(w, k, n, false)"),
    Fault(
      "matmul_gpu_dense.h", "bias dropped", "activate(f, sum + *known)", "activate(f, sum)"),
    Fault(
      "matmul_gpu_slices.cl", "last slice forgotten", "s < slices", "s + 1 < slices"),
    Fault(
      "matmul_gpu_slices.cl", "bias added after the nonlinearity",
      "activate(activation, sum + arena[bias + at % n])",
      "activate(activation, sum) + arena[bias + at % n]"),
    Fault(
      "reduction.h", "one level of the tree missing", "uint stride = GROUP / 2;",
      "uint stride = GROUP / 4;"),
    Fault(
      "reduction.h", "barrier missing", "  barrier(CLK_LOCAL_MEM_FENCE);\n  for", "  for",

      equivalent:
        "PoCL puts barriers of its own around a loop that has one; Oclgrind reports the race"
    ),
  ]
}
