import Backend
import Foundation
import OpenCLBackend
import Testing

/// The KL divergence is what little is left of terms near 1, which a bound on each of them does not protect.
@Suite struct DivergenceTests {
  @Test("Near the prior a σ head's KL divergence keeps its digits", arguments: [Tuning.cpu, .gpu])
  func keepsDigits(tuning: Tuning) throws {
    let spreads: [Float] = [0.5, 0.75, 0.99, 0.999, 0.9999, 1.0001, 1.001, 1.01, 1.25, 2]
    let backend = try OpenCLBackend(tuning: tuning)
    var plan = ArenaPlan()
    let head = plan.tensor(rows: spreads.count, columns: 2)
    let divergence = plan.tensor(rows: 1, columns: spreads.count)
    try backend.allocate(elements: plan.elements)
    backend.upload(spreads.flatMap { [0, $0] }, to: head)
    backend.run(KLDivergence(head: head, posterior: .sigma, divergence: divergence))
    for (spread, found) in zip(spreads, try backend.download(divergence)) {
      // σ² = 1 + f with the guard in f; f − ln(1 + f), by its series where it cancels in Double too.
      let f = Double(spread) * Double(spread) - 1 + 1e-10
      let series = f * f / 2 - f * f * f / 3 + f * f * f * f / 4
      let exact = abs(f) < 1e-3 ? series : f - log(1 + f)
      let expected = (exact - 1e-10) / 2
      #expect(abs(Double(found) - expected) < 1e-5 * expected, "σ \(spread)")
    }
  }
}
