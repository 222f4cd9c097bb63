import Backend
import OpenCLBackend
import Parity
import Testing

/// Every operation against the Double reference, with the kernels that the device gets and with those
/// for GPUs, which a CPU device can run too, if slowly. A machine without a device fails here.
@Suite struct ConformanceTests {
  @Test func operationsStayWithinTheirBounds() throws {
    try checkBackend(try OpenCLBackend()).requireConformance()
  }

  @Test func kernelsForGPUsStayWithinTheirBounds() throws {
    try checkBackend(try OpenCLBackend(tuning: .gpu), extent: .small).requireConformance()
  }

  /// The shapes tried are small, and the rule divides them in few ways.
  @Test(arguments: GPUTile.allCases, [1, 3])
  func everyWayToDivideAProductStaysWithinItsBounds(tile: GPUTile, slices: Int) throws {
    let backend = try OpenCLBackend(tuning: .gpu)
    var tiling = try #require(backend.gpuTiling)
    try #require(tiling.tiles.contains(tile))
    tiling.choice = { _ in GPUVariant(tile, slices: slices) }
    backend.gpuTiling = tiling
    let products = [Dense.name, DenseInputGradient.name, DenseParameterGradient.name]
    // Gradients of parameters are never in slices.
    let tried = slices == 1 ? products + [DenseUpdate.name] : Array(products.prefix(2))
    try checkBackend(backend, extent: .small, operations: Set(tried)).requireConformance()
  }
}
