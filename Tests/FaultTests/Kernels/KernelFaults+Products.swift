extension KernelFaults {
  static let productsOnCPU = [
    Fault(
      "matmul_cpu.cl", "first term dropped", "for (uint l = 0; l < depth; l++) {",
      "a += depth_stride; b += n;\n  for (uint l = 1; l < depth; l++) {"),
    Fault(
      "matmul_cpu.cl", "last term dropped", "for (uint l = 0; l < depth; l++) {",
      "for (uint l = 0; l + 1 < depth; l++) {"),
    Fault(
      "matmul_cpu.cl", "A rounded to TF32", "const vec factor = (vec)(a[r * row_stride]);",
      "const vec factor = (vec)(as_float((as_uint(a[r * row_stride]) + 0x1000u) & 0xFFFFE000u));"),
    Fault(
      "matmul_cpu.cl", "A rounded to bf16", "const vec factor = (vec)(a[r * row_stride]);",
      "const vec factor = (vec)(as_float((as_uint(a[r * row_stride]) + 0x8000u) & 0xFFFF0000u));"),
    Fault(
      "matmul_cpu.cl", "second half of the columns uses the first's weights",
      "sums[r][1] = fma(factor, b1, sums[r][1]);", "sums[r][1] = fma(factor, b0, sums[r][1]);"),
    Fault(
      "matmul_cpu.cl", "the first example in place of all",
      "multiply(t, arena + x, 1, k, arena + d, n, m, tile);",
      "multiply(t, arena + x, 1, 0, arena + d, n, m, tile);"),
    Fault(
      "matmul_cpu.cl", "bias dropped", "activate(activation, tile[r][v] + shift)",
      "activate(activation, tile[r][v])"),
    Fault(
      "matmul_cpu.cl", "bias of the first columns everywhere",
      "load(arena + bias + start, n - start)", "load(arena + bias, n - start)"),
    Fault(
      "matmul_cpu.cl", "bias added after the nonlinearity",
      "activate(activation, tile[r][v] + shift)", "activate(activation, tile[r][v]) + shift"),
    Fault(
      "matmul_cpu.cl", "last column's tile not written",
      "t.first + v * WIDTH < n; v++) {\n      const uint start = t.first + v * WIDTH;\n      global float *p",
      "t.first + v * WIDTH + 1 < n; v++) {\n      const uint start = t.first + v * WIDTH;\n      global float *p"
    ),
    Fault(
      "matmul_cpu.cl", "written past the end of a row", "store(tile[r][v], p, n - start);",
      "store(tile[r][v], p, n - start + 1);"),
    Fault(
      "matmul_cpu.cl", "bias gradient misses the first example",
      "for (uint i = 0; i < m; i++) total", "for (uint i = 1; i < m; i++) total"),
    Fault(
      "matmul_cpu.cl", "bias gradient added to what was there", "vec total = (vec)(0.0f);",
      "vec total = load(arena + db + j, n - j);"),
    Fault(
      "matmul_cpu.cl", "bias gradient averaged", "store(total, arena + db + j, n - j);",
      "store(total / m, arena + db + j, n - j);"),
    Fault(
      "matmul_cpu_input.cl", "last piece of a row counted twice",
      "LANES < (uvec)(i + WIDTH - n) ? (vec)(0.0f) : load", "LANES < (uvec)(0) ? (vec)(0.0f) : load"
    ),
    Fault(
      "matmul_cpu_input.cl", "a lane of the last piece lost", "(uvec)(i + WIDTH - n)",
      "(uvec)(i + WIDTH - n + 1)"),
    Fault(
      "matmul_cpu_input.cl", "rows of W off by one", "w + min(column + c, k - 1) * (size_t)n",
      "w + min(column + c + 1, k - 1) * (size_t)n"),
    Fault(
      "matmul_cpu_input.cl", "derivative of the nonlinearity forgotten",
      "gradient *= derivative(activation, load(arena + s + at, k - column));", ""),
    Fault(
      "matmul_cpu_input.cl", "derivative from the wrong columns",
      "load(arena + s + at, k - column)", "load(arena + s, k - column)"),
    Fault(
      "matmul_cpu_input.cl", "last row not written", "r < min((uint)DOT_ROWS, m - row); r++",
      "r < min((uint)DOT_ROWS, m - row - 1); r++"),
    Fault(
      "matmul_cpu_input.cl", "off by 1e-4", "vec gradient = read(sums[r]);",
      "vec gradient = 1.0001f * read(sums[r]);"),
  ]

  static let productsOnGPU = [
    Fault(
      "matmul_gpu_tile.h", "barrier before the products missing",
      "barrier(CLK_LOCAL_MEM_FENCE);\n    #pragma unroll", "#pragma unroll"),
    Fault(
      "matmul_gpu_tile.h", "barrier after the products missing",
      "    }\n    barrier(CLK_LOCAL_MEM_FENCE);\n  }", "    }\n  }",
      equivalent:
        "PoCL puts barriers of its own around a loop that has one; Oclgrind reports the race"),
    Fault(
      "matmul_gpu_tile.h", "elements of a row swapped", "sums[1] = fma((float4)(x.y), y, sums[1]);",
      "sums[1] = fma((float4)(x.x), y, sums[1]);"),
    Fault(
      "matmul_gpu_tile.h", "edge of the matrix not padded with zeros",
      "const bool inside = first + i < extent && from + l < depth;",
      "const bool inside = first + i < extent && from + l <= depth;"),
    Fault(
      "matmul_gpu_tile.h", "last column not written", "if (i < m && j < n) statement;",
      "if (i < m && j + 1 < n) statement;"),
    Fault(
      "matmul_gpu_tile.h", "written past the last column", "if (i < m && j < n) statement;",
      "if (i < m && j <= n) statement;"),
    Fault(
      "matmul_gpu_tile.h", "weights not transposed on the way back",
      "KERNEL(multiply)(arena + d, n, 1, arena + w, n, 1, m, k, n,",
      "KERNEL(multiply)(arena + d, n, 1, arena + w, 1, k, m, k, n,"),
    Fault(
      "matmul_gpu_tile.h", "bias dropped", "activate(activation, sum + arena[bias + j])",
      "activate(activation, sum)"),
    Fault(
      "matmul_gpu_tile.h", "bias gradient misses an example", "for (uint i = 0; i < m; i++) total",
      "for (uint i = 1; i < m; i++) total"),
    Fault(
      "matmul_gpu.cl", "another depth of the tile", "#define DEPTH 16", "#define DEPTH 12",

      equivalent: "any depth that the loads divide into is right: the same sums, cut elsewhere"),
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
