extension BLASFaults {
  private static let gaussian = "CVectorMath/gaussian.c"
  private static let freeBits = "CVectorMath/freebits.c"
  private static let binarize = "CVectorMath/binarize.c"

  static let objectives = [
    Fault(
      "CVectorMath/loss.c", "a Gaussian's constant left out", "weight * (float)total + constant",
      "weight * (float)total"),
    Fault(
      "CVectorMath/loss.c", "a Gaussian's gradient without its variance", "scale *= weight;", ""),
    Fault(
      gaussian, "the variance's bound off by 1e-4", "VARIANCE -12.0f", "VARIANCE -12.0012f"),
    Fault(gaussian, "the variance's bound hard", "bounded + vm_log1p_unit(u)", "bounded"),
    Fault(
      gaussian, "precision off by 1e-4", "vm_exp(-log_variance)", "1.0001f * vm_exp(-log_variance)"),
    Fault(gaussian, "the residual's sign", "(1.0f - excess)", "(1.0f + excess)"),
    Fault(
      gaussian, "gradients in each other's places", "g[(2 * row + 1) * columns + i]",
      "g[2 * row * columns + columns - 1 - i]"),
    Fault(freeBits, "sum in place of the average", "divergence[i] /= (float)rows;", ";"),
    Fault(
      freeBits, "dimensions at the minimum too", "divergence[i] > minimum ? moved",
      "divergence[i] >= minimum ? moved"),
    Fault(
      freeBits, "gradient overwritten", "mean_gradient[i] + kl_weight * mean[i]",
      "kl_weight * mean[i]"),
    Fault(binarize, "white by 256 levels", "255 * (drawn", "256 * (drawn"),
    Fault(
      binarize, "draws by the batch's row", "order ? (ptrdiff_t)order[row] : start + row",
      "start + row"),
    Fault(
      "BLASBackend/BLASBackend+Losses.swift", "variance learned a half too fast",
      "Double(operation.scale) * PixelVariance.slope(parameter) * sum",
      "1.5 * Double(operation.scale) * PixelVariance.slope(parameter) * sum"),
    Fault(
      "BLASBackend/BLASBackend+Losses.swift", "slope of the bound forgotten",
      "PixelVariance.slope(parameter) * sum", "sum"),
  ]
}
