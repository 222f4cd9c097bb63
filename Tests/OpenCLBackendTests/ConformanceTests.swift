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
}
