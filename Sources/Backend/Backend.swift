/// What a variational autoencoder needs of a machine: an arena of numbers and the operations on it.
///
/// Operations are enqueued in order and may return before they are done; they never throw. The first
/// one that fails is kept, and `synchronize` and `download` throw it, with the operation, its shapes
/// and the device in the text. A backend belongs to one task at a time and is not `Sendable`.
///
/// Conformance is checked by `Parity.checkBackend`, which holds every operation against the Double
/// reference.
public protocol Backend: AnyObject {
  /// `blas`, `opencl` or `reference`: the word that chooses it.
  var name: String { get }
  /// The device and the software that drives it, with version: recorded with every result.
  var device: String { get }

  /// Provides the arena, all zeros, in place of the one before it.
  ///
  /// - Throws: `BackendError.outOfMemory`.
  func allocate(elements: Int) throws
  /// Copies `values`, row by row, into `tensor`; `values` may be reused at once.
  func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor)
  /// Waits for everything enqueued, then copies `tensor` out, row by row.
  ///
  /// - Throws: the first error of an operation since the last synchronization.
  func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws
  /// Waits for everything enqueued.
  ///
  /// - Throws: the first error of an operation since the last synchronization.
  func synchronize() throws

  /// Makes `rows × columns` bytes resident: a data set's pixels.
  ///
  /// - Throws: `BackendError.outOfMemory`.
  func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws -> PixelTable
  /// Reserves a table of `count` indices, all zeros.
  ///
  /// - Throws: `BackendError.outOfMemory`.
  func makeIndexTable(count: Int) throws -> IndexTable
  /// Copies `indices`, as many as the table holds or fewer, to its beginning.
  func upload(_ indices: [UInt32], to table: IndexTable)

  /// X from the data set, beginning at row `start` of the order.
  func run(_ operation: Gather, start: Int)
  /// Grey pixels, drawn to black or white; they are examples `start` and following of the order.
  func run(_ operation: Binarize, start: Int, noise: Noise)
  /// Y's columns = X's.
  func run(_ operation: CopyColumns)
  /// Y = f(X·W + b).
  func run(_ operation: Dense)
  /// G = (Δ·Wᵀ) ⊙ f′(s).
  func run(_ operation: DenseInputGradient)
  /// dW = Xᵀ·Δ, db = Σ Δ.
  func run(_ operation: DenseParameterGradient)
  /// Y = f(X).
  func run(_ operation: Activate)
  /// z = μ + σ·ε; z = μ without noise.
  func run(_ operation: Reparameterize, noise: Noise?)
  /// Gradient with respect to the encoder's output, the KL term's included with weight `klWeight`.
  func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float)
  /// KL(q ‖ N(0, I)) per example.
  func run(_ operation: KLDivergence)
  /// ln q(z|x) − ln p(z) per example, at the z drawn with `noise`.
  func run(_ operation: SampledDivergence, noise: Noise)
  /// Gradient with respect to the encoder's output, that of the sampled divergence included.
  func run(_ operation: SampledDivergenceGradient, noise: Noise)
  /// Normalized importance weights, and the bound they give, per example.
  func run(_ operation: ImportanceWeights)
  /// KL(q ‖ N(0, I)) per latent dimension, averaged over the examples.
  func run(_ operation: LatentDivergence)
  /// The KL term's gradient, of weight `klWeight`, for the dimensions that free bits leave it to.
  func run(_ operation: FreeBitsGradient, klWeight: Float)
  /// The reconstruction's loss per example.
  func run(_ operation: ReconstructionLoss)
  /// The same, with its gradient.
  func run(_ operation: ReconstructionLossGradient)
  /// The gradient with respect to a Gaussian likelihood's one variance.
  func run(_ operation: VarianceGradient)
  /// The rows' sums, into as many elements of `output`.
  func run(_ operation: SumRows, output: Tensor)
  /// Sums of squares, a block each.
  func run(_ operation: SumSquares)
  /// x, scaled down where its squared norm, the one element of `squaredNorm`, is above the limit's.
  func run(_ operation: ClipByNorm, squaredNorm: Tensor)
  /// Every row several times.
  func run(_ operation: RepeatRows)
  /// Sums of several rows each.
  func run(_ operation: SumRowGroups)
  /// Every row times its factor.
  func run(_ operation: ScaleRows)
  /// A step of Adam.
  func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate)
  /// Parameter gradients and a step of Adam with them; by default one after the other.
  func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate)
  /// A step of gradient descent with momentum.
  func run(_ operation: MomentumUpdate, learningRate: Float)
  /// Random numbers.
  func run(_ operation: RandomFill, noise: Noise)
  /// X̃ from X, a batch that begins at row `start` of the order. Row i has the noise
  /// `noise.ofExample(n)`, n being the example's number.
  func run(_ operation: Corrupt, start: Int, noise: Noise)
}

