import Backend

extension Catalogue {
  mutating func freeBits() {
    var shapes = [(1, 1), (3, 7), (17, 3), (65, 20), (128, 33), (300, 17)]
    if extent.hasPresets { shapes += [(128, 20), (250, 30)] }
    for posterior in Posterior.allCases {
      for (index, (rows, latent)) in shapes.enumerated() {
        addFreeBits(rows, latent, posterior, .ordinary, skew: index % 4)
      }
      for (index, kind) in extent.kinds.enumerated() {
        addFreeBits(13, 21, posterior, kind, skew: index % 4)
      }
    }
  }

  mutating func addFreeBits(
    _ rows: Int, _ latent: Int, _ posterior: Posterior, _ kind: DataKind, skew: Int
  ) {
    add(LatentDivergence.name, kind, skew: skew) {
      .latentDivergence(rows: rows, latent: latent, posterior, $0)
    }
    add(FreeBitsGradient.name, kind, skew: skew) {
      .freeBitsGradient(rows: rows, latent: latent, posterior, klWeight: 1 / 128, $0)
    }
  }

  mutating func varianceGradients() {
    for (index, rows) in extent.edges.enumerated() {
      add(VarianceGradient.name, skew: index % 4) {
        .varianceGradient(rows: rows, pixels: 784, $0)
      }
    }
    for kind in extent.kinds {
      for pixels in [1, 12_288] {
        add(VarianceGradient.name, kind) { .varianceGradient(rows: 128, pixels: pixels, $0) }
      }
    }
  }

  mutating func binarize() {
    // Rows of less than a block, of whole ones and of more than a vector's; examples beyond 16 bits.
    let shapes = [
      (0, 5, 1), (1, 1, 0), (7, 3, 13), (33, 65, 7), (5, 300, 3), (3, 7, 69_991),
    ]
    for isOrdered in [false, true] {
      for (index, (rows, columns, start)) in shapes.enumerated() {
        let noise = Self.noises[index % Self.noises.count]
        add(Binarize.name, skew: index % 4) {
          .binarize(
            rows: rows, columns: columns, start: start, isOrdered: isOrdered, noise: noise, $0)
        }
      }
      if extent.hasPresets {
        add(Binarize.name) {
          .binarize(
            rows: 128, columns: 784, start: 256, isOrdered: isOrdered, noise: Self.noises[5], $0)
        }
      }
    }
  }
}
