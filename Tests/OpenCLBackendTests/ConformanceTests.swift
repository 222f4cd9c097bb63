import Backend
import OpenCLBackend
import Parity
import Testing

/// Every operation against the Double reference on every device, with the kernels that the device
/// gets and with the others, which a CPU device can run too, if slowly.
@Suite struct ConformanceTests {
  @Test(arguments: OpenCLScan.current().devices)
  func operationsStayWithinTheirBounds(device: OpenCLDevice) throws {
    try checkBackend(try OpenCLBackend(device: device.index)).requireConformance()
  }

  @Test(arguments: OpenCLScan.current().devices, [Tuning.gpu, .cpuNarrow])
  func otherKernelsStayWithinTheirBounds(device: OpenCLDevice, tuning: Tuning) throws {
    let backend = try OpenCLBackend(device: device.index, tuning: tuning)
    try checkBackend(backend, extent: .small).requireConformance()
  }

  /// Without a device, no test here would run.
  @Test func thereIsADevice() {
    #expect(!OpenCLScan.current().devices.isEmpty, "\(OpenCLScan.current().failures)")
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

extension OpenCLDevice: CustomTestStringConvertible {
  public var testDescription: String { "opencl:\(index) \(summary)" }
}
