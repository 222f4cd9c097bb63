import TestSupport
import Testing

/// `vae reproduce`, short of training for minutes.
@Suite struct ReproduceTests {
  @Test func runsAreListedWithTargetsAndSources() throws {
    let all = try Tool().run("reproduce", "--list")
    #expect(all.status == 0)
    for run in ["pytorch", "conv", "keras", "keras-log-variance", "anomaly"] {
      let alone = try Tool().run("reproduce", run, "--list")
      #expect(alone.output.hasPrefix("\(run): ") && alone.output.contains("tolerances: "))
      #expect(alone.output.contains("source") && all.output.contains(alone.output))
    }
    #expect(try Tool().run("reproduce", "cifar").error.contains("pytorch, conv, keras"))
  }

  @Test func otherDataThanMNISTIsRefused() throws {
    let folder = try TemporaryFolder()
    let digits = try folder.digits(train: 64, test: 20)
    for (data, expected) in [
      (digits, "\(digits) is not MNIST"), (folder.file("x"), "no folder \(folder.file("x"))"),
    ] {
      let result = try Tool().run("reproduce", "--data", data, "--backend", "blas")
      #expect(result.status == 1 && result.error.contains(expected), "\(result.error)")
      #expect(result.error.contains("vae data mnist") && result.output.isEmpty)
    }
  }
}
