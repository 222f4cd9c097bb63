import Backend

/// How much of the comparison to do.
public struct ComparisonPlan: Sendable {
  /// What is trained in the sections on training.
  public var subject: TrainingSubject
  /// Which sections.
  public var sections: [ComparisonSection]
  /// Steps of the free run.
  public var steps: Int
  /// How many shapes the section on operations tries.
  public var extent: Extent

  /// A plan.
  public init(
    subject: TrainingSubject, sections: [ComparisonSection] = ComparisonSection.allCases,
    steps: Int = 16, extent: Extent = .quick
  ) {
    self.subject = subject
    self.sections = sections
    self.steps = steps
    self.extent = extent
  }

  /// Steps in lockstep: each costs the reference a step in running error analysis.
  static let lockstepSteps = 2
  /// Images a step in the section on gradients, where every slope costs five passes.
  static let gradientBatch = 16
}

/// Compares every candidate with the reference, and with one another.
///
/// - Parameter report: told when a section begins, and its verdict.
/// - Throws: `BackendError`, `ConfigurationError`.
public func compare(
  _ candidates: [Candidate], _ plan: ComparisonPlan, environment: ComparisonEnvironment,
  report: (ComparisonSection, Verdict?) -> Void = { _, _ in }
) throws -> Comparison {
  var comparison = Comparison(environment: environment)
  let clock = ContinuousClock()
  for section in plan.sections {
    report(section, nil)
    let start = clock.now
    var verdict: Verdict
    switch section {
    case .operations: verdict = comparison.compareOperations(candidates, plan)
    case .gradients: verdict = try comparison.compareGradients(candidates, plan)
    case .random: verdict = try comparison.compareRandomNumbers(candidates, plan)
    case .trajectory: verdict = try comparison.compareTrajectories(candidates, plan)
    case .determinism: verdict = try comparison.compareDeterminism(candidates, plan)
    }
    verdict.seconds = (clock.now - start) / .seconds(1)
    comparison.verdicts.append(verdict)
    report(section, verdict)
  }
  return comparison
}

extension Comparison {
  fileprivate mutating func compareOperations(_ candidates: [Candidate], _ plan: ComparisonPlan)
    -> Verdict
  {
    let seed = plan.subject.training.seed
    operations = candidates.map { checkBackend($0.backend, extent: plan.extent, seed: seed) }
    pairs = comparePairs(candidates, seed: seed)
    let names = candidates.map(\.name)
    for (name, report) in zip(names, operations) {
      if let failure = report.failures.first {
        return Verdict(
          section: .operations, passes: false,
          text: "\(name): \(report.failures.count) of \(report.cases.count) cases fail, first "
            + "\(failure)")
      }
    }
    let cases = operations.map(\.cases.count).reduce(0, +)
    let use = operations.flatMap(\.summaries).map(\.boundUse).max() ?? 0
    return Verdict(
      section: .operations, passes: true,
      text: "\(cases) cases within their bounds, which are used to \(percent(use)) at most")
  }

  fileprivate mutating func compareGradients(_ candidates: [Candidate], _ plan: ComparisonPlan)
    throws -> Verdict
  {
    gradients = try checkGradients(
      plan.subject.withBatch(of: min(plan.subject.batchSize, ComparisonPlan.gradientBatch)),
      on: candidates.map(\.backend))
    for result in gradients {
      if !result.formulaIsRight {
        return Verdict(
          section: .gradients, passes: false,
          text: "the formula of \(result.tensor) is wrong: off its slope by \(result.slopeError), "
            + "\(result.slopeBound) allowed")
      }
      for (index, isRight) in result.backendsAreRight.enumerated() where !isRight {
        return Verdict(
          section: .gradients, passes: false,
          text: "\(candidates[index].name): \(result.tensor) is off by "
            + "\(result.distances[index]), \(result.distanceBound) allowed")
      }
    }
    let use = gradients.flatMap { result in result.distances.map { $0 / result.distanceBound } }
    return Verdict(
      section: .gradients, passes: true,
      text: "\(gradients.count) arrays: formulas are the loss's slopes, backends within "
        + "\(percent(use.max() ?? 0)) of what rounding explains")
  }

