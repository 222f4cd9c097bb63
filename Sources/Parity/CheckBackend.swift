import Backend
import ReferenceBackend

/// The names of everything that `checkBackend` tries, in its order.
public let checkedOperations: [String] = {
  var catalogue = Catalogue(extent: .small, seed: 1)
  catalogue.build()
  var names = [dataTransfers]
  for entry in catalogue.entries where !names.contains(entry.operation) {
    names.append(entry.operation)
  }
  return names
}()

/// Runs every operation of `Backend` on `backend` and on `ReferenceBackend` from the same
/// single-precision inputs and holds the results against bounds that are derived, element by
/// element, from the operations' formulas.
///
/// The bounds hold for any order of summation, with or without fused multiply-adds and with or
/// without denormals: see `Bounded` for the arithmetic, `MatrixProduct` for sums of products,
/// `OutputComparison` for the statistical gate on them. A value that is NaN or infinite must be so in
/// the reference and the other way round. Nothing but the documented outputs may change, bit for bit,
/// and a second run on the same inputs must give the same bits.
///
/// A backend's conformance test is one line:
///
///     @Test func conforms() throws { try checkBackend(backend).requireConformance() }
///
/// Whatever the backend's arena and tables held before is lost. Errors that the backend throws are
/// failures of the case.
///
/// - Parameters:
///   - extent: Which cases to try.
///   - seed: What their inputs are drawn from.
///   - subject: A model whose own shapes are tried too, where the presets' are.
///   - operations: Which of `checkedOperations` to try, `nil` for all; `dataTransfers` names the
///     upload, download and allocation checks.
public func checkBackend(
  _ backend: any Backend, extent: Extent = .quick, seed: UInt64 = 1,
  subject: TrainingSubject? = nil, operations: Set<String>? = nil
) -> ConformanceReport {
  let clock = ContinuousClock()
  let start = clock.now
  let reference = ReferenceBackend()
  var results: [CaseResult] = []
  if operations?.contains(dataTransfers) != false { results.append(checkTransfers(backend)) }
  var catalogue = Catalogue(extent: extent, seed: seed, subject: subject)
  catalogue.build()
  for entry in catalogue.entries where operations?.contains(entry.operation) != false {
    results.append(
      entry.makeCase().check(on: backend, reference: reference, number: entry.number))
  }
  return ConformanceReport(
    backend: backend.name, device: backend.device, extent: extent, seed: seed,
    seconds: (clock.now - start) / .seconds(1), cases: results)
}

extension OperationCase {
  fileprivate func check(on backend: any Backend, reference: ReferenceBackend, number: UInt64)
    -> CaseResult
  {
    var comparisons: [OutputComparison] = []
    var failures: [Failure] = []
    do {
      let after = try contents(on: backend)
      failures += canaries(after)
      let bitsAgain = try contents(on: backend).map(\.bitPattern)
      if let index = after.indices.first(where: { after[$0].bitPattern != bitsAgain[$0] }) {
        let again = Float(bitPattern: bitsAgain[index])
        failures.append(
          Failure(
            gate: .repeatability,
            reason: "\(arena.place(of: index)) is \(after[index]), then \(again)"))
      }
      _ = try contents(on: reference)
      comparisons = zip(outputs, try bounds()).map { output, bounds in
        OutputComparison(
          name: output.name, rows: output.tensor.rows, columns: output.tensor.columns,
          values: Array(after[output.tensor.range]),
          reference: reference.values(of: output.tensor), bounds: bounds)
      }
    } catch {
      failures.append(Failure(gate: .error, reason: "\(error)"))
    }
    return CaseResult(
      operation: operation, shapes: shapes, variant: variant, data: kind, number: number,
      outputs: comparisons.map(\.result),
      failures: failures + comparisons.flatMap(\.failures))
  }

  /// The arena after the operation ran.
  func contents(on backend: any Backend) throws -> [Float] {
    try backend.allocate(elements: arena.contents.count)
    backend.upload(arena.contents, to: arena.everything)
    try run(backend)
    return try backend.download(arena.everything)
  }

  /// The first element outside the outputs that changed.
  private func canaries(_ after: [Float]) -> [Failure] {
    let written = (outputs.map(\.tensor) + scratch).map(\.range)
    let changed = after.indices.first { index in
      after[index].bitPattern != arena.contents[index].bitPattern
        && !written.contains { $0.contains(index) }
    }
    return changed.map {
      [
        Failure(
          gate: .canary,
          reason: "\(arena.place(of: $0)) was \(arena.contents[$0]) and became \(after[$0])")
      ]
    } ?? []
  }
}
