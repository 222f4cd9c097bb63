import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: ReconstructionLoss) {
    perform(Loss(operation, on: self), size: operation.logits.count, grain: 1 << 12)
  }

  public func run(_ operation: ReconstructionLossGradient) {
    perform(
      LossGradient(
        loss: Loss(operation.loss, on: self), scale: operation.scale,
        gradient: pointer(to: operation.gradient)),
      size: operation.gradient.count, grain: 1 << 12)
  }

  public func run(_ operation: SumRows, output: Tensor) {
    precondition(output.count == operation.input.rows, "sum rows: one sum a row")
    perform(
      RowSums(
        rows: operation.input.rows, columns: operation.input.columns,
        input: pointer(to: operation.input), sums: pointer(to: output)),
      size: operation.input.count, grain: 1 << 14)
  }
}

private struct Loss: ParallelWork {
  let likelihood: Int32
  let rows: Int
  let columns: Int
  let logits: UnsafePointer<Float>
  let target: UnsafePointer<Float>
  let losses: UnsafeMutablePointer<Float>

  init(_ operation: ReconstructionLoss, on backend: BLASBackend) {
    likelihood = operation.likelihood.constant
    (rows, columns) = (operation.logits.rows, operation.logits.columns)
    logits = UnsafePointer(backend.pointer(to: operation.logits))
    target = UnsafePointer(backend.pointer(to: operation.target))
    losses = backend.pointer(to: operation.loss)
  }

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    let start = rows.lowerBound * columns
    vm_reconstruction_loss(
      likelihood, logits + start, target + start, rows.count, columns,
      losses + rows.lowerBound)
  }
}

private struct LossGradient: ParallelWork {
  let loss: Loss
  let scale: Float
  let gradient: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: loss.rows)
    let start = rows.lowerBound * loss.columns
    vm_reconstruction_loss_gradient(
      loss.likelihood, loss.logits + start, loss.target + start, scale, rows.count,
      loss.columns, loss.losses + rows.lowerBound, gradient + start)
  }
}

private struct RowSums: ParallelWork {
  let rows: Int
  let columns: Int
  let input: UnsafePointer<Float>
  let sums: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    vm_sum_rows(input + rows.lowerBound * columns, rows.count, columns, sums + rows.lowerBound)
  }
}
