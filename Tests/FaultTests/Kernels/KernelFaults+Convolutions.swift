extension KernelFaults {
  static let convolutionsOnCPU = [
    Fault(
      "convolution_cpu.h", "what is outside the image repeats its edge",
      "at >= 0 && at < (int)width ? line[at] : 0.0f",
      "width ? line[clamp(at, 0, (int)width - 1)] : 0.0f"
    ),
    Fault(
      "convolution_cpu.h", "a run's tail lost", "for (; e < count; e++) {",
      "for (; e + 1 < count; e++) {"),
    Fault(
      "convolution_cpu.h", "rows above the image are its first",
      "row = top + (int)(line % g->size)", "row = max(0, top + (int)(line % g->size))"),
    Fault(
      "convolution_cpu.h", "every plane is the first", "(line / g->size * g->height + row)",
      "((size_t)row)"),
    Fault(
      "convolution_cpu.h", "bias dropped", "value + load(arena + epilogue->extra + channel, left)",
      "value"),
    Fault(
      "convolution_cpu.h", "derivative forgotten", "end && epilogue->activation != IDENTITY",
      "false"),
    Fault(
      "convolution_cpu.h", "sums of the last chunk alone",
      "begin ? tile[r][v] : load_apart(p, pitch, left) + tile[r][v]", "tile[r][v]"),
    Fault(
      "convolution_cpu.cl", "weights of the first chunk everywhere",
      "pack(arena + w + start * (size_t)n, n, first, depth, panel)",
      "pack(arena + w, n, first, depth, panel)"),
    Fault(
      "convolution_cpu.cl", "phases without a tap not written", "} while (start < k);",
      "if (k == 0) return;\n  } while (start < k);",
      equivalent: "the loop's body has run by then"),
    Fault(
      "convolution_cpu_gradient.cl", "slice's pixels of the last turn alone",
      "begin ? tile[r][v] : load(p, left) + tile[r][v]", "tile[r][v]"),
    Fault(
      "convolution_cpu_gradient.cl", "last example of a slice left out",
      "const uint end = g.rows * (slice + 1) / slices * pixels",
      "const uint end = (max(g.rows * slice / slices + 1, g.rows * (slice + 1) / slices) - 1) * pixels"
    ),
  ]

  /// On any device.
  static let convolutions = [
    Fault(
      "convolution.h", "kernel turned around", "return (i * g->size + j) * g->depth;",
      "return ((g->size - 1 - i) * g->size + j) * g->depth;"),
    Fault(
      "convolution.h", "coarse pixel off by one", "(int)(tap / phase->columns);",
      "(int)(tap / phase->columns) + 1;"),
    Fault(
      "convolution.h", "coarse pixels beyond the last line read", "row >= 0 && row < height",
      "row >= 0 && row <= height"),
    Fault(
      "convolution.h", "padding forgotten where phases are told apart",
      "phase->tap_row = (phase->row + g->padding) % s;", "phase->tap_row = phase->row % s;"),
    Fault(
      "convolution.cl", "first slice alone", "for (uint s = 1; s < slices; s++)",
      "for (uint s = 1; s < 1; s++)"),
    Fault(
      "convolution.cl", "bias's gradient of the first example alone",
      "row < rows; row++) {\n    // An example's",
      "row < 1; row++) {\n    // An example's"),
  ]

  static let convolutionsOnGPU = [
    Fault(
      "convolution_gpu.cl", "rows above the image are its first",
      "row = (int)(at / g->coarse_width * g->stride + line % g->size) - (int)g->padding",
      "row = max(0, (int)(at / g->coarse_width * g->stride + line % g->size) - (int)g->padding)"),
    Fault(
      "convolution_gpu.cl", "bias dropped", "sum + arena[epilogue->extra + channel]", "sum"),
    Fault(
      "convolution_gpu.cl", "derivative forgotten",
      "sum * derivative(f, arena[epilogue->extra + at])", "sum"),
    Fault(
      "convolution_gpu.h", "terms beyond the last counted", "l < end && (inside)", "(inside)"),
    Fault(
      "convolution_gpu.h", "A rounded to TF32", "fma((float4)(a.x), b, rows[0])",
      "fma((float4)(as_float((as_uint(a.x) + 0x1000u) & 0xFFFFE000u)), b, rows[0])"),
    Fault(
      "convolution_gpu.h", "last term of a turn dropped", "turn < TURN; turn++",
      "turn + 1 < TURN; turn++"),
  ]
}
