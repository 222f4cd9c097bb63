import Arguments
import Backend
import OpenCLBackend

/// `64`, or `64/3` for sums in three slices.
extension GPUVariant: ExpressibleByArgument {
  public init(argument: String) throws {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard let side = parts[0], let tile = GPUTile(rawValue: side),
      let slices = parts.count == 1 ? 1 : parts[1], (1...1 << 10).contains(slices), parts.count < 3
    else {
      throw InvalidValue("'\(argument)' is not 32, 64 or 128, or one of these as in 64/3")
    }
    self.init(tile, slices: slices)
  }
}

/// How matrix products are divided on GPUs, for commands that check or measure that.
struct TileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Have the kernels for GPUs divide every matrix product into tiles of this side, 32, 64 or 128, \
      and its sums into so many slices. (default: by the shape)
      """, valueName: "side[/slices]"))
  var tile: GPUVariant?

  /// Has `backend` do so, if it is OpenCL's.
  func apply(to backend: any Backend) throws {
    guard let tile, let backend = backend as? OpenCLBackend else { return }
    guard var tiling = backend.gpuTiling else {
      throw ValidationError("--tile is of the kernels for GPUs, not of those for \(backend.device)")
    }
    guard tiling.tiles.contains(tile.tile) else {
      throw ValidationError(
        "\(backend.device) has too few registers or too little local memory for "
          + "--tile \(tile.tile.rawValue)")
    }
    tiling.choice = { _ in tile }
    backend.gpuTiling = tiling
  }
}
