import Backend
import CVectorMath
import Foundation

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

  public func run(_ operation: VarianceGradient) {
    let parameter = Double(pointer(to: operation.parameter).pointee)
    let losses = UnsafeBufferPointer(
      start: pointer(to: operation.loss), count: operation.loss.count)
    let expected =
      0.5 * Double(operation.pixels)
      * (1 + log(2 * Double.pi) + PixelVariance.logVariance(parameter))
    let sum = losses.reduce(0.0) { $0 + (expected - Double($1)) }
    pointer(to: operation.gradient).pointee = Float(
      Double(operation.scale) * PixelVariance.slope(parameter) * sum)
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
  let isDiagonal: Bool
  let weight: Float
  let constant: Float
  let rows: Int
  let columns: Int
  let logits: UnsafePointer<Float>
  let target: UnsafePointer<Float>
  let losses: UnsafeMutablePointer<Float>

  init(_ operation: ReconstructionLoss, on backend: BLASBackend) {
    likelihood = operation.likelihood.constant
    isDiagonal = operation.likelihood == .gaussianDiagonal
    (rows, columns) = (operation.target.rows, operation.target.columns)
    if isDiagonal {
      (weight, constant) = (0.5, Float(0.5 * Double(columns) * log(2 * Double.pi)))
    } else {
      let parameter = operation.variance.parameter.map { backend.pointer(to: $0).pointee }
      let terms = operation.squaredErrorTerms(parameter: parameter.map(Double.init) ?? 0)
      (weight, constant) = (Float(terms.weight), Float(terms.constant))
    }
    logits = UnsafePointer(backend.pointer(to: operation.logits))
    target = UnsafePointer(backend.pointer(to: operation.target))
    losses = backend.pointer(to: operation.loss)
  }

  /// Where the logits of row `row` begin.
  func place(of row: Int) -> Int { row * columns * (isDiagonal ? 2 : 1) }

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    let first = rows.lowerBound
    let (logits, target) = (logits + place(of: first), target + first * columns)
    if isDiagonal {
      vm_diagonal_gaussian(logits, target, constant, rows.count, columns, losses + first)
    } else {
      vm_reconstruction_loss(
        likelihood, logits, target, weight, constant, rows.count, columns,
        losses + first)
    }
  }
}

private struct LossGradient: ParallelWork {
  let loss: Loss
  let scale: Float
  let gradient: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: loss.rows)
    let first = rows.lowerBound
    let start = loss.place(of: first)
    let target = loss.target + first * loss.columns
    if loss.isDiagonal {
      vm_diagonal_gaussian_gradient(
        loss.logits + start, target, loss.constant, scale, rows.count, loss.columns,
        loss.losses + first, gradient + start)
    } else {
      vm_reconstruction_loss_gradient(
        loss.likelihood, loss.logits + start, target, loss.weight, loss.constant, scale,
        rows.count, loss.columns, loss.losses + first, gradient + start)
    }
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
