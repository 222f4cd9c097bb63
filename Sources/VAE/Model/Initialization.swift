import Backend

/// How weights and biases begin.
public enum Initialization: String, Codable, CaseIterable, Sendable {
  /// Weights and biases uniform on ±1/√fan-in: PyTorch's default for a linear layer, which is He's
  /// uniform initialization (He et al. 2015) with a = √5.
  case kaimingUniform = "kaiming-uniform"
  /// Weights uniform on ±√(6/(fan-in + fan-out)) (Glorot and Bengio 2010), biases zero.
  case glorotUniform = "glorot-uniform"

  /// Initial parameters of `layers` under `seed`. Each array has a stream of its own, so that a change
  /// to one leaves the others as they were.
  func arrays(for layers: [Layer], seed: UInt64) -> [NamedArray] {
    var step: UInt64 = 0
    func draw(_ name: String, _ shape: [Int], within bound: Double) -> NamedArray {
      var random = RandomNumbers(Noise(seed: seed, stream: .initialization, step: step))
      step += 1
      let values = (0..<shape.reduce(1, *)).map { _ in Float(bound * (2 * random.uniform() - 1)) }
      return NamedArray(name: name, shape: shape, values: values)
    }
    return layers.flatMap { layer in
      layer.parts.flatMap { part in
        let (inputs, outputs) = (layer.inputs, part.columns.count)
        let bounds = bounds(inputs: Double(inputs), outputs: Double(outputs))
        return [
          draw("\(part.name).weight", [outputs, inputs], within: bounds.weight),
          draw("\(part.name).bias", [outputs], within: bounds.bias),
        ]
      }
    }
  }

  private func bounds(inputs: Double, outputs: Double) -> (weight: Double, bias: Double) {
    switch self {
    case .kaimingUniform: (1 / inputs.squareRoot(), 1 / inputs.squareRoot())
    case .glorotUniform: ((6 / (inputs + outputs)).squareRoot(), 0)
    }
  }
}