/// A resident table of 8-bit pixels, one example a row. Lives as long as its backend.
public struct PixelTable: Hashable, Sendable {
  /// The backend's number for it.
  public let identifier: Int
  /// Examples.
  public let rows: Int
  /// Pixels of an example.
  public let columns: Int
  private var labelIdentifier: Int?
  private var classes = 0

  /// Made by `Backend.makePixelTable`.
  public init(identifier: Int, rows: Int, columns: Int) {
    self.identifier = identifier
    self.rows = rows
    self.columns = columns
  }

  /// The examples' classes, if they are known: a table of as many rows and a column a class, 255 at the
  /// example's own and 0 elsewhere, so that `Gather` makes one-hot vectors of it.
  public var labels: PixelTable? {
    labelIdentifier.map { PixelTable(identifier: $0, rows: rows, columns: classes) }
  }

  /// The table with `labels` beside it.
  func labelled(by labels: PixelTable) -> PixelTable {
    precondition(labels.rows == rows, "labels: one an example")
    var table = self
    (table.labelIdentifier, table.classes) = (labels.identifier, labels.columns)
    return table
  }
}

/// A resident table of row numbers. Lives as long as its backend.
public struct IndexTable: Hashable, Sendable {
  /// The backend's number for it.
  public let identifier: Int
  /// How many indices it holds.
  public let count: Int

  /// Made by `Backend.makeIndexTable`.
  public init(identifier: Int, count: Int) {
    self.identifier = identifier
    self.count = count
  }
}

extension Backend {
  /// Copies `values` into `tensor`.
  public func upload(_ values: [Float], to tensor: Tensor) {
    precondition(values.count == tensor.count, "upload: as many values as elements")
    values.withUnsafeBufferPointer { upload($0, to: tensor) }
  }

  /// The elements of `tensor`, row by row.
  ///
  /// - Throws: the first error of an operation since the last synchronization.
  public func download(_ tensor: Tensor) throws -> [Float] {
    var values = [Float](repeating: 0, count: tensor.count)
    try values.withUnsafeMutableBufferPointer { try download(tensor, into: $0) }
    return values
  }

  /// Makes a data set's pixels resident.
  ///
  /// - Throws: `BackendError.outOfMemory`.
  public func makePixelTable(_ pixels: [UInt8], columns: Int) throws -> PixelTable {
    try pixels.withUnsafeBufferPointer { try makePixelTable($0, columns: columns) }
  }

  /// Makes a data set's pixels resident and, where a number of classes is given, its labels, each below
  /// that, beside them: `PixelTable.labels`.
  ///
  /// - Throws: `BackendError.outOfMemory`.
  public func makePixelTable(_ pixels: [UInt8], columns: Int, labels: [UInt8]?, classes: Int?)
    throws -> PixelTable
  {
    guard let labels, let classes else { return try makePixelTable(pixels, columns: columns) }
    var oneHot = [UInt8](repeating: 0, count: labels.count * classes)
    for (row, label) in labels.enumerated() {
      precondition(label < classes, "labels: below the number of classes")
      oneHot[row * classes + Int(label)] = 255
    }
    return try makePixelTable(pixels, columns: columns)
      .labelled(by: try makePixelTable(oneHot, columns: classes))
  }
}
