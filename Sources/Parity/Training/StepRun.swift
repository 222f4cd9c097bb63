import Backend
import ReferenceBackend
import VAE

/// What is trained, and on what: the same for every backend of a comparison.
public struct TrainingSubject: Sendable {
  /// The model.
  public let model: ModelConfiguration
  /// How it is trained; the number of epochs does not matter.
  public var training: TrainingConfiguration
  /// Images, one row of `model.pixels` bytes each.
  public let images: [UInt8]
  /// Their labels, for a conditional model.
  public let labels: [UInt8]?
  /// What the model begins with; `nil` for a fresh draw.
  public let parameters: [NamedArray]?

  /// A subject of at least one image.
  public init(
    model: ModelConfiguration, training: TrainingConfiguration, images: [UInt8],
    labels: [UInt8]? = nil, parameters: [NamedArray]? = nil
  ) {
    precondition(images.count >= model.pixels, "a comparison needs an image")
    precondition(
      model.classes == nil || labels?.count == images.count / model.pixels,
      "a conditional model's images have labels")
    self.model = model
    self.training = training
    self.images = images
    self.labels = labels
    self.parameters = parameters
  }

  /// Examples a step.
  var batchSize: Int { min(training.batchSize, images.count / model.pixels) }

  /// The subject with smaller batches.
  func withBatch(of size: Int) -> TrainingSubject {
    var training = training
    training.batchSize = size
    return TrainingSubject(
      model: model, training: training, images: images, labels: labels, parameters: parameters)
  }
}

/// Training steps of a subject on one backend, one at a time.
final class StepRun {
  let subject: TrainingSubject
  let model: VariationalAutoencoder
  let step: TrainingStep
  let keepsGradients: Bool
  private let images: PixelTable

  /// - Parameter keepingGradients: whether `gradients` are there after a step, which otherwise is the one
  ///   that training takes.
  init(_ subject: TrainingSubject, on backend: any Backend, keepingGradients: Bool = false) throws {
    let optimizer = subject.training.optimizer
    self.subject = subject
    keepsGradients = keepingGradients
    model = try VariationalAutoencoder(
      subject.model, on: backend, capacity: subject.batchSize,
      workspace: subject.training.workspace(batch: subject.batchSize), optimizer: optimizer)
    step = TrainingStep(
      model.plan, rows: subject.batchSize, optimizer: optimizer,
      clipNorm: subject.training.clipNorm, freeBits: subject.training.freeBits,
      bound: subject.training.bound,
      keepingGradients: keepingGradients)
    images = try backend.makePixelTable(
      subject.images, columns: subject.model.pixels, labels: subject.labels,
      classes: subject.model.classes)
    if let parameters = subject.parameters {
      try model.setParameters(parameters)
    } else {
      model.initialize(subject.training.initialization, seed: subject.training.seed)
    }
  }

  /// Parameters and the optimizer's state: what a step starts from.
  var state: [Tensor] {
    [model.plan.parameters.region] + (model.plan.training?.state.map(\.region) ?? [])
  }

  /// The values of `state`, unrounded where the backend has more of them.
  func stateValues() throws -> [[Double]] { try state.map { try values(of: $0) } }

  /// Takes step `number`, counted from 0, on the batch whose turn it is.
  func take(_ number: Int) {
    let training = subject.training
    gather(number)
    step.run(
      on: model.backend, noise: noise(number), beta: training.beta,
      learningRate: training.learningRate(step: number, stepsPerEpoch: batches),
      step: number + 1, slot: 0)
  }

  /// Takes step `number` as far as its loss.
  func takeForward(_ number: Int) {
    gather(number)
    step.runForward(on: model.backend, noise: noise(number), slot: 0)
  }

  private func gather(_ number: Int) {
    let start = number % batches * subject.batchSize
    step.pass.gather(images, start: start, on: model.backend)
    if let binarization = subject.training.binarization {
      model.backend.run(
        Binarize(images: step.pass.images, order: nil), start: start,
        noise: binarization.trainingNoise(
          epoch: number / batches, seed: subject.training.seed))
    }
    step.pass.corrupt(
      start: start, epoch: number / batches, seed: subject.training.seed, on: model.backend)
  }

  /// Steps of an epoch.
  private var batches: Int { max(images.rows / subject.batchSize, 1) }

  private func noise(_ number: Int) -> Noise {
    Noise(seed: subject.training.seed, stream: .reparameterization, step: UInt64(number))
  }

  /// The gradients with respect to the parameters.
  var gradients: [TracedTensor] {
    let operations = [
      DenseParameterGradient.name, ConvolutionParameterGradient.name, VarianceGradient.name,
    ]
    return step.trace.filter { operations.contains($0.operation) }
  }

  /// A tensor's elements, unrounded where the backend has more of them.
  func values(of tensor: Tensor) throws -> [Double] {
    if let reference = model.backend as? ReferenceBackend { return reference.values(of: tensor) }
    return try model.backend.download(tensor).map(Double.init)
  }

  /// Moves every parameter by an ulp of single precision, up or down at random; zeros stay.
  func moveParametersByAnUlp(draw: Int) throws {
    let region = model.plan.parameters.region
    var random = RandomNumbers(
      Noise(seed: subject.training.seed, stream: .corruption, step: UInt64(draw)))
    let moved = try model.backend.download(region).map { value in
      value == 0 ? 0 : random.nextWord() & 1 == 0 ? value.nextUp : value.nextDown
    }
    model.backend.upload(moved, to: region)
  }

  /// The last step's loss: reconstruction and β·KL, if there is any, averaged over the batch; with free bits
  /// the KL term that they make of it.
  func loss() throws -> Double {
    let sums = try values(of: model.plan.lossSums[rows: 0..<1]).map {
      $0 / Double(subject.batchSize)
    }
    let divergence = try step.freeBits.map {
      $0.objective(divergences: try values(of: $0.divergences))
    }
    return sums[0] + subject.training.beta * (divergence ?? (sums.count > 1 ? sums[1] : 0))
  }
}
