import Parity

/// A comparison with all that it was made on: the contents of `--json`.
struct ComparisonReport: Encodable {
  let environment: ComparisonEnvironment
  let comparison: Comparison

  /// The comparison's own keys, `environment` and `passes`.
  func encode(to encoder: any Encoder) throws {
    try comparison.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(environment, forKey: .environment)
    try container.encode(comparison.passes, forKey: .passes)
  }

  private enum CodingKeys: CodingKey { case environment, passes }

  /// The candidates' names, in the order of the comparison's lists.
  var names: [String] { environment.candidates.map(\.name) }
}

/// What was compared, on what, and how to do it again.
struct ComparisonEnvironment: Encodable {
  let candidates: [CandidateDescription]
  let machine: Machine
  /// OpenCL drivers and devices that cannot be used, a line each.
  let failures: [String]
  /// Where the OpenCL kernels come from; `nil` where none were used.
  let kernels: KernelFolder?
  /// The program's version, and its SHA-256.
  let version: String
  let program: String
  /// The model and its training, a line each.
  let model: String
  let training: String
  /// What a loss is measured in.
  let lossUnit: String
  /// The data set's name, and how many of its images are used.
  let data: String
  let images: Int
  /// Where all inputs, weights and noise come from.
  let seed: UInt64
  /// The line for a shell that does it again.
  let command: String
}

/// A candidate, and what it runs on.
struct CandidateDescription: Encodable {
  /// What chooses it: `blas`, `opencl:0`, …
  let name: String
  /// `Backend.name` and `Backend.device`.
  let backend: String
  let device: String
  /// The BLAS library with its version, the processor that its kernels are for, and the threads.
  var library: String?
  var core: String?
  var threads: Int?
  /// The OpenCL device's platform, type, driver and version of OpenCL.
  var platform: String?
  var type: String?
  var driver: String?
  var version: String?
  /// What the kernels were compiled with.
  var buildOptions: String?
  /// What of `vae tune`'s measurements is in use, or why it is not; `nil` where there are none.
  var tuning: String?

  /// All of it but the name, in a line.
  var line: String {
    guard backend != "reference" else { return "Double, plain loops" }
    let threads = threads.map { $0 == 1 ? "1 thread" : "\($0) threads" }
    // An OpenCL device's own text has its driver and version.
    let parts = [
      library ?? device, core.map { "core \($0)" }, threads, type, platform,
      buildOptions.map { "kernels built with \($0)" }, tuning,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension ComparisonEnvironment {
  /// Everything but the command, as titles and texts.
  var lines: [(title: String, text: String)] {
    var lines = candidates.map { ($0.name, $0.line) }
    lines += failures.map { ("unusable", $0) }
    lines.append(("reference", "Double, plain loops"))
    if let kernels {
      lines.append(("kernels", "\(kernels.path), SHA-256 \(kernels.hash.prefix(16))…"))
    }
    lines.append(("machine", machine.line))
    lines.append(
      (
        "program",
        "vae \(version), SHA-256 \(program.prefix(16))…"
      ))
    lines += [("model", model), ("training", training), ("data", "\(images) images of \(data)")]
    lines.append(("seed", "\(seed)"))
    return lines
  }
}
