import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: Gather, start: Int) {
    operation.check(start: start)
    let (table, rows) = (operation.pixels, operation.output.rows)
    let pixels = pixels(of: table)
    let range = start..<start + rows
    let order = operation.order.map { UnsafeBufferPointer(rebasing: indices(of: $0)[range]) }
    // C reads wherever the rows say.
    precondition(
      order.map { $0.allSatisfy { $0 < table.rows } } ?? (range.upperBound <= table.rows),
      "gather: a row outside the data set")
    guard let first = pixels.baseAddress else { return }
    perform(
      Minibatch(
        rows: rows, columns: table.columns,
        pixels: order == nil ? first + start * table.columns : first, order: order?.baseAddress,
        output: pointer(to: operation.output)),
      size: operation.output.count, grain: 1 << 13)
  }

  public func run(_ operation: Binarize, start: Int, noise: Noise) {
    operation.check(start: start)
    let rows = operation.images.rows
    let order = operation.order.map {
      UnsafeBufferPointer(rebasing: indices(of: $0)[start..<start + rows])
    }
    perform(
      Drawing(
        rows: rows, columns: operation.images.columns, start: start, order: order?.baseAddress,
        noise: vm_noise(noise), images: pointer(to: operation.images)),
      size: operation.images.count, grain: 1 << 11)
  }

  public func run(_ operation: CopyColumns) {
    let (input, output, count) = (operation.input, operation.output, operation.columns.count)
    perform(
      Columns(
        rows: input.rows, count: count,
        input: pointer(to: input) + operation.columns.lowerBound, inputPitch: input.columns,
        output: pointer(to: output) + operation.position, outputPitch: output.columns),
      size: input.rows * count, grain: 1 << 14)
  }

  public func run(_ operation: RandomFill, noise: Noise) {
    perform(
      Fill(
        distribution: operation.distribution.constant, noise: vm_noise(noise),
        count: operation.output.count, output: pointer(to: operation.output)),
      size: operation.output.count, grain: 1 << 11)
  }
}

private struct Minibatch: ParallelWork {
  let rows: Int
  let columns: Int
  let pixels: UnsafePointer<UInt8>
  let order: UnsafePointer<UInt32>?
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    let source = order == nil ? pixels + rows.lowerBound * columns : pixels
    vm_gather(
      source, order.map { $0 + rows.lowerBound }, rows.count, columns,
      output + rows.lowerBound * columns)
  }
}

private struct Drawing: ParallelWork {
  let rows: Int
  let columns: Int
  let start: Int
  let order: UnsafePointer<UInt32>?
  let noise: vm_noise
  let images: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    withUnsafePointer(to: noise) {
      vm_binarize(
        images + rows.lowerBound * columns, order.map { $0 + rows.lowerBound },
        start + rows.lowerBound, rows.count, columns, $0)
    }
  }
}

private struct Columns: ParallelWork {
  let rows: Int
  let count: Int
  let input: UnsafePointer<Float>
  let inputPitch: Int
  let output: UnsafeMutablePointer<Float>
  let outputPitch: Int

  func perform(_ part: Part) {
    for row in part.share(of: rows) {
      (output + row * outputPitch).update(from: input + row * inputPitch, count: count)
    }
  }
}

private struct Fill: ParallelWork {
  let distribution: Int32
  let noise: vm_noise
  let count: Int
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    // A chunk of C's, so that no part draws blocks that it does not use.
    let range = part.share(of: count, multiple: 256)
    vm_fill_random(
      distribution, noise, range.lowerBound, output + range.lowerBound, range.count)
  }
}
