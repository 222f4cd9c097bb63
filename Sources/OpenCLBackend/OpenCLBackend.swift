import Backend
import COpenCL

/// A device driven through OpenCL, by the kernels in `Kernels/`.
///
/// Operations are enqueued on one in-order queue. Each is prepared once, a kernel object with its
/// arguments, and kept by the operation's value; a run sets what changes from step to step. The
/// arena is one buffer and tensors are offsets into it.
public final class OpenCLBackend: Backend {
  /// `opencl`
  public let name = "opencl"
  /// Name, OpenCL version and driver version.
  public let device: String

  /// What the kernels were compiled with.
  public var buildOptions: String { layout.options }

  /// What the kernels were compiled from.
  package let sourceText: String

  let description: OpenCLDevice
  let layout: Layout
  var tiling: MatrixTiling
  let handle: cl_device_id
  let context: Context
  let queue: Queue
  let program: Program
  let eventLog: EventLog?

  var arena: Memory?
  var elements = 0
  var pixelTables: [Table] = []
  var indexTables: [Table] = []
  var firstError: BackendError?
  var prepared = Prepared()
  /// The layers of the updates, which their kernels read.
  var layerTables: [Table] = []
  /// Where products leave slices of their sums, each larger than those before.
  var scratch: [Table] = []

  /// Prepares device `index` of `OpenCLScan`, and builds the kernels for it.
  ///
  /// - Parameters:
  ///   - index: Its number among the devices of all platforms.
  ///   - kernels: Where the kernels are; by default looked for as `KernelSources` says.
  ///   - tuning: Which set of kernels: the device type's, unless a test wants the other.
  ///   - profile: Where the device's own times of the operations are recorded, if they are wanted.
  /// - Throws: `OpenCLError`.
  public init(
    device index: Int = 0, kernels: KernelSources? = nil, tuning: Tuning = .automatic,
    profile: Profile? = nil
  ) throws {
    guard let handle = OpenCLScan.handle(of: index) else {
      throw OpenCLError.noSuchDevice(index: index, failures: OpenCLScan.current().failures)
    }
    self.handle = handle
    var name = "OpenCL device \(index)"
    eventLog = profile.map { EventLog($0) }
    do {
      description = try OpenCLDevice(index: index, platform: "", handle: handle)
      name = description.summary
      device = name
      let limits = try DeviceLimits(handle)
      let tile = try CPUTile(tuning, for: description, handle)
      layout = tile.map { .cpu($0, localMemory: limits.localMemory) } ?? .gpu
      context = try Context(device: handle)
      queue = try Queue(context, device: handle, timing: profile != nil)
      let sources = try kernels ?? KernelSources()
      let source = try sources.text(of: layout.files)
      sourceText = source
      program = try Program.build(
        context, device: handle, source: source, options: layout.options, name: name,
        folder: sources.directory)
      if let kernel = try limits.exceeded(by: layout, program) {
        throw OpenCLError.deviceTooSmall(device: name, kernel: kernel)
      }
      if let tile {
        tiling = .cpu(tile)
      } else {
        let tiles = try limits.tiles(program)
        guard !tiles.isEmpty else {
          throw OpenCLError.deviceTooSmall(device: name, kernel: GPUTile.small.kernels[0])
        }
        tiling = .gpu(GPUTiling(computeUnits: description.computeUnits, tiles: tiles))
      }
    } catch let status as OpenCLStatus {
      throw OpenCLError.deviceFailed(device: name, status: status)
    }
  }

  deinit { try? queue.finish() }

  /// How products are divided, where the kernels are those for GPUs.
  package var gpuTiling: GPUTiling? {
    get { if case .gpu(let tiling) = tiling { tiling } else { nil } }
    set {
      guard let newValue else { return }
      tiling = .gpu(newValue)
      prepared.forgetProducts()
    }
  }
}

extension CPUTile {
  /// The tile that a tuning asks for, if it asks for the kernels for CPUs.
  fileprivate init?(
    _ tuning: Tuning, for device: OpenCLDevice, _ handle: cl_device_id
  ) throws(OpenCLStatus) {
    let lanes: UInt32 =
      switch tuning {
      case .cpu: 16
      case .cpuNarrow: 8
      case .automatic where device.type == .cpu:
        // Zero where a driver does not say.
        max(1, try handle.value(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT))
      case .automatic, .gpu: 0
      }
    guard lanes > 0 else { return nil }
    self.init(lanes: Int(lanes), computeUnits: device.computeUnits)
  }
}

/// A resident table's memory.
final class Table {
  let memory: Memory

  init(_ memory: consuming Memory) { self.memory = memory }
}

/// The kernels made ready so far, by operation.
struct Prepared {
  var gather: [Gather: PreparedKernel] = [:]
  var binarize: [Binarize: PreparedKernel] = [:]
  var copyColumns: [CopyColumns: PreparedKernel] = [:]
  var dense: [Dense: PreparedKernel] = [:]
  var denseInputGradient: [DenseInputGradient: PreparedKernel] = [:]
  var denseParameterGradient: [DenseParameterGradient: PreparedKernel] = [:]
  var convolution: [Convolution: PreparedKernel] = [:]
  var transposedConvolution: [TransposedConvolution: PreparedKernel] = [:]
  var convolutionParameterGradient: [ConvolutionParameterGradient: PreparedKernel] = [:]
  var activate: [Activate: PreparedKernel] = [:]
  var reparameterize: [Reparameterize: PreparedKernel] = [:]
  var reparameterizeGradient: [ReparameterizeGradient: PreparedKernel] = [:]
  var klDivergence: [KLDivergence: PreparedKernel] = [:]
  var latentDivergence: [LatentDivergence: PreparedKernel] = [:]
  var freeBitsGradient: [FreeBitsGradient: PreparedKernel] = [:]
  var varianceGradient: [VarianceGradient: PreparedKernel] = [:]
  var reconstructionLoss: [ReconstructionLoss: PreparedKernel] = [:]
  var reconstructionLossGradient: [ReconstructionLossGradient: PreparedKernel] = [:]
  var sampledDivergence: [SampledDivergence: PreparedKernel] = [:]
  var sampledDivergenceGradient: [SampledDivergenceGradient: PreparedKernel] = [:]
  var importanceWeights: [ImportanceWeights: PreparedKernel] = [:]
  var repeatRows: [RepeatRows: PreparedKernel] = [:]
  var sumRowGroups: [SumRowGroups: PreparedKernel] = [:]
  var scaleRows: [ScaleRows: PreparedKernel] = [:]
  var sumRows: [SumRows: PreparedKernel] = [:]
  var sumSquares: [SumSquares: PreparedKernel] = [:]
  var clipByNorm: [ClipByNorm: PreparedKernel] = [:]
  var adam: [AdamUpdate: PreparedKernel] = [:]
  var denseUpdate: [DenseUpdate: PreparedKernel] = [:]
  var momentum: [MomentumUpdate: PreparedKernel] = [:]
  var randomFill: [RandomFill: PreparedKernel] = [:]
  var corrupt: [Corrupt: PreparedKernel] = [:]

  /// Has products divided anew.
  mutating func forgetProducts() {
    (dense, denseInputGradient) = ([:], [:])
    (denseParameterGradient, denseUpdate) = ([:], [:])
  }
}
