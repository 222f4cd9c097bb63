import Backend
import VAE

extension Catalogue {
  /// What a step of `subject` does, where the presets have not had it yet.
  mutating func shapes(of subject: TrainingSubject) {
    let (model, rows) = (subject.model, subject.batchSize)
    for layer in model.encoderLayers + model.decoderLayers {
      switch layer.kind {
      case .dense:
        let shape = DenseShape(rows, layer.inputs, layer.outputs)
        if !DenseShape.presets.contains(shape) { dense(shape, layer.activation) }
      case .convolution(let geometry):
        let shape = ConvolutionShape(min(rows, 16), geometry)
        if !ConvolutionShape.preset.contains(shape) { convolution(shape, layer.activation) }
      // The decoder mirrors the encoder.
      case .transposedConvolution: break
      }
    }
    if model.encoderForm != .deterministic {
      addPosterior(
        rows, model.latent, model.posterior, Self.noises[1], 1 / Float(rows), .ordinary, skew: 0)
    }
    if model.encoderForm == .separate {
      copies(rows: rows, inputs: model.latent, others: model.latent)
    }
    if let classes = model.classes {
      for inputs in [model.pixels, model.latent] {
        copies(rows: rows, inputs: inputs, others: classes)
      }
      add(Gather.name) {
        .gather(
          rows: rows, columns: classes, tableRows: 2 * rows, start: rows, isOrdered: true, $0)
      }
    }
    if let bound = subject.training.bound { draws(of: bound, model, rows) }
    addLosses(rows, model.pixels, model.likelihood, .ordinary, skew: 0)
    if model.likelihood == .gaussianLearned {
      add(VarianceGradient.name) { .varianceGradient(rows: rows, pixels: model.pixels, $0) }
    }
    if subject.training.freeBits != nil {
      addFreeBits(rows, model.latent, model.posterior, .ordinary, skew: 0)
    }
    let parameters = model.parameterCount
    switch subject.training.optimizer {
    case .adam, .adamW:
      let weightDecay = subject.training.optimizer.weightDecay
      let layers = (model.encoderLayers + model.decoderLayers).filter { $0.kind == .dense }.map {
        DenseShape(rows, $0.inputs, $0.outputs)
      }
      add(DenseUpdate.name) { .denseUpdate(layers, step: 1, weightDecay: weightDecay, $0) }
      add(AdamUpdate.name) {
        .adam(count: parameters, steps: 1, weightDecay: weightDecay, $0)
      }
    case .sgd(let momentum):
      add(MomentumUpdate.name) { .momentum(count: parameters, momentum: momentum, steps: 1, $0) }
    }
    if subject.training.clipNorm != nil {
      add(SumSquares.name) { .sumSquares(count: parameters, $0) }
      add(ClipByNorm.name) { .clipByNorm(count: parameters, squaredNorm: 5, $0) }
    }
    add(Gather.name) {
      .gather(
        rows: rows, columns: model.pixels, tableRows: 2 * rows, start: rows, isOrdered: true, $0)
    }
  }
}
