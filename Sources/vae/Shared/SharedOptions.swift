import Arguments
import Backend
import Backends
import Datasets
import Files
import Foundation
import OpenCLBackend
import Terminal
import VAE

extension Preset: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension Posterior: ExpressibleByArgument {}
extension Likelihood: ExpressibleByArgument {}
extension Initialization: ExpressibleByArgument {}

extension BackendRequest: ExpressibleByArgument {
  public init(argument: String) throws { try self.init(argument) }
}

/// Where to compute.
struct BackendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      auto, opencl, opencl:INDEX, opencl:NAME, blas or reference. auto takes a GPU, else BLAS, and \
      says why. (default: $VAE_BACKEND, else auto)
      """, valueName: "backend"))
  var backend: BackendRequest?

  @Flag(help: "Fail where there is no GPU, rather than fall back.")
  var requireGpu: Bool = false

  @Option(
    help: ArgumentHelp(
      "The folder with the OpenCL kernels. (default: $VAE_KERNELS, else those of the program)",
      valueName: "dir"))
  var kernels: String?

  /// The backend for work that takes `memory`, if that is known; `fallback` counts where nothing was asked for, and
  /// operations leave their times in `profile`.
  func choose(
    memory: MemoryDemand?, fallback: String? = nil, tuning: Tuning = .automatic,
    profile: Profile? = nil
  ) throws -> ChosenBackend {
    do {
      var request = try BackendRequest.resolve(
        backend, environment: ProcessInfo.processInfo.environment)
      let isRepeated = request == .automatic && backend == nil && fallback != nil && !requireGpu
      if isRepeated, let fallback { request = try BackendRequest(fallback) }
      let chosen = try chooseBackend(
        request, requireGPU: requireGpu, kernels: kernels, tuning: tuning, memory: memory,
        profile: profile)
      return isRepeated
        ? ChosenBackend(backend: chosen.backend, reason: "as before", tuning: chosen.tuning)
        : chosen
    } catch let error as BackendChoiceError where error.isUsageError {
      let variable = ProcessInfo.processInfo.environment[BackendRequest.variable]
      throw ValidationError(
        backend == nil && variable != nil ? "\(BackendRequest.variable): \(error)" : "\(error)")
    }
  }
}

extension ChosenBackend {
  /// Backend, device and why.
  var summary: String {
    "\(backend.name) on \(backend.device): \(reason)" + (tuning.map { "; \($0)" } ?? "")
  }
}

extension ImageFit.Crop: ExpressibleByArgument {}

extension ImageFit.Size: ExpressibleByArgument {
  public init(argument: String) throws {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count <= 2, let width = sides[0], let height = sides.last ?? nil else {
      throw InvalidValue("'\(argument)' is not a size: write 64, or 64x48 for width and height")
    }
    guard Self.sides.contains(width), Self.sides.contains(height) else {
      throw InvalidValue("'\(argument)' is not of sides between 1 and 65536")
    }
    self.init(width: width, height: height)
  }
}

/// Which images.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A folder of IDX files (train-images-idx3-ubyte and so on, gzip or not) or of PNG and JPEG images \
      (a class is a subfolder), an .npy or .npz file, or `digits`, the built-in data set, or \
      `digits:SEED`. (default: the run's, or digits)
      """, valueName: "data"))
  var data: String?

  @OptionGroup var form: FitOptions

  /// How images are to be made to fit; `nil` where nothing was asked for.
  var fit: ImageFit? { form.fit }
}

/// In what form images are wanted.
struct FitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Resize every image, 64 or 64x48. (default: as the run's, if there is one)", valueName: "size"
    ))
  var size: ImageFit.Size?

  @Option(
    help: "What --size does to other proportions: keep the centre, or stretch. (default: center)")
  var crop: ImageFit.Crop?

  @Flag(help: "Turn colours to grey.")
  var grey: Bool = false

  func validate() throws {
    if crop != nil && size == nil { throw ValidationError("--crop goes with --size") }
  }

  /// What was asked for; `nil` where nothing was.
  var fit: ImageFit? {
    givenOptions.isEmpty ? nil : ImageFit(size: size, crop: crop ?? .center, isGrey: grey)
  }
}

/// Which part of the data.
enum SplitName: String, CaseIterable, ExpressibleByArgument {
  case test
  case train
}

/// The run a command works on.
struct RunArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("A run folder or a .safetensors file.", valueName: "run"))
  var run: String
}
