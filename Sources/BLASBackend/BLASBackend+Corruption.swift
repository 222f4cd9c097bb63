import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: Corrupt, start: Int, noise: Noise) {
    operation.check(start: start)
    let rows = operation.output.rows
    let order = operation.order.map {
      UnsafeBufferPointer(rebasing: indices(of: $0)[start..<start + rows])
    }
    perform(
      Corrupting(
        isGaussian: operation.corruption.kind == .gaussian, black: operation.corruption.black,
        amount: operation.corruption.amount, noise: vm_noise(noise), order: order?.baseAddress,
        start: start, rows: rows, columns: operation.output.columns,
        input: pointer(to: operation.input), output: pointer(to: operation.output)),
      size: operation.output.count, grain: 1 << 11)
  }
}

private struct Corrupting: ParallelWork {
  let isGaussian: Bool
  let black: Float
  let amount: Float
  let noise: vm_noise
  let order: UnsafePointer<UInt32>?
  let start: Int
  let rows: Int
  let columns: Int
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    let first = rows.lowerBound * columns
    vm_corrupt(
      isGaussian ? 1 : 0, black, amount, noise,
      order.map { $0 + rows.lowerBound }, start + rows.lowerBound, rows.count, columns,
      input + first, output + first)
  }
}
