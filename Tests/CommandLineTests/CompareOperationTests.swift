import Foundation
import Parity
import TestSupport
import Testing
import VAE

/// `vae compare --operation`.
@Suite struct CompareOperationTests {
  @Test func anOperationIsTriedAlone() throws {
    let folder = try TemporaryFolder()
    let result = try Tool().run(
      "compare", "--operation", "sum rows", "--extent", "tiny", "--backends", "blas,blas",
      "--json", folder.file("found.json"))
    #expect(result.status == 0, "\(result.output)\(result.error)")
    // The line that repeats the run is one that a shell reads.
    #expect(result.output.contains("vae compare --operation 'sum rows' --extent tiny"))
    let json = try Data(contentsOf: URL(fileURLWithPath: folder.file("found.json")))
    let found = try JSON.decode(Comparison.self, from: json)
    #expect(found.verdicts.map(\.section) == [.operations])
    #expect(found.operations.count == 2)
    for report in found.operations {
      #expect(report.cases.count > 10)
      #expect(report.cases.allSatisfy { $0.operation == "sum rows" })
    }
    #expect(found.pairs.map(\.operation) == ["sum rows"])
  }

  @Test(arguments: checkedOperations)
  func everyOperationOfTheTablesCanBeNamed(operation: String) throws {
    let result = try Tool().run(
      "compare", "--operation", operation, "--extent", "tiny", "--backends", "reference")
    #expect(result.status == 0 && result.output.contains("\n\(operation)  "))
  }
}
