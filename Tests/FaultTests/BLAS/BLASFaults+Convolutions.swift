extension BLASFaults {
  private static let indexed = "CVectorMath/indexed.c"
  private static let fold = "CVectorMath/convolution.c"
  private static let folder = "BLASBackend/Convolutions"
  private static let phase = "\(folder)/ConvolutionPhase.swift"
  private static let transposed = "\(folder)/ConvolutionTransposed.swift"
  private static let gradient = "\(folder)/ConvolutionGradient.swift"

  static let convolutions = [
    Fault(
      indexed, "sums begin anew with each part of the terms",
      "accumulate || first > 0 ? NULL : begin", "accumulate ? NULL : begin"),
    Fault(indexed, "every second row is the one before", "left[m][*term]", "left[m & ~1][*term]"),
    Fault(
      indexed, "columns beyond the last written", "memcpy(result[m], part + m * width, bytes)",
      "memcpy(result[m], part + m * width, (size_t)width * sizeof(float))"),
    Fault(
      indexed, "rows beyond the last are the first",
      "row + m : product->row_count - 1", "row + m : 0"),
    Fault(
      indexed, "a right matrix's parts all at its beginning", "(first_row + row) * width",
      "row * width"),
    Fault(
      fold, "first row of the image left out", "row >= 0 && row < g->height",
      "row > 0 && row < g->height"),
    Fault(
      fold, "a run of four loses its last", "*(vm_four *)to += *(const vm_four *)from;",
      "for (ptrdiff_t i = 0; i < 3; i++) to[i] += from[i];"),
    Fault(fold, "every image is the first", "line / g->coarse_height *", "0 *"),
    Fault(fold, "pixels that overlap left out", "pass < passes", "pass < 1"),
    Fault(
      "\(folder)/PaddedImages.swift", "padding holds what was there",
      "memory.update(repeating: 0, count: count * self.count)", ""),
    Fault(
      "\(folder)/ConvolutionLayout.swift", "every image of a group is the first",
      "image * fine.count + fine.offset", "min(image, 0) * fine.count + fine.offset"),
    Fault(
      "\(folder)/ConvolutionForward.swift", "bias left out", "start: epilogue.bias", "start: nil"),
    Fault(
      phase, "taps not turned around", "taps.rows - 1 - tap / taps.columns", "tap / taps.columns"),
    Fault(
      phase, "pixels without taps left alone", "guard pixels > 0 ",
      "guard pixels > 0, taps.rows * taps.columns > 0 "),
    Fault(phase, "a window too far down", "- (taps - 1) + before", "- taps + 1 + before + 1"),
    Fault(
      transposed, "weights of the first phase for all", "right += phase.bandElements",
      "right += 0"),
    Fault(
      transposed, "bias of the last plane left out",
      "vm_fill_channels(bias, fine.planes,",
      "vm_fill_channels(bias, fine.planes - 1,"),
    Fault(
      gradient, "gradient of a slice's last group alone",
      "accumulate: group.lowerBound > examples.lowerBound", "accumulate: false"),
    Fault(
      gradient, "gradient of no examples left alone",
      "if examples.isEmpty { sums.update(repeating: 0, count: weights) }", ""),
    Fault(
      gradient, "last slice left out", "partials + share.lowerBound, slices, share.count",
      "partials + share.lowerBound, max(slices - 1, 1), share.count"),
  ]
}
