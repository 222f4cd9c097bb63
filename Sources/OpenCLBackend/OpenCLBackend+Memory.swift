import Backend
import COpenCL

extension OpenCLBackend {
  /// Bytes of the arena behind its last tensor: tiles of the kernels for CPUs read fewer than COLUMNS floats
  /// beyond a tensor's last row.
  package var arenaSlack: Int {
    guard case .cpu(let tile) = tiling else { return 0 }
    return tile.columns * MemoryLayout<Float>.stride
  }

  public func allocate(elements: Int) throws {
    // Everything prepared holds the old arena; it is given back before the new one is taken.
    try synchronize()
    prepared = Prepared()
    layerTables = []
    scratch = []
    arena = nil
    self.elements = 0
    let (bytes, tooMany) = elements.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    let (all, tooManyInAll) = bytes.addingReportingOverflow(arenaSlack)
    arena = try reserve(
      bytes: tooMany || tooManyInAll ? .max : all, for: "the arena of the model and its batch")
    self.elements = elements
  }

  public func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    precondition(values.count == tensor.count, "upload: as many values as elements")
    attempt("upload \(tensor)") { () throws(OpenCLStatus) in
      try arena?.write(
        UnsafeRawBufferPointer(values), at: tensor.offset * MemoryLayout<Float>.stride, queue)
    }
  }

  public func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    precondition(values.count == tensor.count, "download: as many values as elements")
    try synchronize()
    attempt("download \(tensor)") { () throws(OpenCLStatus) in
      try arena?.read(
        UnsafeMutableRawBufferPointer(values), at: tensor.offset * MemoryLayout<Float>.stride,
        queue)
    }
    try throwFirstError()
  }

  public func synchronize() throws {
    attempt("the work since the last synchronization") { () throws(OpenCLStatus) in
      try queue.finish()
      try eventLog?.collect()
    }
    try throwFirstError()
  }

  public func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws
    -> PixelTable
  {
    precondition(columns > 0 && pixels.count % columns == 0, "pixel table: whole rows")
    let memory = try reserve(bytes: pixels.count, for: "the data set")
    attempt("upload \(pixels.count / columns)×\(columns) pixels") { () throws(OpenCLStatus) in
      try memory.write(UnsafeRawBufferPointer(pixels), at: 0, queue)
    }
    try throwFirstError()
    pixelTables.append(Table(memory))
    return PixelTable(
      identifier: pixelTables.count - 1, rows: pixels.count / columns, columns: columns)
  }

  public func makeIndexTable(count: Int) throws -> IndexTable {
    indexTables.append(
      Table(
        try reserve(bytes: count * MemoryLayout<UInt32>.stride, for: "the order of the examples")))
    return IndexTable(identifier: indexTables.count - 1, count: count)
  }

  public func upload(_ indices: [UInt32], to table: IndexTable) {
    precondition(indices.count <= table.count, "upload: no more indices than the table holds")
    attempt("upload \(indices.count) indices") { () throws(OpenCLStatus) in
      let memory = indexTables[table.identifier]
      let written = indices.withUnsafeBytes { bytes in
        Result { () throws(OpenCLStatus) in try memory.memory.write(bytes, at: 0, queue) }
      }
      try written.get()
    }
  }

  /// Zeroed memory that is really there: drivers put off the allocation until the first use.
  private func reserve(bytes: Int, for purpose: String) throws -> Memory {
    let available = description.largestBuffer
    guard bytes <= available else {
      throw BackendError.outOfMemory(
        device: device, purpose: purpose, requested: bytes, available: available)
    }
    do {
      let memory = try Memory(context, bytes: bytes)
      if description.type == .cpu { try memory.preferLargePages(queue) }
      try memory.clear(queue)
      try queue.finish()
      return memory
    } catch {
      guard error.isOutOfMemory else {
        throw BackendError.operationFailed(
          operation: "reserving \(purpose)", device: device, reason: "\(error)")
      }
      throw BackendError.outOfMemory(
        device: device, purpose: purpose, requested: bytes, available: nil)
    }
  }

  /// Does `work` unless something has failed already; keeps the first failure.
  func attempt(
    _ operation: @autoclosure () -> String, _ work: () throws(OpenCLStatus) -> Void
  ) {
    guard firstError == nil else { return }
    do {
      try work()
    } catch {
      firstError = .operationFailed(
        operation: operation(), device: device, reason: error.description)
    }
  }

  private func throwFirstError() throws {
    guard let error = firstError else { return }
    firstError = nil
    throw error
  }
}
