import Backend

/// How weights and biases begin.
public enum Initialization: String, Codable, CaseIterable, Sendable {
  /// Weights and biases uniform on ±1/√fan-in: PyTorch's default for a linear layer, which is He's
  /// uniform initialization (He et al. 2015) with a = √5.
  case kaimingUniform = "kaiming-uniform"
  /// Weights uniform on ±√(6/(fan-in + fan-out)) (Glorot and Bengio 2010), biases zero.
  case glorotUniform = "glorot-uniform"

  /// Initial parameters of `layers` under `seed`, drawn from a stream of their own each, so that a
  /// change to one layer leaves the others as they were.
  func arrays(for layers: [Layer], seed: UInt64) -> [NamedArray] {
    let parts = layers.flatMap { layer in layer.parts.map { (layer, $0) } }
    return parts.enumerated().flatMap { index, entry in
      let (layer, part) = entry
      var random = RandomNumbers(
        Noise(seed: seed, stream: .initialization, step: UInt64(index)))
      let (inputs, outputs) = (layer.inputs, part.columns.count)
      let weightBound: Double
      let biasBound: Double
      switch self {
      case .kaimingUniform:
        weightBound = 1 / Double(inputs).squareRoot()
        biasBound = weightBound
      case .glorotUniform:
        weightBound = (6 / Double(inputs + outputs)).squareRoot()
        biasBound = 0
      }
      func draw(_ count: Int, within bound: Double) -> [Float] {
        (0..<count).map { _ in Float(bound * (2 * random.uniform() - 1)) }
      }
      return [
        NamedArray(
          name: "\(part.name).weight", shape: [outputs, inputs],
          values: draw(outputs * inputs, within: weightBound)),
        NamedArray(
          name: "\(part.name).bias", shape: [outputs], values: draw(outputs, within: biasBound)),
      ]
    }
  }
}
