import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: SumSquares) {
    perform(
      BlockSums(
        count: operation.input.count, blocks: operation.sums.count,
        input: pointer(to: operation.input),
        sums: pointer(to: operation.sums)),
      size: operation.input.count, grain: 1 << 14)
  }

  public func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    precondition(squaredNorm.count == 1, "clip by norm: one squared norm")
    let norm = pointer(to: squaredNorm).pointee.squareRoot()
    guard norm > operation.limit else { return }
    perform(
      Scaling(
        factor: operation.limit / norm, count: operation.tensor.count,
        elements: pointer(to: operation.tensor)),
      size: operation.tensor.count, grain: 1 << 14)
  }
}

private struct BlockSums: ParallelWork {
  let count: Int
  let blocks: Int
  let input: UnsafePointer<Float>
  let sums: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    for block in part.share(of: blocks) {
      let elements = SumSquares.elements(ofBlock: block, of: count)
      sums[block] = vm_sum_squares(input + elements.lowerBound, elements.count)
    }
  }
}

private struct Scaling: ParallelWork {
  let factor: Float
  let count: Int
  let elements: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let range = part.share(of: count, multiple: 16)
    vm_scale(factor, elements + range.lowerBound, range.count)
  }
}
