import Backend
import Foundation

/// How much of the comparison to do.
public struct ComparisonPlan: Sendable {
  /// What is trained in the sections on training.
  public var subject: TrainingSubject
  /// Which sections.
  public var sections: [ComparisonSection]
  /// Which operations the section on them tries, by `checkedOperations`; `nil` for all.
  public var operations: Set<String>?
  /// Steps of the free run.
  public var steps: Int
  /// How many shapes the section on operations tries.
  public var extent: Extent

  /// A plan.
  public init(
    subject: TrainingSubject, sections: [ComparisonSection] = ComparisonSection.allCases,
    operations: Set<String>? = nil, steps: Int = 16, extent: Extent = .quick
  ) {
    self.subject = subject
    self.sections = sections
    self.operations = operations
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
/// A section in which a backend gives up fails, with its error for a verdict, and the next one begins.
///
/// - Parameters:
///   - report: told when a section begins, and its verdict.
///   - progress: told how many steps of the free run are done.
/// - Throws: `ConfigurationError`, `ModelFileError`.
public func compare(
  _ candidates: [Candidate], _ plan: ComparisonPlan,
  report: (ComparisonSection, Verdict?) -> Void = { _, _ in }, progress: (Int) -> Void = { _ in }
) throws -> Comparison {
  var comparison = Comparison()
  let clock = ContinuousClock()
  for section in plan.sections {
    report(section, nil)
    let start = clock.now
    var verdict: Verdict
    do {
      switch section {
      case .operations: verdict = comparison.compareOperations(candidates, plan)
      case .gradients: verdict = try comparison.compareGradients(candidates, plan)
      case .random: verdict = try comparison.compareRandomNumbers(candidates, plan)
      case .trajectory:
        verdict = try comparison.compareTrajectories(candidates, plan, progress: progress)
      case .determinism: verdict = try comparison.compareDeterminism(candidates, plan)
      }
    } catch let error as BackendError {
      verdict = Verdict(section: section, passes: false, text: "\(error)")
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
    operations = candidates.map {
      checkBackend(
        $0.backend, extent: plan.extent, seed: seed, subject: plan.subject,
        operations: plan.operations)
    }
    pairs = comparePairs(candidates, seed: seed, operations: plan.operations)
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
    let formulas: String
    if let wrong = gradients.first(where: { !$0.formulaIsRight }) {
      formulas =
        "the formula of \(wrong.tensor) is off the loss's slope by \(scientific(wrong.slopeError)), "
        + "\(scientific(wrong.slopeBound)) allowed"
    } else {
      formulas = "the formulas of \(gradients.count) arrays are the loss's slopes"
    }
    for result in gradients {
      for (index, isRight) in result.backendsAreRight.enumerated() where !isRight {
        return Verdict(
          section: .gradients, passes: false,
          text: "\(formulas); \(candidates[index].name): \(result.tensor) is off the formula by "
            + "\(scientific(result.distances[index])), "
            + "\(scientific(result.distanceBound)) allowed")
      }
    }
    let use = gradients.flatMap { result in result.distances.map { $0 / result.distanceBound } }
    return Verdict(
      section: .gradients, passes: gradients.allSatisfy(\.formulaIsRight),
      text: "\(formulas); the backends' use \(percent(use.max() ?? 0)) of their limits at most")
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
      text:
        "words bit for bit, normals within rounding, no block twice; moments and distribution of "
        + "\(random.first?.draws ?? 0) draws are N(0, 1)'s")
  }

  fileprivate mutating func compareTrajectories(
    _ candidates: [Candidate], _ plan: ComparisonPlan, progress: (Int) -> Void
  ) throws -> Verdict {
    lockstep = try candidates.map {
      try Parity.lockstep(plan.subject, steps: ComparisonPlan.lockstepSteps, on: $0.backend)
    }
    freeRuns = try Parity.freeRuns(
      plan.subject, steps: plan.steps, on: candidates.map(\.backend), progress: progress)
    for (candidate, results) in zip(candidates, lockstep) {
      if let first = results.first(where: { !$0.failures.isEmpty }) {
        return Verdict(
          section: .trajectory, passes: false,
          text: "\(candidate.name): in lockstep, step \(first.step), \(first.operation) leaves its "
            + "bound: \(first.failures[0].reason)")
      }
    }
    for (candidate, run) in zip(candidates, freeRuns) {
      if let departure = run.departure {
        return Verdict(
          section: .trajectory, passes: false,
          text: "\(candidate.name): beyond the limit from step \(departure.step) on: "
            + "\(departure.quantity) \(scientific(departure.distance)) from the reference, "
            + "\(scientific(departure.limit)) allowed")
      }
    }
    return Verdict(
      section: .trajectory, passes: true,
      text:
        "every operation of \(ComparisonPlan.lockstepSteps) steps in lockstep within its bound; "
        + freeRunsLine(plan.steps))
  }

  /// What free runs that pass show.
  private func freeRunsLine(_ count: Int) -> String {
    let steps = freeRuns.flatMap(\.steps)
    let use = steps.map { $0.parameterDistance / $0.parameterLimit }.max() ?? 0
    let crossings = steps.reduce(0) { $0 + $1.crossings }
    let loose = freeRuns.first?.steps.firstIndex { $0.parameterLimit > 0.1 }
    return "\(count) free steps use \(percent(use)) of their limit at most"
      + (crossings == 0
        ? "" : ", followed across ReLU's kink \(crossings == 1 ? "once" : "\(crossings) times")")
      + (loose.map {
        "; from step \($0) on that is more than a tenth and says little, rounding being amplified so"
      } ?? "")
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
        text: "\(candidate.name): \(plan.steps) steps, \(what), end with other parameters, "
          + (result.divergence.map { "first in \($0)" }
            ?? "though not when watched step by step: a race"))
    }
    let notes = zip(candidates, determinism).flatMap { candidate, result in
      (result.hashResumed == nil
        ? ["\(candidate.name) is not resumed, its numbers being wider than those saved"] : [])
        + result.variants.map { "\(candidate.name) with \($0.name): \($0.outcome(result.hash))" }
    }
    return Verdict(
      section: .determinism, passes: true,
      text: (["\(plan.steps) steps end with the same bits, done again and resumed"] + notes)
        .joined(separator: "; "))
  }
}

extension DeterminismResult.Variant {
  /// Whether the bits are those of `hash`, and if not, where and why.
  fileprivate func outcome(_ hash: String) -> String {
    guard self.hash != hash else { return "the same bits" }
    guard let divergence else { return "other bits, though not when watched step by step: a race" }
    let products = [
      Dense.name, DenseInputGradient.name, DenseParameterGradient.name, DenseUpdate.name,
    ]
    return "other bits from \(divergence) on"
      + (products.contains(divergence.operation)
        ? ", where blocks of another size are summed in another order" : "")
  }
}

extension DeterminismResult.Divergence: CustomStringConvertible {
  /// `mean.weight gradient of step 3 (dense parameter gradient)`
  public var description: String { "\(tensor) of step \(step) (\(operation))" }
}

private func percent(_ fraction: Double) -> String { "\(rounded(100 * fraction)) %" }

private func scientific(_ value: Double) -> String { String(format: "%.2e", value) }

private func rounded(_ value: Double) -> String {
  let scaled = (value * 10).rounded() / 10
  return scaled == scaled.rounded() && abs(scaled) < 1e15 ? "\(Int(scaled))" : "\(scaled)"
}
