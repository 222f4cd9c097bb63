import Arguments
import Backend
import Terminal
import VAE

/// What `vae evaluate` estimates beyond the ELBO.
struct InferenceOptions: ParsableArguments {
  @Option(
    range: .between(1, and: 1 << 24), implied: 5000,
    help: ArgumentHelp(
      "Estimate ln p(x) from k draws of z an image, by importance sampling.", valueName: "k"))
  var nll: Int?

  @Option(
    range: .between(1, and: 1 << 20), implied: RefinementSettings().steps,
    help: ArgumentHelp(
      """
      Refine each image's own posterior by n steps of gradient ascent, and print what the encoder \
      misses: the amortization gap.
      """, valueName: "n"))
  var refine: Int?

  @Option(
    range: .atLeast(1),
    help: ArgumentHelp("Take the first n images alone. (default: all)", valueName: "n"))
  var images: Int?

  /// The room that it takes of `model`.
  func workspace(of model: ModelConfiguration) -> Workspace {
    Workspace(
      codes: nll == nil ? nil : GraphPlan.codes(for: model, hasCodeGradient: refine != nil),
      hasCodeGradient: refine != nil)
  }

  /// Does what was asked for, under a line of progress each.
  func results(of model: VariationalAutoencoder, _ images: PixelTable, beta: Double, seed: UInt64)
    throws -> InferenceResults
  {
    InferenceResults(
      likelihood: try nll.map { draws in
        try withProgress("ln p(x)", of: images.rows * draws, "draws") { report in
          try model.logLikelihood(images, draws: draws, seed: seed) { report($0) }
        }
      },
      refinement: try refine.map { steps in
        try withProgress("refining", of: images.rows * steps, "steps") { report in
          try model.refine(images, RefinementSettings(steps: steps, beta: beta, seed: seed)) {
            report($0)
          }
        }
      },
      steps: refine ?? 0)
  }
}

/// What came of it.
struct InferenceResults {
  let likelihood: LikelihoodEstimate?
  let refinement: Refinement?
  let steps: Int

  /// The tables.
  func text(hasColor: Bool) -> String {
    [likelihood.map { text($0, hasColor) }, refinement.map { text($0, hasColor) }]
      .compactMap { $0 }.joined(separator: "\n")
  }

  private func text(_ likelihood: LikelihoodEstimate, _ hasColor: Bool) -> String {
    var table = Table(["ln p(x) by importance sampling": .left, "": .right, "unit": .left])
    table.append([
      "−ln p(x), \(Format.count(likelihood.draws)) draws",
      "\(number(likelihood.negativeLogLikelihood)) ± \(number(likelihood.standardError))",
      "nats an image",
    ])
    table.append(["−ELBO, the same draws", "\(number(likelihood.negativeBound))", "nats an image"])
    table.append([
      "−log₂ p(x)", "\(number(likelihood.bitsPerDimension))", "bits a pixel and channel",
    ])
    if let bits = likelihood.bitsPerLevel {
      table.append([
        "the same of levels 0 to 255", "\(number(bits))", "bits a pixel and channel",
      ])
    }
    table.append([
      "effective draws, mean", "\(Format.fixed(likelihood.meanEffectiveDraws, digits: 1))", "",
    ])
    table.append([
      "effective draws, least", "\(Format.fixed(likelihood.leastEffectiveDraws, digits: 1))", "",
    ])
    var curve = Table(["draws": .right, "−ln p(x) is at most": .right])
    for point in likelihood.curve {
      curve.append(["\(Format.count(point.draws))", "\(number(point.negativeLogLikelihood))"])
    }
    return table.text(hasColor: hasColor) + "\n" + curve.text(hasColor: hasColor)
  }

  private func text(_ refinement: Refinement, _ hasColor: Bool) -> String {
    func loss(_ bounds: [Double]) -> String {
      number(-bounds.reduce(0, +) / Double(bounds.count))
    }
    var table = Table(["posterior": .left, "loss": .right])
    table.append(["the encoder's", "\(loss(refinement.amortized))"])
    table.append([
      "each image's own, \(Format.count(steps)) steps", "\(loss(refinement.refined))",
    ])
    table.append([
      "amortization gap",
      "\(number(refinement.gap)) ± \(number(refinement.gapStandardError))",
    ])
    return table.text(hasColor: hasColor)
  }

  private func number(_ value: Double) -> String { Format.fixed(value, digits: 4) }
}

/// `LikelihoodEstimate` as JSON has it.
struct LikelihoodReport: Encodable {
  let draws: Int
  let negativeLogLikelihood: Double
  let standardError: Double
  let negativeBound: Double
  let bitsPerDimension: Double
  let bitsPerLevel: Double?
  let meanEffectiveDraws: Double
  let leastEffectiveDraws: Double
  let curve: [LikelihoodEstimate.CurvePoint]

  init(_ estimate: LikelihoodEstimate) {
    draws = estimate.draws
    negativeLogLikelihood = estimate.negativeLogLikelihood
    standardError = estimate.standardError
    negativeBound = estimate.negativeBound
    bitsPerDimension = estimate.bitsPerDimension
    bitsPerLevel = estimate.bitsPerLevel
    meanEffectiveDraws = estimate.meanEffectiveDraws
    leastEffectiveDraws = estimate.leastEffectiveDraws
    curve = estimate.curve
  }
}

/// `Refinement` as JSON has it.
struct RefinementReport: Encodable {
  let steps: Int
  let amortizedLoss: Double
  let refinedLoss: Double
  let gap: Double
  let gapStandardError: Double

  init(_ refinement: Refinement, steps: Int) {
    func loss(_ bounds: [Double]) -> Double { -bounds.reduce(0, +) / Double(bounds.count) }
    self.steps = steps
    (amortizedLoss, refinedLoss) = (loss(refinement.amortized), loss(refinement.refined))
    (gap, gapStandardError) = (refinement.gap, refinement.gapStandardError)
  }
}
