extension BLASFaults {
  private static let unfold = "CVectorMath/convolution.c"
  private static let convolution = "BLASBackend/BLASBackend+Convolution.swift"

  static let convolutions = [
    Fault(
      unfold, "padding holds what was there",
      "for (ptrdiff_t i = 0; i < before; i++) to[i] = 0.0f;", ""),
    Fault(
      unfold, "rows below the image read", "row < 0 || row >= g->height", "row < 0"),
    Fault(
      unfold, "a run of four loses its last", "*(vm_four *)to += *(const vm_four *)from;",
      "for (ptrdiff_t i = 0; i < 3; i++) to[i] += from[i];"),
    Fault(unfold, "every image is the first", "line / g->coarse_height * size", "0 * size"),
    Fault(
      convolution, "bias of the fine image left out",
      "vm_fill_channels(bias, fine.planes, fine.pixels, fine.depth, start)",
      "start.update(repeating: 0, count: fine.count)"),
    Fault(
      convolution, "an image begun by each of its blocks",
      "(block.lowerBound + height - 1) / height..<", "block.lowerBound / height..<"),
    Fault(
      convolution, "an image finished by its first block",
      "block.lowerBound / height..<block.upperBound / height",
      "block.lowerBound / height..<(block.upperBound + height - 1) / height"),
    Fault(
      convolution, "gradient of a slice's last block alone", "accumulate: !isFirst",
      "accumulate: false"),
    Fault(
      convolution, "gradient of no examples left alone",
      "if isFirst { sums.update(repeating: 0, count: weights) }", ""),
    Fault(
      convolution, "last slice left out", "partials + share.lowerBound, slices, share.count",
      "partials + share.lowerBound, max(slices - 1, 1), share.count"),
  ]
}
