extension KernelFaults {
  static let importance = [
    Fault(
      "rows.cl", "rows repeated in turn", "input + row / count * columns",
      "input + row % count * columns"),
    Fault("rows.cl", "last row of a group left out", "k < count; k++", "k + 1 < count; k++"),
    Fault("rows.cl", "sums not scaled", "store(scale * total,", "store(total,"),
    Fault("rows.cl", "factor of the first row for all", "arena[scales + row]", "arena[scales]"),
    Fault(
      "divergence.cl", "half of ln σ² forgotten", "-0.5f * logarithm), left", "-logarithm), left"),
    Fault(
      "divergence.cl", "ln p(z) without ε's density", "fma((vec)(2.0f), noise, d)",
      "fma((vec)(1.0f), noise, d)"),
    Fault(
      "divergence.cl", "noise of the block's beginning", "const uint i = lane + shift;",
      "const uint i = lane;"),
    Fault(
      "divergence.cl", "σ = e^γ on the way back", "? exp(0.5f * s) : s) * noise",
      "? exp(s) : s) * noise"),
    Fault(
      "divergence.cl", "weight of the first row for all", "arena[weights + row]",
      "arena[weights]"),
    Fault(
      "divergence.cl", "q's own derivative forgotten", "fma(0.5f * t, shift, -0.5f * w)",
      "0.5f * t * shift"),
    Fault(
      "importance.cl", "weights not relative to the largest",
      "exp(m - (loss + load(d + k, left)))", "exp(-(loss + load(d + k, left)))"),
    Fault("importance.cl", "weights not normalized", "* (scale / s)", "* scale"),
    Fault(
      "importance.cl", "bound of the sum, not the mean", "log(s / (float)draws)", "log(s)"),
    Fault(
      "importance.cl", "reconstruction by unweighted draws", "keep(e * loss, left)",
      "keep(loss, left)"),
    Fault(
      "importance.cl", "lanes beyond the draws summed", "total += keep(e, left);", "total += e;"),
  ]
}
