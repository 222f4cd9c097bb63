extension BLASFaults {
  private static let rows = "CVectorMath/rows.c"
  private static let weights = "CVectorMath/importance.c"

  static let importance = [
    Fault(rows, "rows repeated in turn", "row / count * columns", "row % count * columns"),
    Fault(rows, "last row of a group left out", "k < count; k++", "k + 1 < count; k++"),
    Fault(rows, "factors off by 1e-4", "scale * from[i]", "1.0001f * scale * from[i]"),
    Fault(weights, "half of ln σ² off by 1e-4", "- 0.5f * spread;", "- 0.50005f * spread;"),
    Fault(
      weights, "σ's own ln without its guard",
      "0.5f * vm_log(spread * spread + VM_VARIANCE_GUARD)",
      "0.5f * vm_log(spread * spread)"),
    Fault(
      weights, "a row's sum begun anew in each of its parts", "if (column == 0) total = 0.0;",
      "total = 0.0;"),
    Fault(
      weights, "q's own derivative forgotten", "(0.5f * total) * shift - 0.5f * weight",
      "(0.5f * total) * shift"),
    Fault(
      weights, "weight of the first row for all", "weights[walk.element / latent]", "weights[0]"),
    Fault(
      weights, "weights not relative to the largest", "vm_exp(least - (r[k] + d[k]))",
      "vm_exp(-(r[k] + d[k]))"),
    Fault(weights, "bound of the sum, not the mean", "total / (double)draws)", "total)"),
    Fault(
      weights, "reconstruction by unweighted draws", "(double)w[k] * (double)r[k]",
      "(double)r[k]"),
    Fault(
      weights, "sums in double off by 1e-4", "total += (double)w[k];",
      "total += 1.0001 * (double)w[k];"),
    Fault(
      "BLASBackend/BLASBackend+Importance.swift", "divergences where reconstructions are",
      "losses + examples + share.lowerBound)", "losses + share.lowerBound)"),
    Fault(
      "BLASBackend/BLASBackend+Rows.swift", "every part takes the first factors",
      "scales + rows.lowerBound, rows.count", "scales, rows.count"),
  ]
}
