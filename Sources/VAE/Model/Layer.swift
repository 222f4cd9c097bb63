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
  package let inputs: Int
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

  /// What to call the layer: its part's name, or `head`.
  var name: String { parts.count == 1 ? parts[0].name : "head" }

  init(
    _ name: String, inputs: Int, outputs: Int, activation: Activation = .identity,
    inputMaps: ImageShape? = nil, outputMaps: ImageShape? = nil
  ) {
    kind = .dense
    self.inputMaps = inputMaps
    self.outputMaps = outputMaps
    self.inputs = inputs
    self.outputs = outputs
    self.activation = activation
    parts = [Part(name: name, columns: 0..<outputs)]
  }

  /// The posterior's head: μ, then the spread.
  init(headOf posterior: Posterior, inputs: Int, latent: Int, inputMaps: ImageShape? = nil) {
    kind = .dense
    self.inputMaps = inputMaps
    self.inputs = inputs
    outputs = 2 * latent
    activation = .identity
    parts = [
      Part(name: "mean", columns: 0..<latent),
      Part(name: posterior.parameterName, columns: latent..<2 * latent),
    ]
  }
}

extension Layer {
  /// A convolution, or a transposed one.
  init(_ name: String, _ kind: Kind, activation: Activation) {
    self.kind = kind
    self.activation = activation
    switch kind {
    case .dense: preconditionFailure("a dense layer is given its widths")
    case .convolution(let geometry):
      (inputs, outputs) = (geometry.fine.count, geometry.coarse.count)
    case .transposedConvolution(let geometry):
      (inputs, outputs) = (geometry.coarse.count, geometry.fine.count)
    }
    parts = [Part(name: name, columns: 0..<outputs)]
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
  /// From the image to the posterior's head.
  package var encoderLayers: [Layer] {
    let maps = geometries.last?.coarse
    let layers =
      convolutionalEncoder
      + hidden("encoder", from: maps?.count ?? pixels, maps: maps, widths: encoder)
    return layers + [
      Layer(
        headOf: posterior, inputs: layers.last?.outputs ?? pixels, latent: latent,
        inputMaps: encoder.isEmpty ? maps : nil)
    ]
  }

  /// From the code to the logits.
  package var decoderLayers: [Layer] {
    let layers = hidden("decoder", from: latent, maps: nil, widths: decoder)
    let width = decoder.last ?? latent
    return layers
      + (convolutions.isEmpty
        ? [Layer("output", inputs: width, outputs: pixels)] : convolutionalDecoder(from: width))
  }

  /// - Parameter maps: what the first of them reads, if feature maps.
  private func hidden(_ name: String, from inputs: Int, maps: ImageShape?, widths: [Int])
    -> [Layer]
  {
    let first = name == "encoder" ? convolutions.count : 0
    return zip([inputs] + widths, widths).enumerated().map { index, sizes in
      Layer(
        "\(name).\(first + index)", inputs: sizes.0, outputs: sizes.1, activation: activation,
        inputMaps: index == 0 ? maps : nil)
    }
  }
}
