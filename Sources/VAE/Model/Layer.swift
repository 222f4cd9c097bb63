import Backend

/// A dense layer's place in the network.
package struct Layer: Hashable, Sendable {
  /// The named parameters of some of the layer's outputs.
  struct Part: Hashable, Sendable {
    /// `encoder.0`, `mean`, `log_variance`, …: the prefix of `.weight` and `.bias` in files.
    let name: String
    /// Which outputs.
    let columns: Range<Int>
  }

  /// The labels' columns included.
  package private(set) var inputs: Int
  /// How many of the inputs, the last ones, are a label's.
  package private(set) var labels = 0
  package let outputs: Int
  package let activation: Activation
  /// The parts the outputs consist of: one, but for the posterior's head, whose two halves are
  /// computed by one product and named apart.
  let parts: [Part]

  /// What to call the layer: its part's name, `output`, or `head`.
  var name: String { parts.count == 1 || parts[0].name == "output" ? parts[0].name : "head" }

  init(_ name: String, inputs: Int, outputs: Int, activation: Activation = .identity) {
    self.inputs = inputs
    self.outputs = outputs
    self.activation = activation
    parts = [Part(name: name, columns: 0..<outputs)]
  }

  /// The posterior's head: μ, then the spread.
  init(headOf posterior: Posterior, inputs: Int, latent: Int) {
    self.inputs = inputs
    outputs = 2 * latent
    activation = .identity
    parts = [
      Part(name: "mean", columns: 0..<latent),
      Part(name: posterior.parameterName, columns: latent..<2 * latent),
    ]
  }

  /// The layer with a one-hot label of `classes` beside its input.
  func beside(labels classes: Int) -> Layer {
    var layer = self
    layer.inputs += classes
    layer.labels = classes
    return layer
  }
}

extension Layer {
  /// The decoder's last: a, and for a diagonal Gaussian the parameters of its variances too.
  init(outputFor likelihood: Likelihood, inputs: Int, pixels: Int) {
    self.inputs = inputs
    outputs = likelihood.outputsPerPixel * pixels
    activation = .identity
    parts = (0..<likelihood.outputsPerPixel).map { part in
      Part(name: ["output", "log_variance_x"][part], columns: part * pixels..<(part + 1) * pixels)
    }
  }
}

extension Posterior {
  /// The name of the spread's layer in files.
  var parameterName: String {
    switch self {
    case .logVariance: "log_variance"
    case .sigma: "sigma"
    }
  }
}

extension ModelConfiguration {
  /// From the image to the posterior's head; to its mean and to its spread where they are apart.
  package var encoderStacks: [[Layer]] {
    let width = encoder.last ?? pixels
    func stack(_ name: String, to head: Layer) -> [Layer] {
      labelled(hidden(name, from: pixels, widths: encoder) + [head])
    }
    let mean = Layer("mean", inputs: width, outputs: latent)
    switch encoderForm {
    case .joint:
      return [stack("encoder", to: Layer(headOf: posterior, inputs: width, latent: latent))]
    case .separate:
      let spread = Layer(posterior.parameterName, inputs: width, outputs: latent)
      return [stack("mean_encoder", to: mean), stack("variance_encoder", to: spread)]
    case .deterministic:
      return [stack("encoder", to: mean)]
    }
  }

  /// The encoder's layers, one stack after the other.
  package var encoderLayers: [Layer] { encoderStacks.flatMap { $0 } }

  /// From the code to the logits.
  package var decoderLayers: [Layer] {
    labelled(
      hidden("decoder", from: latent, widths: decoder)
        + [Layer(outputFor: likelihood, inputs: decoder.last ?? latent, pixels: pixels)])
  }

  private func hidden(_ name: String, from inputs: Int, widths: [Int]) -> [Layer] {
    zip([inputs] + widths, widths).enumerated().map { index, sizes in
      Layer("\(name).\(index)", inputs: sizes.0, outputs: sizes.1, activation: activation)
    }
  }

  /// A conditional model's labels enter at the first layer.
  private func labelled(_ layers: [Layer]) -> [Layer] {
    guard let classes else { return layers }
    return [layers[0].beside(labels: classes)] + layers.dropFirst()
  }
}
