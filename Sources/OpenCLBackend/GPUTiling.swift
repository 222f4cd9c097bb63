import Backend

/// A tile of `matmul_gpu.cl`: the side of the part of the output that a work-group computes.
package enum GPUTile: Int, CaseIterable, Codable, Sendable {
  case large = 128
  case medium = 64
  case small = 32

  /// ITEMS: work-items of a group.
  var items: Int { self == .small ? 64 : 256 }
  /// DEPTH: terms of the sums in local memory at a time.
  var depth: Int { 1024 / rawValue }
  /// The kernels that compute it.
  var kernels: [String] { MatrixProduct.Kernel.allCases.map(name) }

  /// The one of them that computes it of `product`.
  func name(_ product: MatrixProduct.Kernel) -> String { "\(product.rawValue)_\(rawValue)" }
}

/// A way to divide a product among a GPU's work-groups.
package struct GPUVariant: Codable, Hashable, Sendable {
  /// The part of the output that a work-group computes.
  package let tile: GPUTile
  /// How many work-groups share a tile, each with a slice of the sums' terms; a second kernel adds the
  /// slices, always in the same order.
  package let slices: Int

  /// Whole sums, or slices of them.
  package init(_ tile: GPUTile, slices: Int = 1) {
    self.tile = tile
    self.slices = slices
  }

  /// Terms of a slice: whole steps of the kernel, so that of `depth` terms there may be fewer slices.
  func slice(of depth: Int) -> Int {
    max(depth.dividedUp(by: slices * tile.depth), 1) * tile.depth
  }
}

/// How the kernels of `matmul_gpu.cl` divide products.
package struct GPUTiling: Sendable {
  /// Multiprocessors of the device.
  package let computeUnits: Int
  /// The tiles whose kernels the device can run, the largest first.
  package let tiles: [GPUTile]
  /// Decides in place of `rule`, where it says anything and the device can run what it says.
  package var choice: @Sendable (MatrixProduct) -> GPUVariant? = { _ in nil }

  /// A device that can run at least one of the tiles.
  package init(computeUnits: Int, tiles: [GPUTile]) {
    precondition(!tiles.isEmpty, "a device that runs no tile")
    self.computeUnits = computeUnits
    self.tiles = tiles
  }

  /// A slice no thinner than this many terms keeps a work-group longer at its sums than at starting and
  /// storing them.
  private static let thinnestSlice = 64
  /// So many slices at most, since each element's are added one after the other.
  private static let mostSlices = 32
  /// What a second launch costs, in terms of a sum. An estimate, to be measured: a launch and its memory
  /// traffic take about 4 µs, a work-group that waits for memory about 15 ns a term.
  private static let launchCost = 256

  /// The ways to divide `product` that may be the fastest: every tile, with whole sums and, where that
  /// leaves units idle, with sums in slices.
  package func variants(of product: MatrixProduct) -> [GPUVariant] {
    tiles.flatMap { tile in
      let sliced = sliced(product, tile)
      return [GPUVariant(tile)] + (sliced.slices > 1 ? [sliced] : [])
    }
  }

  /// The largest tile of which there are enough to occupy every unit. Where there are too few of all of
  /// them, the smallest, with its sums in slices if these save more than the second launch costs.
  package func rule(_ product: MatrixProduct) -> GPUVariant {
    if let tile = tiles.first(where: { product.groups(of: $0) >= computeUnits }) {
      return GPUVariant(tile)
    }
    let smallest = tiles[tiles.count - 1]
    let sliced = sliced(product, smallest)
    let saved = product.depth - sliced.slice(of: product.depth)
    return saved >= Self.launchCost ? sliced : GPUVariant(smallest)
  }

  /// One to two work-groups a unit, by slices that are not too thin.
  private func sliced(_ product: MatrixProduct, _ tile: GPUTile) -> GPUVariant {
    guard product.canBeSliced else { return GPUVariant(tile) }
    let wanted = min(
      2 * computeUnits / max(product.groups(of: tile), 1), product.depth / Self.thinnestSlice,
      Self.mostSlices)
    let slice = GPUVariant(tile, slices: max(wanted, 1)).slice(of: product.depth)
    return GPUVariant(tile, slices: max(product.depth.dividedUp(by: slice), 1))
  }

  /// How `product` is divided.
  package func variant(of product: MatrixProduct) -> GPUVariant {
    guard let chosen = choice(product), tiles.contains(chosen.tile) else { return rule(product) }
    return chosen
  }
}

extension GPUTiling {
  /// The kernel of `dense_forward` or `dense_input_gradient`.
  func product(_ product: MatrixProduct) -> MatrixKernel {
    let variant = variant(of: product)
    let (side, output) = (variant.tile.rawValue, product.outputs[0])
    let slice = variant.slice(of: product.depth)
    let slices = max(product.depth.dividedUp(by: slice), 1)
    return MatrixKernel(
      name: variant.tile.name(product.kernel),
      grid: Grid(
        groups: (output.columns.dividedUp(by: side), output.rows.dividedUp(by: side), slices),
        of: variant.tile.items),
      arguments: [.size(UInt32(slice))], slices: (slices, product.kernel.rawValue + "_slices"))
  }

  /// The kernel of gradients with respect to parameters, and how many of its groups each layer takes.
  func gradients(_ product: MatrixProduct) -> (kernel: MatrixKernel, groups: [Int]) {
    let tile = variant(of: product).tile
    let groups = product.outputs.map { $0.groups(of: tile) }
    let kernel = MatrixKernel(
      name: tile.name(product.kernel),
      grid: Grid(groups: (groups.reduce(0, +), 1, 1), of: tile.items), arguments: [])
    return (kernel, groups)
  }
}

extension MatrixProduct {
  fileprivate func groups(of tile: GPUTile) -> Int {
    outputs.reduce(0) { $0 + $1.groups(of: tile) }
  }

  fileprivate var canBeSliced: Bool { kernel == .dense || kernel == .inputGradient }
}

extension MatrixProduct.Output {
  fileprivate func groups(of tile: GPUTile) -> Int {
    rows.dividedUp(by: tile.rawValue) * columns.dividedUp(by: tile.rawValue)
  }
}
