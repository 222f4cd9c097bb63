import BLASBackend
import Backend
import ReferenceBackend
import TestSupport
import Testing
import VAE

/// How much is computed at once, and what a model has room for.
@Suite struct CapacityTests {
  /// 4.6 million numbers an example, with the gradients.
  private static let large = ModelConfiguration(
    imageWidth: 256, imageHeight: 256, channels: 3,
    convolutions: [32, 64, 128].map { ConvolutionalLayer(channels: $0) })

  @Test(arguments: Preset.allCases) func presetsHaveWholeBatches(preset: Preset) {
    #expect(GraphPlan.capacity(for: preset.model, optimizer: .adam()) == 512)
    #expect(GraphPlan.capacity(for: preset.model) == 512)
    #expect(GraphPlan.codes(for: preset.model, hasCodeGradient: true) == 2048)
    #expect(
      Trainer.capacity(for: preset.model, TrainingConfiguration(batchSize: 1000), images: 4000)
        == 1000)
  }

  @Test func largeImagesFitByTheBatch() {
    func elements(_ batch: Int) -> Int {
      let training = TrainingConfiguration(batchSize: batch)
      return GraphPlan(
        Self.large, capacity: Trainer.capacity(for: Self.large, training, images: 10_000),
        optimizer: training.optimizer
      ).elements
    }
    #expect(GraphPlan(Self.large, capacity: 512, optimizer: .adam()).elements > 1 << 31)
    #expect(elements(4) < 1 << 30 && elements(400) > 3 * elements(4))
    let codes = GraphPlan.codes(for: Self.large)
    #expect(codes % 4 == 0 && (4..<2048).contains(codes))
    let plan = GraphPlan(
      Self.large, capacity: GraphPlan.capacity(for: Self.large),
      workspace: Workspace(codes: codes))
    #expect(plan.elements < 1 << 29)
  }

  @Test func strideIsWhatEveryDevicesGridHolds() throws {
    var model = ModelConfiguration(imageWidth: 256, imageHeight: 256)
    model.convolutions = [ConvolutionalLayer(channels: 2, kernel: 256, stride: 255)]
    try model.validate()
    model.convolutions[0].stride = 256
    #expect(throws: ConfigurationError.self) { try model.validate() }
  }

  @Test func whatAModelHasNoRoomForIsSaid() throws {
    let folder = try TemporaryFolder()
    let plain = try VariationalAutoencoder(smallModel, on: ReferenceBackend())
    plain.initialize(.kaimingUniform, seed: 2)
    try plain.save(to: folder.file("model.safetensors"))
    let images = try plain.backend.makePixelTable(smallImages(count: 3), columns: smallModel.pixels)
    let works: [(VariationalAutoencoder, PixelTable) throws -> Void] = [
      { _ = try $0.logLikelihood($1, draws: 5) }, { _ = try $0.scores($1, by: .nll) },
      { _ = try $0.refine($1, RefinementSettings(steps: 2)) },
      { _ = try $0.scores($1, by: .regret, steps: 2) },
      { _ = try $0.gradientVariances($1, draws: 5) },
      { _ = try $0.evaluate($1, by: .importanceWeighted(samples: 5)) },
    ]
    for work in works {
      let error = #expect(throws: InferenceError.self) { try work(plain, images) }
      #expect("\(error as Any)".contains("make it with workspace: Workspace("))
    }
    let backend = BLASBackend(threads: 1)
    let ready = try VariationalAutoencoder(
      contentsOf: folder.file("model.safetensors"), on: backend,
      workspace: { Workspace(codes: GraphPlan.codes(for: $0), hasCodeGradient: true) })
    let table = try backend.makePixelTable(smallImages(count: 3), columns: smallModel.pixels)
    for work in works { try work(ready, table) }
  }
}
