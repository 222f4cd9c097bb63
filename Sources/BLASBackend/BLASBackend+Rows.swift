import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: RepeatRows) {
    perform(
      Repetition(
        count: operation.count, rows: operation.output.rows, columns: operation.output.columns,
        input: pointer(to: operation.input), output: pointer(to: operation.output)),
      size: operation.output.count, grain: 1 << 14)
  }

  public func run(_ operation: SumRowGroups) {
    perform(
      GroupSums(
        count: operation.count, scale: operation.scale, rows: operation.output.rows,
        columns: operation.output.columns, input: pointer(to: operation.input),
        output: pointer(to: operation.output)),
      size: operation.input.count, grain: 1 << 14)
  }

  public func run(_ operation: ScaleRows) {
    perform(
      Scaling(
        rows: operation.input.rows, columns: operation.input.columns,
        input: pointer(to: operation.input), scales: pointer(to: operation.scales),
        output: pointer(to: operation.output)),
      size: operation.input.count, grain: 1 << 14)
  }
}

private struct Repetition: ParallelWork {
  let count: Int
  let rows: Int
  let columns: Int
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    vm_repeat_rows(input, count, rows.lowerBound, rows.count, columns, output)
  }
}

private struct GroupSums: ParallelWork {
  let count: Int
  let scale: Float
  let rows: Int
  let columns: Int
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    vm_sum_row_groups(
      input + rows.lowerBound * count * columns, count, scale, rows.count, columns,
      output + rows.lowerBound * columns)
  }
}

private struct Scaling: ParallelWork {
  let rows: Int
  let columns: Int
  let input: UnsafePointer<Float>
  let scales: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    let start = rows.lowerBound * columns
    vm_scale_rows(
      input + start, scales + rows.lowerBound, rows.count, columns, output + start)
  }
}
