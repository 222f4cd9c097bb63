import Backend
import Datasets
import Parity
import ReferenceBackend
import Testing
import VAE

/// A small model and its training, on thumbnails of digits.
struct TrainingVariant: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private(set) var model = ModelConfiguration(
    imageWidth: 9, imageHeight: 9, encoder: [16], latent: 4, decoder: [12], activation: .tanh)
  private(set) var training = TrainingConfiguration(batchSize: 16)
  /// The operations of its steps that those of `plain` have not, and the other way round.
  let difference: Set<String>

  init(
    _ description: String, _ difference: Set<String>,
    _ change: (inout ModelConfiguration, inout TrainingConfiguration) -> Void
  ) {
    testDescription = description
    self.difference = difference
    change(&model, &training)
  }

  /// The arrays that a step has gradients of: those of a model file, but one for the halves of a head.
  func gradients() throws -> Int {
    let arrays = try VariationalAutoencoder(model, on: ReferenceBackend()).parameters().count
    return arrays - (model.encoderForm == .joint ? 2 : 0)
      - (model.likelihood == .gaussianDiagonal ? 2 : 0)
  }

  var subject: TrainingSubject {
    let digits = Digits.dataset(seed: 1, trainCount: 64, testCount: 1).train
    // Every third pixel of every third row: of 28 rows the digit's, not the margin's.
    let places = (0..<9).flatMap { row in (0..<9).map { column in 29 + 84 * row + 3 * column } }
    let thumbnails = (0..<digits.count).flatMap { image -> [UInt8] in
      places.map { digits.pixels[784 * image + $0] }
    }
    return TrainingSubject(
      model: model, training: training, images: thumbnails, labels: digits.labels)
  }
}

extension TrainingVariant {
  static let plain = TrainingVariant("plain", []) { _, _ in }

  static let all = forms + convolutions + likelihoods + data + [freeBits, everything]

  private static let posterior: Set = [
    Reparameterize.name, ReparameterizeGradient.name, KLDivergence.name,
  ]

  private static let forms = [
    TrainingVariant("conditional", [CopyColumns.name]) { model, _ in model.classes = 10 },
    TrainingVariant("separate encoders", [CopyColumns.name]) { model, _ in
      model.encoderForm = .separate
    },
    TrainingVariant("separate encoders, conditional", [CopyColumns.name]) { model, _ in
      (model.encoderForm, model.classes) = (.separate, 10)
    },
    TrainingVariant("autoencoder", posterior) { model, _ in model.encoderForm = .deterministic },
    TrainingVariant("autoencoder, conditional", posterior.union([CopyColumns.name])) { model, _ in
      (model.encoderForm, model.classes) = (.deterministic, 10)
    },
  ]

  /// Their gradients move parameters by Adam alone, where those of dense layers are fused with it.
  private static let convolutional: Set = [
    Convolution.name, TransposedConvolution.name, ConvolutionParameterGradient.name,
    AdamUpdate.name,
  ]

  private static let convolutions = [
    TrainingVariant("convolutions", convolutional) { model, _ in
      // 9×9 to 4×4 to 2×2, both with pixels that the stride leaves over.
      model.convolutions = [4, 6].map { ConvolutionalLayer(channels: $0) }
    },
    TrainingVariant("convolutions, conditional", convolutional.union([CopyColumns.name])) {
      model, _ in
      model.convolutions = [ConvolutionalLayer(channels: 5, kernel: 3, stride: 1, padding: 1)]
      model.classes = 10
    },
    TrainingVariant("convolutions, separate encoders", convolutional.union([CopyColumns.name])) {
      model, _ in
      model.convolutions = [ConvolutionalLayer(channels: 3, kernel: 5, stride: 3, padding: 2)]
      model.encoderForm = .separate
    },
  ]

  private static let likelihoods = [
    TrainingVariant("gaussian", []) { model, _ in
      (model.likelihood, model.variance) = (.gaussian, 0.1)
    },
    TrainingVariant("gaussian, learned", [VarianceGradient.name, AdamUpdate.name]) { model, _ in
      model.likelihood = .gaussianLearned
    },
    TrainingVariant("gaussian, diagonal", []) { model, _ in model.likelihood = .gaussianDiagonal },
  ]

  private static let data = [
    TrainingVariant("gaussian noise", [Corrupt.name]) { model, _ in
      model.corruption = Corruption(.gaussian, 0.5)
    },
    TrainingVariant("pixels put out", [Corrupt.name]) { model, _ in
      model.corruption = Corruption(.mask, 0.3)
    },
    TrainingVariant("binarized anew", [Binarize.name]) { _, training in
      training.binarization = .dynamic
    },
  ]

  private static let freeBits = TrainingVariant(
    "free bits", [LatentDivergence.name, FreeBitsGradient.name]
  ) { _, training in training.freeBits = 0.02 }

  /// What meets only here: drawn codes of feature maps, of two planes a pixel, from corrupted images.
  private static let everything = TrainingVariant(
    "importance weights of a conditional diagonal gaussian with convolutions, denoising",
    convolutional.union([
      CopyColumns.name, Corrupt.name, RepeatRows.name, SumRowGroups.name, ScaleRows.name,
      SampledDivergence.name, SampledDivergenceGradient.name, ImportanceWeights.name,
      ReparameterizeGradient.name, KLDivergence.name,
    ])
  ) { model, training in
    model.convolutions = [ConvolutionalLayer(channels: 4)]
    (model.classes, model.likelihood) = (10, .gaussianDiagonal)
    model.corruption = Corruption(.saltPepper, 0.2)
    training.bound = .importanceWeighted(samples: 3)
  }
}
