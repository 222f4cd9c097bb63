import Backend

/// Clipping of all gradients together by their global norm (Pascanu et al. 2013). The norm stays on the
/// device, where the losses are read from time to time too.
struct GradientClip: Sendable {
  private let squares: SumSquares
  private let total: SumRows
  private let clip: ClipByNorm
  private let squaredNorms: Tensor

  init(_ gradients: Tensor, limit: Double, in training: GraphPlan.TrainingArena) {
    squares = SumSquares(input: gradients, sums: training.blockSums)
    total = SumRows(input: training.blockSums)
    clip = ClipByNorm(gradients, limit: Float(limit))
    squaredNorms = training.squaredNorms
  }

  /// Enqueues it; ‖g‖² before clipping goes to `slot`.
  func run(on backend: any Backend, slot: Int) {
    let squaredNorm = squaredNorms[rows: slot..<slot + 1]
    backend.run(squares)
    backend.run(total, output: squaredNorm)
    backend.run(clip, squaredNorm: squaredNorm)
  }

  /// What it writes.
  var trace: [TracedTensor] {
    [
      TracedTensor(SumSquares.name, "gradients' sums of squares", squares.sums),
      TracedTensor(SumRows.name, "gradients' squared norm", squaredNorms[rows: 0..<1]),
      TracedTensor(ClipByNorm.name, "clipped gradients", clip.tensor),
    ]
  }
}
