import Foundation
import TestSupport
import Testing

/// `vae bench` as a process: what it prints and writes, not how fast anything is.
@Suite struct BenchTests {
  private static let fast = ["--seconds", "0.005"]

  private static func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The results of `vae bench arguments`, each checked for what all have in common.
  private static func results(_ arguments: [String], on backend: String) throws -> [[String: Any]] {
    let folder = try TemporaryFolder()
    let path = folder.file("bench.json")
    let result = try Tool().run(
      ["bench", "--backend", backend, "--json", path] + fast + arguments)
    #expect(result.status == 0, "\(result.error)")
    let report = try json(path)
    #expect(report["backend"] as? String == backend && report["device"] is String)
    let peaks = try #require(report["peaks"] as? [String: Any])
    let arithmetic = try #require(peaks["operations_per_second"] as? Double)
    let memory = try #require(peaks["bytes_per_second"] as? Double)
    let results = try #require(report["results"] as? [[String: Any]])
    for entry in results {
      let seconds = try #require(entry["seconds"] as? [String: Double])
      let keys = ["fastest", "lower_quartile", "median", "upper_quartile"]
      let values = keys.compactMap { seconds[$0] }
      try #require(values.count == 4 && values[0] > 0)
      #expect(values == values.sorted())
      #expect((seconds["samples"] ?? 0) >= 5)
      let operations = try #require(entry["floating_point_operations"] as? Double)
      let bytes = try #require(entry["bytes"] as? Double)
      let share = try #require(entry["share_of_peak"] as? Double)
      let least = max(operations / arithmetic, bytes / memory)
      // A step's is the sum of its operations'.
      #expect(share * values[2] >= least * (1 - 1e-9))
      let name = try #require(entry["name"] as? String)
      #expect(result.output.contains(name))
      #expect(result.output.contains(try #require(entry["shapes"] as? String)))
    }
    return results
  }

  @Test(arguments: ["blas", "opencl"])
  func oneModelGivesItsOperationsAndItsStep(backend: String) throws {
    let results = try Self.results(
      ["--hidden", "16", "--latent", "4", "--batch-size", "8"], on: backend)
    let names = results.compactMap { $0["name"] as? String }
    #expect(names.first == "gather" && names.last == "training step" && names.count == 15)
    #expect(results.last?["shapes"] as? String == "784-16-4-16-784, batch 8")
    let costs = results.map {
      ($0["calls"] as? Int ?? 0) * ($0["floating_point_operations"] as? Int ?? 0)
    }
    #expect(costs.dropLast().reduce(0, +) == costs.last)
  }

  @Test func listsGiveEveryCombination() throws {
    let results = try Self.results(
      ["--hidden", "8,16", "--latent", "2,3", "--batch-size", "4,1", "--preset", "keras"],
      on: "blas")
    #expect(
      results.compactMap { $0["shapes"] as? String } == [
        "784-8-2-8-784, batch 4", "784-8-2-8-784, batch 1", "784-8-3-8-784, batch 4",
        "784-8-3-8-784, batch 1", "784-16-2-16-784, batch 4", "784-16-2-16-784, batch 1",
        "784-16-3-16-784, batch 4", "784-16-3-16-784, batch 1",
      ])
    #expect(results.compactMap { $0["batch_size"] as? Int } == [4, 1, 4, 1, 4, 1, 4, 1])
  }

  @Test(arguments: ["blas", "opencl"])
  func productsForwardAndBack(backend: String) throws {
    let results = try Self.results(["--matmul", "3x5x7,32x16x8"], on: backend)
    #expect(
      results.compactMap { $0["shapes"] as? String } == [
        "3×5 · 5×7", "3×7 · (5×7)ᵀ", "(3×5)ᵀ · 3×7", "32×16 · 16×8", "32×8 · (16×8)ᵀ",
        "(32×16)ᵀ · 32×8",
      ])
    #expect(
      results.compactMap { $0["floating_point_operations"] as? Int }
        == [210, 210, 210, 8192, 8192, 8192])
  }

  @Test func crossoverIsWhereTheDeviceStaysAhead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("crossover.json")
    let result = try Tool().run(
      ["bench", "--crossover", "--backend", "opencl", "--hidden", "16", "--json", path]
        + ["--batch-size", "64,1,8"] + Self.fast)
    #expect(result.status == 0, "\(result.error)")
    let report = try Self.json(path)
    let points = try #require(report["points"] as? [[String: Any]])
    #expect(points.compactMap { $0["batch_size"] as? Int } == [1, 8, 64])
    var expected: Int?
    for point in points.reversed() {
      let times = try ["opencl", "blas"].map { name in
        try #require((point[name] as? [String: Double])?["median"])
      }
      guard times[0] < times[1] else { break }
      expected = point["batch_size"] as? Int
    }
    #expect(report["batch_size"] as? Int == expected)
    #expect(
      result.output.contains(
        expected.map { "stays ahead of BLAS from batch size \($0) on" } ?? "no crossover"))
  }

  @Test func crossoverNeedsADevice() throws {
    let result = try Tool().run("bench", "--crossover", "--backend", "blas")
    #expect(result.status == 2 && result.error.contains("--backend"), "\(result.error)")
  }
}
