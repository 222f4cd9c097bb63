import Backend
import Parity
import ReferenceBackend

let convolutionFaults: [Fault] = [
  .in(Convolution.name, "bias left out", \.convolution) { operation, base in
    guard case .activation(_, let bias) = operation.epilogue else { return base.run(operation) }
    base.withAltered(bias, { $0.map { _ in 0 } }) { base.run(operation) }
  },
  .in(Convolution.name, "derivative left out", \.convolution) { operation, base in
    guard case .derivative(_, let saved) = operation.epilogue else { return base.run(operation) }
    base.run(
      Convolution(
        geometry: operation.geometry, input: operation.input, weights: operation.weights,
        epilogue: .derivative(.identity, saved: saved), output: operation.output))
  },
  .in(Convolution.name, "kernel turned around", \.convolution) { operation, base in
    base.withAltered(operation.weights, { turned($0, operation.geometry) }) { base.run(operation) }
  },
  .in(Convolution.name, "last row dropped", by: .unwritten, \.convolution) { operation, base in
    base.keepingTail(operation.output, operation.output.columns) { base.run(operation) }
  },
  .in(Convolution.name, "TF32 operands", \.convolution) { operation, base in
    base.withAltered(operation.input, { $0.map { rounded($0, toBits: 11) } }) {
      base.withAltered(operation.weights, { $0.map { rounded($0, toBits: 11) } }) {
        base.run(operation)
      }
    }
  },
  .in(TransposedConvolution.name, "kernel turned around", \.transposedConvolution) {
    operation, base in
    base.withAltered(operation.weights, { turned($0, operation.geometry) }) { base.run(operation) }
  },
  .in(
    TransposedConvolution.name, "pixels out of reach left alone", by: .unwritten,
    \.transposedConvolution
  ) {
    operation, base in
    let geometry = operation.geometry
    let before = base.values(of: operation.output)
    base.run(operation)
    var values = base.values(of: operation.output)
    for index in values.indices where !geometry.reaches(index % geometry.fine.count) {
      values[index] = before[index]
    }
    base.set(operation.output, to: values)
  },
  .in(TransposedConvolution.name, "bfloat16 operands", by: .statistic, \.transposedConvolution) {
    operation, base in
    base.withAltered(operation.input, { $0.map { rounded($0, toBits: 8) } }) {
      base.withAltered(operation.weights, { $0.map { rounded($0, toBits: 8) } }) {
        base.run(operation)
      }
    }
  },
  .in(ConvolutionParameterGradient.name, "last example left out", \.convolutionGradient) {
    operation, base in
    let coarse = operation.coarse
    guard coarse.rows > 0 else { return base.run(operation) }
    base.withAltered(coarse[rows: coarse.rows - 1..<coarse.rows], { $0.map { _ in 0 } }) {
      base.run(operation)
    }
  },
  .in(ConvolutionParameterGradient.name, "bias of the other image", \.convolutionGradient) {
    operation, base in
    base.run(operation)
    if operation.output == .fine { base.round(operation.biasGradient) { -$0 } }
  },
  .in(
    ConvolutionParameterGradient.name, "written past the partial sums", by: .canary,
    \.convolutionGradient
  ) { operation, base in
    base.run(operation)
    base.set(
      Tensor(offset: operation.partials.range.upperBound, rows: 1, columns: 1), to: [0])
  },
]

/// The weights with each kernel turned by half a circle.
private func turned(_ weights: [Double], _ geometry: ConvolutionGeometry) -> [Double] {
  let (columns, last) = (geometry.coarse.channels, geometry.kernel - 1)
  var result = weights
  for channel in 0..<geometry.fine.channels {
    for row in 0...last {
      for column in 0...last {
        let to = geometry.weightRow(channel: channel, row: row, column: column) * columns
        let from =
          geometry.weightRow(channel: channel, row: last - row, column: last - column) * columns
        for index in 0..<columns { result[to + index] = weights[from + index] }
      }
    }
  }
  return result
}

extension ConvolutionGeometry {
  /// Whether any kernel covers the value at `index` of the fine image.
  fileprivate func reaches(_ index: Int) -> Bool {
    let pixel = index / fine.depth % fine.pixels
    func isCovered(_ position: Int, _ count: Int) -> Bool {
      (0..<count).contains { (0..<kernel).contains(position + padding - $0 * stride) }
    }
    return isCovered(pixel / fine.width, coarse.height)
      && isCovered(pixel % fine.width, coarse.width)
  }
}
