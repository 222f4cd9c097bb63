import Backend

/// How weights and biases begin.
public enum Initialization: String, Codable, CaseIterable, Sendable {
  /// Weights and biases uniform on ±1/√fan-in: PyTorch's default for linear and convolutional layers, which
  /// is He's uniform initialization (He et al. 2015) with a = √5.
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
        // As PyTorch counts them, for a transposed convolution too: the second extent is taken for the inputs.
        let shape = layer.weightFileShape(part)
        let kernel = shape[2...].reduce(1, *)
        let bounds = bounds(
          inputs: Double(shape[1] * kernel), outputs: Double(shape[0] * kernel))
        return [
          draw("\(part.name).weight", shape, within: bounds.weight),
          draw("\(part.name).bias", [layer.biasFileCount(part)], within: bounds.bias),
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
