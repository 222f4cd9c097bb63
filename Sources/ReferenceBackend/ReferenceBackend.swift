import Backend
import Foundation

/// The oracle: every operation in `Double`, as plain loops that follow its formula.
///
/// What the other backends compute in single precision is held against this one; `--backend auto`
/// never chooses it.
public final class ReferenceBackend: Backend {
  private var arena = UnsafeMutableBufferPointer<Double>.allocate(capacity: 0)
  var pixelTables: [[UInt8]] = []
  var indexTables: [[UInt32]] = []

  /// Told of every tensor while it holds the arguments of ReLU, which it is then set to.
  package var beforeReLU: ((Tensor) -> Void)?

  /// A backend with an empty arena.
  public init() {}

  deinit { arena.deallocate() }

  /// `reference`
  public let name = "reference"

  /// What computes.
  public let device = "Double, plain Swift loops"

  public func allocate(elements: Int) throws {
    let (bytes, available) = (
      elements.multipliedReportingOverflow(by: MemoryLayout<Double>.stride),
      Int(clamping: ProcessInfo.processInfo.physicalMemory)
    )
    guard !bytes.overflow, bytes.partialValue <= available else {
      throw BackendError.outOfMemory(
        device: name, purpose: "The model", requested: bytes.overflow ? .max : bytes.partialValue,
        available: available)
    }
    arena.deallocate()
    arena = .allocate(capacity: elements)
    arena.initialize(repeating: 0)
  }

  public func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    precondition(values.count == tensor.count, "upload: as many values as elements")
    let elements = elements(of: tensor)
    for (index, value) in values.enumerated() { elements[index] = Double(value) }
  }

  public func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    precondition(values.count == tensor.count, "download: as many values as elements")
    for (index, element) in elements(of: tensor).enumerated() { values[index] = Float(element) }
  }

  public func synchronize() throws {}

  public func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws
    -> PixelTable
  {
    pixelTables.append(Array(pixels))
    return PixelTable(
      identifier: pixelTables.count - 1, rows: pixels.count / columns, columns: columns)
  }

  public func makeIndexTable(count: Int) throws -> IndexTable {
    indexTables.append([UInt32](repeating: 0, count: count))
    return IndexTable(identifier: indexTables.count - 1, count: count)
  }

  public func upload(_ indices: [UInt32], to table: IndexTable) {
    precondition(indices.count <= table.count, "upload: no more indices than the table holds")
    indexTables[table.identifier].replaceSubrange(0..<indices.count, with: indices)
  }

  /// The unrounded elements of `tensor`, row by row.
  public func values(of tensor: Tensor) -> [Double] { Array(elements(of: tensor)) }

  /// Sets `tensor` to unrounded values.
  public func set(_ tensor: Tensor, to values: [Double]) {
    precondition(values.count == tensor.count, "set: as many values as elements")
    _ = elements(of: tensor).update(from: values)
  }

  /// A tensor's elements, for formulas.
  func elements(of tensor: Tensor) -> UnsafeMutableBufferPointer<Double> {
    precondition(tensor.range.upperBound <= arena.count, "a tensor lies inside the arena")
    return UnsafeMutableBufferPointer(rebasing: arena[tensor.range])
  }

  /// Sets the arguments in `tensor` to the nonlinearity's values.
  func apply(_ activation: Activation, to tensor: Tensor) {
    if activation == .relu { beforeReLU?(tensor) }
    let elements = elements(of: tensor)
    for index in 0..<elements.count { elements[index] = activation.value(elements[index]) }
  }
}
