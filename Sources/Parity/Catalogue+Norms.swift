import Backend

extension Catalogue {
  mutating func norms() {
    // 4 is the limit squared.
    let squares: [Float] = [0, 1, 4, 5, 1e6, 0x1p-130, .infinity, .nan]
    let block = SumSquares.block
    let long = extent.hasLongSums ? [block - 1, block, block + 1, 3 * block + 17] : [block + 1]
    for (index, count) in (extent.edges + long).enumerated() {
      add(SumSquares.name, skew: index % 4) { .sumSquares(count: count, $0) }
      add(ClipByNorm.name, skew: index % 4) {
        .clipByNorm(count: count, squaredNorm: squares[index % squares.count], $0)
      }
    }
    for kind in extent.kinds {
      add(SumSquares.name, kind) { .sumSquares(count: 515, $0) }
      for square in squares {
        add(ClipByNorm.name, kind) { .clipByNorm(count: 515, squaredNorm: square, $0) }
      }
    }
    guard extent.hasPresets else { return }
    add(SumSquares.name) { .sumSquares(count: 472_894, $0) }
    add(ClipByNorm.name) { .clipByNorm(count: 472_894, squaredNorm: 5, $0) }
  }
}
