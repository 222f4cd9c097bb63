import BLASBackend
import Backend
import Foundation
import ReferenceBackend
import TestSupport
import Testing
import VAE

/// Conditional models, separate encoders and plain autoencoders.
@Suite struct VariantTests {
  /// Every combination of a form of the encoder with labels or none.
  static let variants = EncoderForm.allCases.flatMap { form in
    [nil, 3].map { classes in
      var model = smallModel
      (model.encoderForm, model.classes) = (form, classes)
      return model
    }
  }

  private static func labels(count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 3) } }

  private static func images(count: Int, on backend: any Backend) throws -> PixelTable {
    try backend.makePixelTable(
      smallImages(count: count), columns: smallModel.pixels, labels: labels(count: count),
      classes: 3)
  }

  private static func model(_ configuration: ModelConfiguration) throws -> VariationalAutoencoder {
    let model = try VariationalAutoencoder(configuration, on: ReferenceBackend())
    model.initialize(.glorotUniform, seed: 2)
    return model
  }

  @Test(arguments: variants, Posterior.allCases)
  func gradientIsTheLossesSlope(variant: ModelConfiguration, posterior: Posterior) throws {
    var model = variant
    model.posterior = posterior
    for (encoder, decoder) in [([5, 4], [4]), ([], [])] {
      (model.encoder, model.decoder) = (encoder, decoder)
      try checkGradient(model, beta: 0.5, rows: 8)
    }
    model.activation = .silu
    try checkGradient(model, beta: 0.5, rows: 5)
  }

  @Test func parametersAreNamedByTheirNetwork() throws {
    func shapes(_ form: EncoderForm, _ classes: Int?) throws -> [String] {
      var model = smallModel
      (model.encoderForm, model.classes) = (form, classes)
      return try Self.model(model).parameters().filter { $0.name.hasSuffix("weight") }
        .map { "\($0.name) \($0.shape)" }
    }
    #expect(
      try shapes(.separate, nil) == [
        "mean_encoder.0.weight [9, 12]", "mean.weight [3, 9]", "variance_encoder.0.weight [9, 12]",
        "log_variance.weight [3, 9]", "decoder.0.weight [7, 3]", "output.weight [12, 7]",
      ])
    #expect(
      try shapes(.deterministic, 3) == [
        "encoder.0.weight [9, 15]", "mean.weight [3, 9]", "decoder.0.weight [7, 6]",
        "output.weight [12, 7]",
      ])
  }

  @Test(arguments: variants)
  func fileAloneIsEnough(variant: ModelConfiguration) throws {
    let folder = try TemporaryFolder()
    let original = try Self.model(variant)
    try original.save(to: folder.file("model.safetensors"))
    let copy = try VariationalAutoencoder(
      contentsOf: folder.file("model.safetensors"), on: ReferenceBackend())
    #expect(copy.configuration == variant)
    #expect(try copy.sample(count: 5, seed: 1) == original.sample(count: 5, seed: 1))
  }

  @Test func configurationsFromBeforeHaveNoVariant() throws {
    let text = String(decoding: try JSON.encode(smallModel), as: UTF8.self)
    let old = text.replacingOccurrences(of: #""encoder_form":"joint","#, with: "")
    try #require(old != text && !old.contains("classes"))
    #expect(try JSON.decode(ModelConfiguration.self, from: Data(old.utf8)) == smallModel)
  }

  /// The resumed run takes the very steps of the uninterrupted one, labels and all.
  @Test(arguments: variants)
  func trainsAndResumes(variant: ModelConfiguration) throws {
    func trainer() throws -> Trainer {
      let backend = BLASBackend()
      return try Trainer(
        variant, TrainingConfiguration(epochs: 3, batchSize: 8, learningRate: 0.02, seed: 4),
        on: backend, images: try Self.images(count: 22, on: backend))
    }
    let whole = try trainer()
    var losses: [Double] = []
    for _ in 0..<3 { losses.append(try #require(try whole.trainEpoch()).loss) }
    #expect(losses[2] < losses[0])

    let first = try trainer()
    while first.state.step < 4 {
      _ = try first.trainEpoch(shouldStop: { first.state.step >= 4 })
    }
    let second = try trainer()
    try second.restore(try first.checkpoint())
    var averages: EpochAverages?
    while second.state.epoch < 3 { averages = try second.trainEpoch() }
    #expect(averages?.loss == losses[2])
    #expect((averages?.kl == nil) == (variant.encoderForm == .deterministic))
    #expect(try whole.checkpoint().parameters == second.checkpoint().parameters)
  }

  /// Without noise and KL term, an autoencoder's loss is that of its code alone.
  @Test func autoencoderHasNoDivergence() throws {
    var configuration = smallModel
    configuration.encoderForm = .deterministic
    let model = try Self.model(configuration)
    let images = try Self.images(count: 21, on: model.backend)
    let (one, other) = (
      try model.evaluate(images, beta: 3, seed: 1), try model.evaluate(images, beta: 1, seed: 2)
    )
    #expect(one == other && one.kl == nil && one.klPerDimension.isEmpty)
    #expect(one.loss == one.reconstruction)
    let codes = try model.encode(images)
    #expect(codes.logVariances == nil && codes.rows == codes.means && codes.count == 21)
    let decoded = zip(try model.decode(codes.means), try model.reconstruct(images, rows: 0..<21))
    #expect(decoded.allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// Each network's last layer makes its half of the head.
  @Test func separateEncodersAreIndependent() throws {
    var configuration = smallModel
    configuration.encoderForm = .separate
    let model = try Self.model(configuration)
    let images = try Self.images(count: 6, on: model.backend)
    let before = try model.encode(images)
    try model.setParameters(
      try model.parameters().map { array in
        let isChanged = array.name == "variance_encoder.0.bias"
        return NamedArray(
          name: array.name, shape: array.shape,
          values: isChanged ? array.values.map { $0 + 1 } : array.values)
      })
    let after = try model.encode(images)
    #expect(after.means == before.means && after.logVariances != before.logVariances)
  }

  /// A decoder whose output is its label: pixel k for class k, whatever the code.
  @Test func labelReachesTheDecoder() throws {
    var configuration = smallModel
    (configuration.classes, configuration.decoder) = (3, [])
    let model = try Self.model(configuration)
    try model.setParameters(
      try model.parameters().map { array in
        var values = [Float](repeating: 0, count: array.values.count)
        if array.name == "output.weight" { for k in 0..<3 { values[k * 6 + 3 + k] = 50 } }
        return NamedArray(name: array.name, shape: array.shape, values: values)
      })
    func classes(_ pixels: [Float]) -> [Int?] {
      stride(from: 0, to: pixels.count, by: 12).map {
        Array(pixels[$0..<$0 + 12]).firstIndex(of: 1)
      }
    }
    let images = try Self.images(count: 7, on: model.backend)
    #expect(classes(try model.reconstruct(images, rows: 1..<7)) == [1, 2, 0, 1, 2, 0])
    #expect(classes(try model.reconstruct(images, rows: 1..<4, as: 2)) == [2, 2, 2])
    #expect(classes(try model.sample(count: 4, seed: 1)) == [0, 1, 2, 0])
    #expect(classes(try model.sample(count: 2, seed: 1, labels: [1, 1])) == [1, 1])
    let codes = [Float](repeating: 0, count: 6)
    #expect(classes(try model.decode(codes, labels: [2, 0])) == [2, 0])
  }

  @Test func labelsThatDoNotFitAreNamed() throws {
    var configuration = smallModel
    configuration.classes = 3
    let (model, plain) = (try Self.model(configuration), try Self.model(smallModel))
    let codes = [Float](repeating: 0, count: 3)
    #expect(throws: ConditionError.labelsMissing) { try model.decode(codes) }
    #expect(throws: ConditionError.unknownLabel(3, classes: 3)) {
      try model.decode(codes, labels: [3])
    }
    #expect(throws: ConditionError.notConditional) { try plain.decode(codes, labels: [0]) }
    let images = try model.backend.makePixelTable(
      smallImages(count: 4), columns: smallModel.pixels)
    #expect(throws: ConditionError.labelsMissing) { try model.evaluate(images) }
    #expect(throws: ConditionError.labelsMissing) {
      try Trainer(configuration, TrainingConfiguration(), on: ReferenceBackend(), images: images)
    }
    configuration.classes = 1
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }
}
