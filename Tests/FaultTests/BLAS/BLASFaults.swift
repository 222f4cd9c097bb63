/// Faults of the BLAS path, in files of `Sources`.
enum BLASFaults {
  static let all =
    products + pieces + stretches + layers + updates + threads + operations + elements + sums
    + model + objectives + importance + random + convolutions
}
