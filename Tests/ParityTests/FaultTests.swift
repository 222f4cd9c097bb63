import Backend
import Parity
import ReferenceBackend
import Testing

@Suite struct FaultTests {
  @Test(
    arguments: denseFaults + convolutionFaults + modelFaults + dataFaults + importanceFaults
      + objectiveFaults
      + corruptionFaults)
  func isFound(fault: Fault) {
    let report = checkBackend(fault.backend, extent: .small, operations: [fault.operation])
    let gates = Set(report.failures.flatMap(\.failures).map(\.gate))
    #expect(gates.contains(fault.gate), "\(fault.testDescription): found by \(gates)")
    #expect(!gates.contains(.oracle))
    #expect(throws: ConformanceError.self) { try report.requireConformance() }
  }

  /// A relative error of 10⁻⁵, some hundred ulp, in any one output of any operation.
  @Test(arguments: checkedOperations.filter { $0 != "data transfers" })
  func smallRelativeErrorIsFound(operation: String) {
    var outputs = 1
    var index = 0
    while index < outputs {
      let backend = FaultyBackend { call, base in
        call.perform(on: base)
        guard call.results.operation == operation else { return }
        outputs = max(outputs, call.results.outputs.count)
        guard index < call.results.outputs.count else { return }
        base.round(call.results.outputs[index]) { $0 * (1 + 1e-5) }
      }
      let report = checkBackend(backend, extent: .small, operations: [operation])
      let found = report.failures.filter {
        index < $0.outputs.count && $0.outputs[index].boundUse > 1
      }
      #expect(!found.isEmpty, "output \(index) of \(operation)")
      index += 1
    }
  }

  @Test(arguments: [denseFaults[0], modelFaults[0], dataFaults[0]])
  func isBlamedOnItsOperationAlone(fault: Fault) {
    let report = checkBackend(fault.backend, extent: .small)
    #expect(Set(report.failures.map(\.operation)) == [fault.operation])
    #expect(report.summaries.filter { $0.failures > 0 }.map(\.operation) == [fault.operation])
  }

  /// At K = 784 TF32 hardly leaves the hard bound; the statistic is two orders off.
  @Test func tensorCoresAreFoundByTheStatistic() throws {
    let fault = try #require(denseFaults.first { $0.name.contains("TF32") })
    let report = checkBackend(fault.backend, extent: .quick, operations: [Dense.name])
    let result = try #require(
      report.failures.first { $0.shapes == "128×784 · 784×400" && $0.variant == "identity" })
    #expect(result.failures.contains { $0.gate == .statistic })
    #expect(result.outputs[0].boundUse < 3)
    let statistic = try #require(result.outputs[0].productStatistic)
    #expect((50...500).contains(statistic))
  }

  @Test func reportNamesCaseAndElement() throws {
    let fault = try #require(denseFaults.first { $0.name == "last row dropped" })
    let report = checkBackend(fault.backend, extent: .small, operations: [Dense.name])
    let error = #expect(throws: ConformanceError.self) { try report.requireConformance() }
    let text = "\(try #require(error))"
    #expect(text.contains("dense, 5×7 · 7×2, elu"))
    #expect(text.contains("unwritten: Y[4, 0] was never written"))
    #expect(text.contains("seed 1"))
  }

  @Test func worstElementIsLocated() throws {
    let backend = FaultyBackend { call, base in
      call.perform(on: base)
      guard case .dense(let operation) = call, operation.output.count == 63 * 63 else { return }
      base.round(Tensor(offset: operation.output.offset + 5 * 63 + 7, rows: 1, columns: 1)) {
        $0 + 0.01
      }
    }
    let report = checkBackend(backend, extent: .small, operations: [Dense.name])
    let result = try #require(report.failures.first)
    let worst = try #require(result.outputs.first?.worst)
    #expect(report.failures.count == 1 && result.shapes == "63×63 · 63×63")
    #expect(worst.row == 5 && worst.column == 7)
  }
}
