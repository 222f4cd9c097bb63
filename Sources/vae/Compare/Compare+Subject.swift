import Arguments
import BLASBackend
import Backend
import Backends
import Datasets
import Files
import Foundation
import OpenCLBackend
import Parity
import Terminal
import VAE

extension Compare {
  /// The backends asked for, or all there are, and what of `vae tune` each of them uses.
  func makeCandidates() throws -> [(candidate: Candidate, tuning: String?)] {
    let names =
      backends ?? (["blas"] + OpenCLScan.current().devices.map { "opencl:\($0.index)" })
    return try names.map { name in
      let request: BackendRequest
      do {
        request = try BackendRequest(name)
      } catch {
        throw ValidationError("\(error)")
      }
      let chosen = try chooseBackend(request, kernels: kernels, tuning: tuning)
      let backend = chosen.backend
      try tiles.apply(to: backend)
      guard let blas = backend as? BLASBackend else {
        return (Candidate(name: name, backend: backend), tiles.tile == nil ? chosen.tuning : nil)
      }
      let other = blas.threads == 1 ? 2 : 1
      let candidate = Candidate(
        name: name, backend: backend,
        variants: [(Format.count(other, "thread"), BLASBackend(threads: other))])
      return (candidate, nil)
    }
  }

  /// What is trained, and what its data are called.
  func makeSubject() throws -> (training: TrainingSubject, data: String) {
    let saved = try source.run.map { try SavedRun($0) }
    let preset = preset ?? .pytorch
    var training = saved?.configuration?.training ?? preset.training
    training.seed = seed
    training.batchSize = batchSize ?? training.batchSize
    // The steps begin again with the first image after the last.
    let wanted = min(steps * training.batchSize, 60_000)
    let name = try saved?.data(data) ?? data.data ?? "digits"
    let fit = saved?.fit(data) ?? data.fit ?? ImageFit()
    let dataset =
      name == "digits" && fit.isIdentity
      ? Digits.dataset(seed: Digits.defaultSeed, trainCount: wanted, testCount: 1)
      : try ImageDataset.load(name, fit: fit)
    var model = preset.model
    if let saved {
      model = saved.file.configuration
      try dataset.checkSize(for: model)
    } else {
      model.fit(dataset)
    }
    try model.validate()
    let labels = try dataset.labels(of: dataset.train, for: model)
    let subject = TrainingSubject(
      model: model, training: training,
      images: Array(dataset.train.pixels.prefix(wanted * model.pixels)),
      labels: labels.map { Array($0.prefix(wanted)) },
      parameters: saved?.file.parameters)
    return (subject, name)
  }

  /// All that a reader of the comparison may want to know about where it was made.
  func describe(
    _ candidates: [(candidate: Candidate, tuning: String?)],
    _ subject: (training: TrainingSubject, data: String)
  ) throws -> ComparisonEnvironment {
    let scan = OpenCLScan.current()
    let usesOpenCL = candidates.contains { $0.candidate.backend is OpenCLBackend }
    let (model, training) = (subject.training.model, subject.training.training)
    return ComparisonEnvironment(
      candidates: candidates.map {
        CandidateDescription($0.candidate, tuning: $0.tuning, devices: scan.devices)
      },
      machine: .current(), failures: scan.failures,
      kernels: usesOpenCL ? try KernelFolder(KernelSources(explicit: kernels).directory) : nil,
      version: programVersion, program: try programHash(),
      model: model.line, training: training.line(for: model), lossUnit: model.lossUnit,
      data: subject.data,
      images: subject.training.images.count / model.pixels, seed: seed, command: Self.command(seed))
  }

  /// Environment variables that decide what is compared.
  private static let variables = [
    KernelSources.variable, "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE",
    "OCL_ICD_VENDORS", "LD_LIBRARY_PATH",
  ]

  /// The command as it was given, the seed and what the environment adds made explicit.
  private static func command(_ seed: UInt64) -> String {
    let environment = ProcessInfo.processInfo.environment
    let assignments = variables.compactMap { name in
      environment[name].map { "\(name)=\(shellQuoted($0))" }
    }
    let arguments = CommandLine.arguments
    let hasSeed = arguments.contains { $0 == "--seed" || $0.hasPrefix("--seed=") }
    return (assignments + arguments.map(shellQuoted) + (hasSeed ? [] : ["--seed", "\(seed)"]))
      .joined(separator: " ")
  }
}

extension CandidateDescription {
  fileprivate init(_ candidate: Candidate, tuning: String?, devices: [OpenCLDevice]) {
    self.init(
      name: candidate.name, backend: candidate.backend.name, device: candidate.backend.device)
    self.tuning = tuning
    if let blas = candidate.backend as? BLASBackend {
      (library, core, threads) = (blas.library, blas.core, blas.threads)
    } else if let opencl = candidate.backend as? OpenCLBackend {
      buildOptions = opencl.buildOptions
      guard let found = devices.first(where: { $0.summary == opencl.device }) else { return }
      (platform, type, driver, version) =
        (found.platform, found.type.rawValue, found.driver, found.version)
    }
  }
}
