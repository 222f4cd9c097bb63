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

  let description: OpenCLDevice
  let layout: Layout
  let tiling: MatrixTiling
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
    var name = "OpenCL device \(index)"
    eventLog = profile.map { EventLog($0) }
    do {
      description = try OpenCLDevice(index: index, platform: "", handle: handle)
      name = description.summary
      device = name
      let cpu = tuning == .cpu || tuning == .automatic && description.type == .cpu
      layout = cpu ? .cpu : .gpu
      try Self.checkLimits(of: handle, name: name, layout: layout)
      context = try Context(device: handle)
      queue = try Queue(context, device: handle, timing: profile != nil)
      let sources = try kernels ?? KernelSources()
      program = try Program.build(
        context, device: handle, source: sources.text(of: layout.files), options: layout.options,
        name: name, folder: sources.directory)
      tiling =
        cpu
        ? .cpu(CPUTile(width: layout.width, computeUnits: description.computeUnits))
        : .gpu(
          GPUTile(
            computeUnits: description.computeUnits,
            largeFits: try Self.largeTileFits(program, on: handle)))
    } catch let status as OpenCLStatus {
      throw OpenCLError.deviceFailed(device: name, status: status)
    }
  }

  deinit { try? queue.finish() }

  private static func checkLimits(of device: cl_device_id, name: String, layout: Layout) throws {
    let together: Int = try device.value(CL_DEVICE_MAX_WORK_GROUP_SIZE)
    let local: UInt64 = try device.value(CL_DEVICE_LOCAL_MEM_SIZE)
    // The panel of matmul_cpu.cl; the two operands' parts of the larger tile in matmul_gpu_tile.h.
    let floats = layout.width > 1 ? 256 * 2 * layout.width : 2 * 16 * 68
    let needed = (together: layout.elementGroup, local: 4 * floats)
    guard together >= needed.together, local >= UInt64(needed.local) else {
      throw OpenCLError.deviceTooSmall(
        device: name,
        needed: "work-groups of \(needed.together) and \(needed.local) bytes of local memory")
    }
  }

  /// Whether the kernels of the 64×64 tile can run 16×16 work-items together on `device`.
  private static func largeTileFits(_ program: borrowing Program, on device: cl_device_id) throws
    -> Bool
  {
    for name in [
      "dense_forward", "dense_input_gradient", "dense_parameter_gradient", "dense_update",
    ] {
      let kernel = try Kernel(program, name: name + "_64")
      if try kernel.maxGroupSize(on: device) < 256 { return false }
    }
    return true
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
  var dense: [Dense: PreparedKernel] = [:]
  var denseInputGradient: [DenseInputGradient: PreparedKernel] = [:]
  var denseParameterGradient: [DenseParameterGradient: PreparedKernel] = [:]
  var convolution: [Convolution: PreparedKernel] = [:]
  var transposedConvolution: [TransposedConvolution: PreparedKernel] = [:]
  var convolutionSlices: [ConvolutionParameterGradient: PreparedKernel] = [:]
  var convolutionSums: [ConvolutionParameterGradient: PreparedKernel] = [:]
  var convolutionBias: [ConvolutionParameterGradient: PreparedKernel] = [:]
  var activate: [Activate: PreparedKernel] = [:]
  var reparameterize: [Reparameterize: PreparedKernel] = [:]
  var reparameterizeGradient: [ReparameterizeGradient: PreparedKernel] = [:]
  var klDivergence: [KLDivergence: PreparedKernel] = [:]
  var reconstructionLoss: [ReconstructionLoss: PreparedKernel] = [:]
  var reconstructionLossGradient: [ReconstructionLossGradient: PreparedKernel] = [:]
  var sumRows: [SumRows: PreparedKernel] = [:]
  var adam: [AdamUpdate: PreparedKernel] = [:]
  var denseUpdate: [DenseUpdate: PreparedKernel] = [:]
  var momentum: [MomentumUpdate: PreparedKernel] = [:]
  var randomFill: [RandomFill: PreparedKernel] = [:]
}
