import Backend

/// A tensor that a training step writes, and by which operation: where a comparison looks.
package struct TracedTensor: Hashable, Sendable {
  /// `Operation.name`.
  package let operation: String
  /// What the tensor is to the model: `encoder.0 output`, `mean.weight gradient`.
  package let name: String
  package let tensor: Tensor

  init(_ operation: String, _ name: String, _ tensor: Tensor) {
    self.operation = operation
    self.name = name
    self.tensor = tensor
  }
}
