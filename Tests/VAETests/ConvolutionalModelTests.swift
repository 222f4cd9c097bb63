import BLASBackend
import Backend
import ReferenceBackend
import Testing
import VAE

@Suite struct ConvolutionalModelTests {
  static let model = ModelConfiguration(
    imageWidth: 7, imageHeight: 6, channels: 3,
    convolutions: [ConvolutionalLayer(channels: 4), ConvolutionalLayer(channels: 5, kernel: 2)],
    encoder: [6], latent: 2, decoder: [3])

  /// Names and shapes as PyTorch's modules have them.
  @Test func parametersAreNamedAsPyTorchs() throws {
    let model = try VariationalAutoencoder(Self.model, on: ReferenceBackend())
    let shapes = try model.parameters().map { "\($0.name) \($0.shape)" }
    #expect(
      shapes == [
        "encoder.0.weight [4, 3, 4, 4]", "encoder.0.bias [4]",
        "encoder.1.weight [5, 4, 2, 2]", "encoder.1.bias [5]",
        "encoder.2.weight [6, 20]", "encoder.2.bias [6]",
        "mean.weight [2, 6]", "mean.bias [2]", "log_variance.weight [2, 6]",
        "log_variance.bias [2]",
        "decoder.0.weight [3, 2]", "decoder.0.bias [3]",
        "decoder.1.weight [20, 3]", "decoder.1.bias [20]",
        "decoder.2.weight [5, 4, 2, 2]", "decoder.2.bias [4]",
        "output.weight [4, 3, 4, 4]", "output.bias [3]",
      ])
    #expect(Self.model.summary == "3×6×7-4×3×3-5×2×2-6-2-3-5×2×2-4×3×3-3×6×7")
  }

  /// What is set is what is read: the file's order to the arena's and back.
  @Test func parametersComeBack() throws {
    let model = try VariationalAutoencoder(Self.model, on: ReferenceBackend())
    model.initialize(.kaimingUniform, seed: 3)
    let before = try model.parameters()
    try model.setParameters(before.reversed())
    #expect(try model.parameters() == before)
    #expect(before.reduce(0) { $0 + $1.values.count } == Self.model.parameterCount)
  }

  /// A dense layer behind feature maps reads them channel by channel, as `flatten` after `Conv2d` does.
  @Test func featureMapsAreFlattenedByChannel() throws {
    let configuration = ModelConfiguration(
      imageWidth: 2, imageHeight: 2,
      convolutions: [
        ConvolutionalLayer(channels: 2, kernel: 1, stride: 1, padding: 0)
      ], encoder: [], latent: 1, decoder: [])
    let backend = ReferenceBackend()
    let model = try VariationalAutoencoder(configuration, on: backend)
    let parameters = try model.parameters().map { array in
      let values: [Float] =
        switch array.name {
        // Channels are the image and twice the image.
        case "encoder.0.weight": [1, 2]
        // Ten to the place in channel-major order.
        case "mean.weight": [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7]
        default: array.values
        }
      return NamedArray(name: array.name, shape: array.shape, values: values)
    }
    try model.setParameters(parameters)
    let images = try backend.makePixelTable([0, 51, 102, 153], columns: 4)
    let mean = try model.encode(images).means[0]
    // 0, 0.2, 0.4, 0.6 and their doubles.
    #expect(abs(mean - (0 + 2 + 40 + 600 + 0 + 4e4 + 8e5 + 1.2e7)) < 2)
  }

  @Test func sizesThatDoNotFitAreRefused() {
    func reason(_ layers: [ConvolutionalLayer]) -> String {
      let model = ModelConfiguration(imageWidth: 8, imageHeight: 6, convolutions: layers)
      do {
        try model.validate()
        return ""
      } catch {
        return "\(error)"
      }
    }
    let halving = ConvolutionalLayer(channels: 2)
    #expect(reason([halving, halving]).isEmpty)
    #expect(reason([halving, halving, halving]).contains("kernel of convolution 3 is 4"))
    #expect(
      reason([ConvolutionalLayer(channels: 2, kernel: 2, padding: 2)])
        .contains("padding of convolution 1 is 2; it must be 0 to 1"))
    #expect(reason([ConvolutionalLayer(channels: 0)]).contains("channels of convolution 1 is 0"))
  }

  @Test func trainingRepeats() throws {
    func parameters(steps: Int) throws -> [NamedArray] {
      let backend = BLASBackend(threads: 2)
      var random = RandomNumbers(Noise(seed: 1, stream: .dataset))
      let pixels = (0..<20 * Self.model.pixels).map { _ in UInt8(255 * random.uniform()) }
      let images = try backend.makePixelTable(pixels, columns: Self.model.pixels)
      let trainer = try Trainer(
        Self.model, TrainingConfiguration(epochs: 1, batchSize: 8), on: backend, images: images)
      for _ in 0..<steps { _ = try trainer.trainEpoch() }
      return try trainer.model.parameters()
    }
    let once = try parameters(steps: 2)
    #expect(try parameters(steps: 2) == once)
    #expect(try parameters(steps: 1) != once)
  }
}
