import Backend
import COpenBLAS
import CVectorMath
import Foundation

/// The host's processors: OpenBLAS for the dense layers' matrix products, vector code in C for all else.
///
/// An operation is done when its call returns. Its work is split over a pool of threads, each running
/// single-threaded OpenBLAS; results are the same from run to run with one number of threads, and
/// operations other than dense layers' products give the same results with any.
public final class BLASBackend: Backend {
  /// `blas`
  public let name = "blas"
  /// OpenBLAS with version and the kernels it chose, and the number of threads.
  public let device: String

  /// OpenBLAS with its version.
  public let library: String
  /// The processor that OpenBLAS has chosen its kernels for: `Haswell`, `SkylakeX`, …
  public let core: String
  /// How many threads work on an operation.
  public var threads: Int { pool.threads }

  let pool: ThreadPool
  let convolutionScratch = Scratch()
  var convolutionLayouts: [ConvolutionGeometry: ConvolutionLayout] = [:]
  private var arena: HostMemory<Float>?
  private var pixelTables: [HostMemory<UInt8>] = []
  private var indexTables: [HostMemory<UInt32>] = []

  /// A backend with an empty arena that works with `threads` threads: by default what
  /// `OPENBLAS_NUM_THREADS` or `OMP_NUM_THREADS` says, else one a processor that the process may use.
  public init(threads: Int? = nil) {
    // The pool splits the products itself, so that each thread goes on with its own part's epilogue.
    openblas_set_num_threads(1)
    pool = ThreadPool(threads: threads ?? defaultThreadCount())
    library = String(cString: openblas_get_config()).split(separator: " ").prefix(2)
      .joined(separator: " ")
    core = String(cString: openblas_get_corename())
    let count = pool.threads == 1 ? "1 thread" : "\(pool.threads) threads"
    device = "\(library) \(core), \(count)"
  }

  public func allocate(elements: Int) throws {
    arena = nil
    arena = try HostMemory(count: elements, purpose: "The model", device: device)
  }

  public func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    precondition(values.count == tensor.count, "upload: as many values as elements")
    guard let source = values.baseAddress else { return }
    pointer(to: tensor).update(from: source, count: tensor.count)
  }

  public func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    precondition(values.count == tensor.count, "download: as many values as elements")
    values.baseAddress?.update(from: pointer(to: tensor), count: tensor.count)
  }

  public func synchronize() throws {}

  public func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws
    -> PixelTable
  {
    precondition(columns > 0 && pixels.count % columns == 0, "pixel table: whole examples")
    let table = try HostMemory<UInt8>(
      count: pixels.count, purpose: "The data set", device: device)
    _ = table.elements.update(fromContentsOf: pixels)
    pixelTables.append(table)
    return PixelTable(
      identifier: pixelTables.count - 1, rows: pixels.count / columns, columns: columns)
  }

  public func makeIndexTable(count: Int) throws -> IndexTable {
    indexTables.append(
      try HostMemory(count: count, purpose: "The data set's order", device: device))
    return IndexTable(identifier: indexTables.count - 1, count: count)
  }

  public func upload(_ indices: [UInt32], to table: IndexTable) {
    precondition(indices.count <= table.count, "upload: no more indices than the table holds")
    _ = indexTables[table.identifier].elements.update(fromContentsOf: indices)
  }
}

extension BLASBackend {
  /// The first element of `tensor`.
  func pointer(to tensor: Tensor) -> UnsafeMutablePointer<Float> {
    guard let elements = arena?.elements, let base = elements.baseAddress else {
      preconditionFailure("allocate the arena before using a tensor")
    }
    precondition(tensor.range.upperBound <= elements.count, "a tensor lies outside the arena")
    return base + tensor.offset
  }

  /// The pixels of `table`, row by row.
  func pixels(of table: PixelTable) -> UnsafeMutableBufferPointer<UInt8> {
    pixelTables[table.identifier].elements
  }

  /// The indices of `table`.
  func indices(of table: IndexTable) -> UnsafeMutableBufferPointer<UInt32> {
    indexTables[table.identifier].elements
  }

  /// Performs `work` in as many parts as leave each at least `grain` of its `size` units, but no more
  /// than there are threads.
  func perform(_ work: some ParallelWork, size: Int, grain: Int) {
    pool.run(work, parts: max(1, min(pool.threads, size / grain)))
  }
}
