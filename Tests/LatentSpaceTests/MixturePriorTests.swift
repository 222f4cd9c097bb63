import Files
import LatentSpace
import Statistics
import TestSupport
import Testing
import VAE

@Suite struct MixturePriorTests {
  private static func prior(_ covariance: GaussianMixture.Covariance) throws -> MixturePrior {
    let fit = try MixtureFit(
      QuantizerTests.normals(600, 3), components: 3, covariance: covariance, seed: 1)
    return MixturePrior(
      fit.mixture,
      .init(
        modelChecksum: "abc", covariance: covariance, data: "digits", seed: 1,
        logLikelihoods: fit.logLikelihoods, heldOut: -4))
  }

  @Test(arguments: GaussianMixture.Covariance.allCases)
  func whatIsWrittenIsRead(covariance: GaussianMixture.Covariance) throws {
    let prior = try Self.prior(covariance)
    try withTemporaryFolder { folder in
      let path = "\(folder)/prior.safetensors"
      try prior.write(to: path)
      let read = try MixturePrior(contentsOf: path, modelChecksum: "abc", latent: 3)
      #expect(read.record == prior.record)
      let codes = QuantizerTests.normals(50, 3)
      for (found, expected) in zip(
        read.mixture.logDensities(codes), prior.mixture.logDensities(codes))
      {
        // Rounded to single precision.
        #expect(abs(found - expected) < 1e-4)
      }
    }
  }

  @Test func anotherModelsOrABrokenPriorIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/prior.safetensors"
      #expect(throws: LatentSpaceError.noPrior(path: path)) {
        try MixturePrior(contentsOf: path, modelChecksum: "abc", latent: 3)
      }
      try Self.prior(.full).write(to: path)
      #expect(throws: LatentSpaceError.priorOfAnotherModel(path: path)) {
        try MixturePrior(contentsOf: path, modelChecksum: "abd", latent: 3)
      }
      #expect(throws: LatentSpaceError.self) {
        try MixturePrior(contentsOf: path, modelChecksum: "abc", latent: 2)
      }
      let sound = try Safetensors(contentsOf: path)
      for name in ["weights", "means", "scales"] {
        let tensors = sound.tensors.map { tensor in
          tensor.name == name
            ? .init(name: name, shape: tensor.shape, values: tensor.values.map { -$0 - 9 }) : tensor
        }
        if name == "means" {
          try Safetensors(
            metadata: sound.metadata, tensors: sound.tensors.filter { $0.name != name }
          ).write(to: path)
        } else {
          try Safetensors(metadata: sound.metadata, tensors: tensors).write(to: path)
        }
        #expect(throws: (any Error).self, "\(name)") {
          try MixturePrior(contentsOf: path, modelChecksum: "abc", latent: 3)
        }
      }
    }
  }
}
