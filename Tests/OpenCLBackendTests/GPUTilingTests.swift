import Backend
import OpenCLBackend
import Testing

/// How products are divided on GPUs that are not at hand.
@Suite struct GPUTilingTests {
  /// As many multiprocessors as an H200 has.
  private static let units = 132
  private static let tiling = GPUTiling(computeUnits: units, tiles: GPUTile.allCases)

  private static func product(
    _ rows: Int, _ columns: Int, depth: Int, _ kernel: MatrixProduct.Kernel = .dense
  ) -> MatrixProduct {
    MatrixProduct(kernel, outputs: [Tensor(offset: 0, rows: rows, columns: columns)], depth: depth)
  }

  private static func groups(_ variant: GPUVariant, _ product: MatrixProduct) -> Int {
    let side = variant.tile.rawValue
    return product.outputs.reduce(0) {
      $0 + ($1.rows + side - 1) / side * (($1.columns + side - 1) / side)
    } * variant.slices
  }

  @Test(arguments: [
    // Large, of medium size, small.
    (4096, 4096, 4096, GPUVariant(.large)), (784, 1024, 4096, GPUVariant(.medium)),
    (250, 784, 320, GPUVariant(.small)),
    // Thin: the presets' first layers, and gradients with respect to their codes.
    (128, 400, 784, GPUVariant(.small, slices: 5)), (250, 250, 784, GPUVariant(.small, slices: 4)),
    (128, 20, 400, GPUVariant(.small, slices: 5)),
    // Too short to gain what a second launch costs.
    (128, 400, 20, GPUVariant(.small)), (128, 400, 256, GPUVariant(.small)),
    // Few long sums.
    (2, 1, 65_537, GPUVariant(.small, slices: 32)),
    // Nothing to do.
    (0, 3, 5, GPUVariant(.small)), (7, 3, 0, GPUVariant(.small)),
  ])
  func theRule(rows: Int, columns: Int, depth: Int, expected: GPUVariant) {
    for kernel in [MatrixProduct.Kernel.dense, .inputGradient] {
      #expect(Self.tiling.rule(Self.product(rows, columns, depth: depth, kernel)) == expected)
    }
  }

  @Test func variantsFillTheDeviceAndAreWholeSteps() {
    let extents = [1, 5, 20, 32, 33, 64, 128, 250, 400, 784, 1000, 4096]
    for kernel in MatrixProduct.Kernel.allCases {
      for (rows, columns) in extents.flatMap({ rows in extents.map { (rows, $0) } }) {
        for depth in extents {
          let product = Self.product(rows, columns, depth: depth, kernel)
          let variants = Self.tiling.variants(of: product)
          #expect(variants.contains(Self.tiling.rule(product)))
          #expect(Set(variants).count == variants.count)
          #expect(variants.filter { $0.slices == 1 }.map(\.tile) == GPUTile.allCases)
          for sliced in variants where sliced.slices > 1 {
            #expect(kernel == .dense || kernel == .inputGradient)
            #expect(Self.groups(sliced, product) <= 2 * Self.units)
            #expect(depth / sliced.slices >= 32)
          }
        }
      }
    }
  }

  @Test func aTileThatDoesNotFitIsNotUsed() {
    let tiling = GPUTiling(computeUnits: Self.units, tiles: [.medium, .small])
    let product = Self.product(4096, 4096, depth: 4096)
    #expect(tiling.rule(product) == GPUVariant(.medium))
    #expect(tiling.variants(of: product) == [GPUVariant(.medium), GPUVariant(.small)])
  }

  @Test func aChoiceGoesBeforeTheRuleWhereTheDeviceCanRunIt() {
    var tiling = GPUTiling(computeUnits: Self.units, tiles: [.medium, .small])
    let (chosen, other) = (Self.product(4096, 4096, depth: 64), Self.product(64, 64, depth: 64))
    tiling.choice = { $0 == chosen ? GPUVariant(.small) : nil }
    #expect(tiling.variant(of: chosen) == GPUVariant(.small))
    #expect(tiling.variant(of: other) == tiling.rule(other))
    tiling.choice = { _ in GPUVariant(.large) }
    #expect(tiling.variant(of: chosen) == tiling.rule(chosen))
  }

  @Test func groupsOfAnySizeAreNoLargerThanTheKernelAllows() {
    let grid = Grid(items: 1000, groupSize: 128)
    #expect(grid.limited(to: 256).local[0] == 128)
    let limited = grid.limited(to: 96)
    #expect(limited.local[0] == 96 && limited.global[0] == 1056)
    // What needs groups of one size keeps it.
    #expect(Grid(groups: (5, 2, 1), of: 128).limited(to: 96).local[0] == 128)
  }
}
