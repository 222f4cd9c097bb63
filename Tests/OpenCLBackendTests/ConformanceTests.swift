import OpenCLBackend
import Parity
import Testing

/// Every operation against the Double reference on every device, with the kernels that the device
/// gets and with those for GPUs, which a CPU device can run too, if slowly.
@Suite struct ConformanceTests {
  @Test(arguments: OpenCLScan.current().devices)
  func operationsStayWithinTheirBounds(device: OpenCLDevice) throws {
    try checkBackend(try OpenCLBackend(device: device.index)).requireConformance()
  }

  @Test(arguments: OpenCLScan.current().devices)
  func kernelsForGPUsStayWithinTheirBounds(device: OpenCLDevice) throws {
    let backend = try OpenCLBackend(device: device.index, tuning: .gpu)
    try checkBackend(backend, extent: .small).requireConformance()
  }

  /// Without a device, no test here would run.
  @Test func thereIsADevice() {
    #expect(!OpenCLScan.current().devices.isEmpty, "\(OpenCLScan.current().failures)")
  }
}

extension OpenCLDevice: CustomTestStringConvertible {
  public var testDescription: String { "opencl:\(index) \(summary)" }
}
