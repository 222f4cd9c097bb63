import Testing

extension FaultTests {
  /// Each fault is a build of `vae` and a comparison, ten seconds beside the two minutes of the first build:
  /// too long for `make test`.
  @Suite(.enabled(if: isComplete, "builds vae for every fault; make test-faults does"))
  struct BLASFaultTests {
    @Test func everyFaultIsFound() throws {
      let scratch = try ScratchPackage()
      FaultTests.try(BLASFaults.all, of: "BLAS") { try scratch.compare($0) }
    }

    /// All sections.
    @Test func soundSourcesPassOnTenSeeds() throws {
      try requireSoundness(of: ScratchPackage().comparison())
    }
  }
}
