import Backend

/// The name under which `checkBackend` tries allocation, upload and download.
public let dataTransfers = "data transfers"

/// Allocation gives zeros; uploads and downloads move bits, of slices too, and touch nothing else.
func checkTransfers(_ backend: any Backend) -> CaseResult {
  var failures: [Failure] = []
  func require(_ isRight: Bool, _ gate: Failure.Gate, _ reason: String) {
    if !isRight { failures.append(Failure(gate: gate, reason: reason)) }
  }
  func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  let everything = Tensor(offset: 0, rows: 1, columns: 1000)
  let matrix = Tensor(offset: 65, rows: 9, columns: 17)
  let slice = matrix[rows: 2..<5]
  let special: [Float] = [
    .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    Float(bitPattern: 0x7FC5_A5A5),
  ]
  do {
    for round in 1...2 {
      try backend.allocate(elements: everything.count)
      let fresh = try backend.download(everything)
      require(fresh.allSatisfy { $0.bitPattern == 0 }, .bound, "allocation \(round) is not zero")

      var expected = fresh
      var values = (0..<matrix.count).map { special[$0 % special.count] + Float($0 / 7) }
      expected.replaceSubrange(matrix.range, with: values)
      backend.upload(values, to: matrix)
      require(
        bits(try backend.download(everything)) == bits(expected), .canary,
        "an upload to rows of the arena changed other bits than those, or not those")

      values = (0..<slice.count).map(Float.init)
      expected.replaceSubrange(slice.range, with: values)
      values.withUnsafeMutableBufferPointer { buffer in
        backend.upload(UnsafeBufferPointer(buffer), to: slice)
        // The buffer may be used for something else at once.
        buffer.update(repeating: -1)
      }
      require(
        bits(try backend.download(slice)) == bits(Array(expected[slice.range])), .bound,
        "downloaded rows are not what was uploaded to them")
      require(
        bits(try backend.download(everything)) == bits(expected), .canary,
        "an upload to a range of rows changed other elements")

      let nothing = matrix[rows: 4..<4]
      backend.upload([], to: nothing)
      require(try backend.download(nothing).isEmpty, .bound, "no rows are no elements")
      try backend.synchronize()
    }
  } catch {
    failures.append(Failure(gate: .error, reason: "\(error)"))
  }
  return CaseResult(
    operation: dataTransfers, shapes: "\(matrix)", variant: "", data: .ordinary, number: 0,
    outputs: [], failures: failures)
}
