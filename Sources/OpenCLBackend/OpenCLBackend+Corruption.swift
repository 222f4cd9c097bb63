import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Corrupt, start: Int, noise: Noise) {
    operation.check(start: start)
    let (output, corruption) = (operation.output, operation.corruption)
    let noise = NoiseArguments(noise)
    enqueue(
      operation, &prepared.corrupt, [.offset(UInt64(start)), noise.counter, noise.key]
    ) { () throws(OpenCLStatus) in
      let pieces = output.columns.dividedUp(by: 4).dividedUp(by: layout.width)
      return try prepare(
        "corrupt", Grid(items: output.rows * pieces, groupSize: layout.elementGroup),
        [
          offset(operation.input), offset(output), size(output.rows), size(output.columns),
          .code(corruption.kind == .gaussian ? 1 : 0), .real(corruption.black),
          .real(corruption.amount),
          .memory(operation.order.map { indexTables[$0.identifier].memory.handle }),
        ])
    }
  }
}
