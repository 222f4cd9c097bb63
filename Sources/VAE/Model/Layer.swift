import Backend

/// A layer's place in the network.
package struct Layer: Hashable, Sendable {
  /// What it computes.
  package enum Kind: Hashable, Sendable {
    case dense
    /// From the fine image to the coarse one.
    case convolution(ConvolutionGeometry)
    /// From the coarse image to the fine one.
    case transposedConvolution(ConvolutionGeometry)
  }

  /// The named parameters of some of the layer's outputs.
  struct Part: Hashable, Sendable {
    /// `encoder.0`, `mean`, `log_variance`, …: the prefix of `.weight` and `.bias` in files.
    let name: String
    /// Which outputs.
    let columns: Range<Int>
  }

  package let kind: Kind
  /// The labels' columns included.
  package private(set) var inputs: Int
  /// How many of the inputs, the last ones, are a label's.
  package private(set) var labels = 0
  package let outputs: Int
  package let activation: Activation
  /// The parts the outputs consist of: one, but for the posterior's head, whose two halves are
  /// computed by one product and named apart.
  let parts: [Part]
  /// The feature maps that a dense layer reads or makes, if it does: files have their channels one behind the
  /// other, the arena side by side.
  var maps: (input: ImageShape?, output: ImageShape?) { (inputMaps, outputMaps) }
  private var inputMaps: ImageShape?
  private var outputMaps: ImageShape?

  /// What to call the layer: its part's name, `output`, or `head`.
  var name: String { parts.count == 1 || parts[0].name == "output" ? parts[0].name : "head" }

  init(
    _ name: String, inputs: Int, outputs: Int, activation: Activation = .identity,
    making maps: ImageShape? = nil
  ) {
    kind = .dense
    outputMaps = maps
    self.inputs = inputs
    self.outputs = outputs
    self.activation = activation
    parts = [Part(name: name, columns: 0..<outputs)]
  }

  /// The posterior's head: μ, then the spread.
  init(headOf posterior: Posterior, inputs: Int, latent: Int) {
    kind = .dense
    self.inputs = inputs
    outputs = 2 * latent
    activation = .identity
    parts = [
      Part(name: "mean", columns: 0..<latent),
      Part(name: posterior.parameterName, columns: latent..<2 * latent),
    ]
  }

  /// The layer on feature maps.
  func reading(_ maps: ImageShape) -> Layer {
    var layer = self
    layer.inputMaps = maps
    return layer
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
  /// A convolution, or a transposed one.
  ///
  /// - Parameter names: of the parts, which have as many of the outputs each.
  init(_ names: [String], _ kind: Kind, activation: Activation) {
    self.kind = kind
    self.activation = activation
    switch kind {
    case .dense: preconditionFailure("a dense layer is given its widths")
    case .convolution(let geometry):
      (inputs, outputs) = (geometry.fine.count, geometry.coarse.count)
    case .transposedConvolution(let geometry):
      (inputs, outputs) = (geometry.coarse.count, geometry.fine.count)
    }
    let size = outputs / names.count
    parts = names.enumerated().map { Part(name: $1, columns: $0 * size..<($0 + 1) * size) }
  }

  /// The decoder's last: a, and for a diagonal Gaussian the parameters of its variances too.
  init(outputFor likelihood: Likelihood, inputs: Int, pixels: Int) {
    kind = .dense
    self.inputs = inputs
    outputs = likelihood.outputsPerPixel * pixels
    activation = .identity
    parts = likelihood.outputNames.enumerated().map { part, name in
      Part(name: name, columns: part * pixels..<(part + 1) * pixels)
    }
  }
}

extension Likelihood {
  /// The names of what the decoder says of a pixel.
  var outputNames: [String] { Array(["output", "log_variance_x"].prefix(outputsPerPixel)) }
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
    let maps = geometries.last?.coarse
    let width = encoder.last ?? maps?.count ?? pixels
    func stack(_ name: String, to head: Layer) -> [Layer] {
      let dense = hidden(
        name, after: convolutions.count, from: maps?.count ?? pixels, widths: encoder)
      return convolutionalEncoder(name) + labelled(dense + [head], reading: maps)
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
    let width = decoder.last ?? latent
    let dense = hidden("decoder", after: 0, from: latent, widths: decoder)
    return labelled(
      dense
        + (convolutions.isEmpty
          ? [Layer(outputFor: likelihood, inputs: width, pixels: pixels)]
          : convolutionalDecoder(from: width)))
  }

  private func hidden(_ name: String, after count: Int, from inputs: Int, widths: [Int]) -> [Layer]
  {
    zip([inputs] + widths, widths).enumerated().map { index, sizes in
      Layer(
        "\(name).\(count + index)", inputs: sizes.0, outputs: sizes.1, activation: activation)
    }
  }

  /// Dense layers of which the first reads `maps`, if anything, and a conditional model's labels.
  private func labelled(_ layers: [Layer], reading maps: ImageShape? = nil) -> [Layer] {
    var first = layers[0]
    if let maps { first = first.reading(maps) }
    if let classes { first = first.beside(labels: classes) }
    return [first] + layers.dropFirst()
  }
}
