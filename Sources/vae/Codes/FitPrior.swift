import Arguments
import Files
import LatentSpace
import Statistics
import Terminal
import VAE

extension GaussianMixture.Covariance: ExpressibleByArgument {}

struct FitPrior: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit-prior",
    abstract: "Fit a Gaussian mixture to the codes, for `vae sample --prior mixture`.",
    discussion: """
      Expectation and maximization from a start by k-means++, on one draw z of each training image's \
      posterior. No variance falls below a millionth of the codes' mean variance. Log-likelihoods are \
      nats a code, held-out ones of the test images' codes. Of several numbers of components the one \
      with the highest held-out log-likelihood is kept, as prior.safetensors beside the model.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .each(.between(1, and: 10_000)),
    help: ArgumentHelp("How many Gaussians; several numbers are compared.", valueName: "k,…"))
  var components: [Int] = [10]

  @Option(help: "What each Gaussian's covariance may be.")
  var covariance: GaussianMixture.Covariance = .full

  @Option(
    range: .between(1, and: 100_000), help: ArgumentHelp("The most iterations.", valueName: "n"))
  var iterations: Int = 200

  @Option(help: ArgumentHelp("The seed of the draws and of the start.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let path = loaded.saved.folder.prior
    try FileSystem.checkWritable(path)
    let dataset = try loaded.dataset(data)
    let (train, test) = (
      try loaded.model.encode(loaded.images(of: dataset, .train).table).draws(seed: seed),
      try loaded.model.encode(loaded.images(of: dataset, .test).table).draws(seed: seed)
    )
    let terminal = Terminal.standardOutput
    terminal.write(
      "codes    \(Format.count(train.rows)) training and \(Format.count(test.rows)) test images of "
        + "\(dataset.name), \(train.columns) dimensions\nbackend  \(loaded.chosen.summary)\n\n")

    var table = Table([
      "components": .right, "parameters": .right, "iterations": .right, "training": .right,
      "held out": .right,
    ])
    let standard = try MultivariateNormal.standard(dimensions: train.columns)
    func mean(_ codes: Matrix) -> Double {
      standard.logDensities(codes).reduce(0, +) / Double(codes.rows)
    }
    table.append(["N(0, I)", "", "", "\(Self.number(mean(train)))", "\(Self.number(mean(test)))"])

    var best: (fit: MixtureFit, heldOut: Double)?
    for count in components {
      let fit = try fit(count, to: train)
      let heldOut = try fit.mixture.logLikelihood(test)
      table.append([
        "\(count)", "\(Format.count(fit.mixture.parameterCount))",
        "\(fit.logLikelihoods.count - 1)\(fit.hasConverged ? "" : "+")",
        "\(Self.number(fit.logLikelihoods.last))", "\(Self.number(heldOut))",
      ])
      if heldOut > best?.heldOut ?? -.infinity { best = (fit, heldOut) }
    }
    terminal.write(table.text(hasColor: terminal.hasColor))
    guard let best else { throw StatisticsError.notFinite(what: "the held-out codes") }
    try MixturePrior(
      best.fit.mixture,
      .init(
        modelChecksum: try loaded.checksum(), covariance: covariance, data: dataset.name,
        seed: seed, logLikelihoods: best.fit.logLikelihoods, heldOut: best.heldOut)
    ).write(to: path)
    let count = best.fit.mixture.components.count
    terminal.write(
      "\nprior    \(path): \(Format.count(count, "Gaussian")), \(covariance.rawValue) covariance\n"
        + "next     vae sample \(shellQuoted(source.run)) --prior mixture --out samples.png\n")
  }

  private func fit(_ count: Int, to codes: Matrix) throws -> MixtureFit {
    var options = MixtureFit.Options()
    options.maximumIterations = iterations
    return try withProgress("\(count) components", of: iterations + 1, "iterations") { report in
      try MixtureFit(
        codes, components: count, covariance: covariance, seed: seed, options: options
      ) { report($0.count, detail: "\(Self.number($0.last)) nats") }
    }
  }

  private static func number(_ value: Double?) -> String {
    Format.fixed(value ?? .nan, digits: 3)
  }
}