  fileprivate mutating func compareRandomNumbers(
    _ candidates: [Candidate], _ plan: ComparisonPlan
  ) throws -> Verdict {
    random = try candidates.map {
      try checkRandomNumbers(on: $0.backend, seed: plan.subject.training.seed)
    }
    for (candidate, result) in zip(candidates, random) {
      if let figure = result.figures.first(where: { !$0.passes }) {
        return Verdict(
          section: .random, passes: false,
          text: "\(candidate.name): \(figure.name) is \(figure.value), \(figure.limit) allowed")
      }
    }
    return Verdict(
      section: .random, passes: true,
      text: "words bit for bit, normals within rounding, \(random.first?.draws ?? 0) draws as "
        + "N(0, 1) has them")
  }

  fileprivate mutating func compareTrajectories(
    _ candidates: [Candidate], _ plan: ComparisonPlan
  ) throws -> Verdict {
    lockstep = try candidates.map {
      try Parity.lockstep(plan.subject, steps: ComparisonPlan.lockstepSteps, on: $0.backend)
    }
    freeRuns = try Parity.freeRuns(plan.subject, steps: plan.steps, on: candidates.map(\.backend))
    for (candidate, results) in zip(candidates, lockstep) {
      if let first = results.first(where: { !$0.failures.isEmpty }) {
        return Verdict(
          section: .trajectory, passes: false,
          text: "\(candidate.name): in lockstep, step \(first.step), \(first.operation) leaves its "
            + "bound at \(first.tensor): \(first.failures[0].reason)")
      }
    }
    for (candidate, run) in zip(candidates, freeRuns) {
      if let departure = run.departure {
        return Verdict(
          section: .trajectory, passes: false,
          text: "\(candidate.name): outside the envelope from step \(departure.step) on: "
            + "\(departure.quantity) \(departure.distance) from the reference, "
            + "\(FreeRun.allowance) × \(departure.envelope) allowed")
      }
    }
    let use = freeRuns.flatMap(\.steps).map { $0.parameterDistance / $0.parameterEnvelope }
    return Verdict(
      section: .trajectory, passes: true,
      text: "every operation of \(ComparisonPlan.lockstepSteps) steps within its bound; "
        + "\(plan.steps) steps inside the envelope, at most \(rounded(use.max() ?? 0)) × an ulp's run"
    )
  }

  fileprivate mutating func compareDeterminism(_ candidates: [Candidate], _ plan: ComparisonPlan)
    throws -> Verdict
  {
    determinism = try candidates.map {
      try checkDeterminism(
        plan.subject, steps: plan.steps, on: $0.backend, variants: $0.variants)
    }
    for (candidate, result) in zip(candidates, determinism) where !result.passes {
      let what = result.hash == result.hashAgain ? "saved and resumed" : "done again"
      return Verdict(
        section: .determinism, passes: false,
        text: "\(candidate.name): \(plan.steps) steps, \(what), end with other parameters")
    }
    let notes = zip(candidates, determinism).flatMap { candidate, result in
      result.variants.map { variant in
        "\(candidate.name) with \(variant.name): "
          + (variant.hash == result.hash
            ? "the same bits" : "other bits, sums being cut elsewhere")
      }
    }
    return Verdict(
      section: .determinism, passes: true,
      text: (["\(plan.steps) steps end with the same bits, done again and resumed"] + notes)
        .joined(separator: "; "))
  }
}

private func percent(_ fraction: Double) -> String { "\(rounded(100 * fraction)) %" }

private func rounded(_ value: Double) -> String {
  let scaled = (value * 10).rounded() / 10
  return scaled == scaled.rounded() && abs(scaled) < 1e15 ? "\(Int(scaled))" : "\(scaled)"
}
