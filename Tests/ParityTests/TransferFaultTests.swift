import Backend
import Foundation
import Parity
import ReferenceBackend
import Testing

/// Faults in moving data, in errors and from run to run, rather than in a formula.
@Suite struct TransferFaultTests {
  private func gates(_ backend: some Backend, _ operation: String) -> Set<Failure.Gate> {
    let report = checkBackend(backend, extent: .small, operations: [operation])
    return Set(report.failures.flatMap(\.failures).map(\.gate))
  }

  @Test func arenaThatIsNotZeroedIsFound() {
    final class Stale: FaultyBackend {
      private var before: [Float] = []
      override func download(
        _ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>
      ) throws {
        try super.download(tensor, into: values)
        if before.count < values.count { before = Array(values) }
      }
      override func allocate(elements: Int) throws {
        try super.allocate(elements: elements)
        if before.count == elements {
          upload(before.map { $0 + 1 }, to: Tensor(offset: 0, rows: 1, columns: elements))
        }
      }
    }
    #expect(gates(Stale(), dataTransfers).contains(.bound))
  }

  @Test func uploadThatCopiesLateIsFound() {
    final class Late: FaultyBackend {
      private var pending: (UnsafeBufferPointer<Float>, Tensor)?
      override func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
        // Only where the memory is sure to be there still: rows of a matrix.
        if tensor.rows == 3 { pending = (values, tensor) } else { super.upload(values, to: tensor) }
      }
      override func download(
        _ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>
      ) throws {
        if let (late, target) = pending {
          super.upload([Float](repeating: -1, count: late.count), to: target)
          pending = nil
        }
        try super.download(tensor, into: values)
      }
    }
    #expect(gates(Late(), dataTransfers).contains(.bound))
  }

  @Test func uploadBesideItsTensorIsFound() {
    final class Wide: FaultyBackend {
      override func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
        super.upload(values, to: tensor)
        if tensor.rows > 1 {
          super.upload([0.5], to: Tensor(offset: tensor.offset - 1, rows: 1, columns: 1))
        }
      }
    }
    #expect(gates(Wide(), dataTransfers).contains(.canary))
  }

  @Test func resultsThatChangeFromRunToRunAreFound() {
    var calls = 0
    let backend = FaultyBackend { call, base in
      call.perform(on: base)
      calls += 1
      if case .sumRows(_, let output) = call, calls % 2 == 0 {
        base.round(output) { Double(Float($0).nextUp) }
      }
    }
    #expect(gates(backend, SumRows.name).contains(.repeatability))
  }

  @Test func errorsAreFailuresOfTheirCase() {
    final class Broken: FaultyBackend {
      override func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws
        -> PixelTable
      {
        throw BackendError.operationFailed(
          operation: Gather.name, device: "none", reason: "out of order")
      }
    }
    let report = checkBackend(Broken(), extent: .small, operations: [Gather.name, SumRows.name])
    #expect(report.failures.allSatisfy { $0.operation == Gather.name && $0.outputs.isEmpty })
    #expect("\(report.failures[0])".contains("error: gather failed on none: out of order"))
  }

  /// Failing reports hold no NaN or infinity that JSON has no word for.
  @Test func reportSurvivesJSON() throws {
    let backend = FaultyBackend { call, base in
      call.perform(on: base)
      if case .activate(let operation) = call { base.round(operation.output) { 1 / $0 } }
    }
    let report = checkBackend(backend, extent: .small, operations: [Activate.name])
    let copy = try JSONDecoder().decode(
      ConformanceReport.self, from: JSONEncoder().encode(report))
    #expect(copy.failures.count == report.failures.count && !copy.failures.isEmpty)
    #expect(copy.summaries.map(\.boundUse) == report.summaries.map(\.boundUse))
  }
}
