import Backend

extension Pass {
  /// Enqueues the noise through which the encoder sees the batch that was gathered from row `start` of
  /// `order` on, if the model has any.
  ///
  /// - Parameter epoch: counted from 0; each has its own noise.
  package func corrupt(
    order: IndexTable? = nil, start: Int, epoch: Int, seed: UInt64, on backend: any Backend
  ) {
    guard let corruption else { return }
    corrupt(corruption, order: order, start: start, epoch: UInt32(epoch), seed: seed, on: backend)
  }

  /// Enqueues that noise, whatever the model's.
  func corrupt(
    _ corruption: Corruption, order: IndexTable? = nil, start: Int, epoch: UInt32, seed: UInt64,
    on backend: any Backend
  ) {
    backend.run(
      Corrupt(corruption: corruption, order: order, input: images, output: input), start: start,
      noise: Noise(seed: seed, stream: .corruption, step: UInt64(epoch)))
  }

  /// What the noise writes.
  var corruptionTrace: [TracedTensor] {
    corruption == nil ? [] : [TracedTensor(Corrupt.name, "corrupted images", input)]
  }
}
