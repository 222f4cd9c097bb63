import Backend
import Files

/// An array with a name and a shape, as a model file holds it: `encoder.0.weight`, `[out, in]`.
public typealias NamedArray = Safetensors.Tensor

/// Where a model's parameters, or arrays of the same shapes (gradients, moments), lie in the arena:
/// one unbroken region, so that the optimizer runs over all of them at once.
///
/// Files have them in PyTorch's order, the arena in its own: see `Layer.weightPlaces`.
package struct ParameterLayout: Sendable {
  let layers: [Layer]
  /// Weights and bias of each layer.
  package let tensors: [(weights: Tensor, bias: Tensor)]
  /// Parameters of one element that belong to no layer.
  package let scalars: [(name: String, tensor: Tensor)]
  /// All of them, with the padding between them.
  package let region: Tensor

  /// Places the parameters of `layers`, and the single ones called `scalars`, in `plan`.
  init(_ layers: [Layer], scalars: [String] = [], in plan: inout ArenaPlan) {
    let start = plan.elements
    var tensors: [(weights: Tensor, bias: Tensor)] = []
    for layer in layers {
      let shape = layer.weightShape
      let weights = plan.tensor(rows: shape.rows, columns: shape.columns)
      tensors.append((weights, plan.tensor(rows: 1, columns: layer.biasCount)))
    }
    self.layers = layers
    self.tensors = tensors
    self.scalars = scalars.map { ($0, plan.tensor(rows: 1, columns: 1)) }
    region = Tensor(offset: start, rows: 1, columns: plan.elements - start)
  }

  /// Names and shapes, in the network's order.
  var names: [(name: String, shape: [Int])] {
    layers.flatMap { layer in
      layer.parts.flatMap { part in
        [
          ("\(part.name).weight", layer.weightFileShape(part)),
          ("\(part.name).bias", [layer.biasFileCount(part)]),
        ]
      }
    } + scalars.map { ($0.name, [1]) }
  }

  /// Cuts the region's elements into named arrays.
  package func arrays(from region: [Float]) -> [NamedArray] {
    zip(layers, tensors).flatMap { layer, tensor in
      layer.parts.flatMap { part in
        let weight = layer.weightPlaces(part).map { region[start(tensor.weights) + $0] }
        let bias = layer.biasPlaces(part).map { region[start(tensor.bias) + $0] }
        return [
          NamedArray(
            name: "\(part.name).weight", shape: layer.weightFileShape(part), values: weight),
          NamedArray(name: "\(part.name).bias", shape: [bias.count], values: bias),
        ]
      }
    }
      + scalars.map { name, tensor in
        NamedArray(name: name, shape: [1], values: [region[start(tensor)]])
      }
  }

  /// Puts named arrays, which must have the names and shapes of `names`, together to the region.
  func region(from arrays: [NamedArray]) -> [Float] {
    let values = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.values) })
    var region = [Float](repeating: 0, count: self.region.count)
    for (layer, tensor) in zip(layers, tensors) {
      for part in layer.parts {
        guard let weight = values["\(part.name).weight"], let bias = values["\(part.name).bias"]
        else { preconditionFailure("\(part.name) is checked to be there before it is used") }
        for (place, value) in zip(layer.weightPlaces(part), weight) {
          region[start(tensor.weights) + place] = value
        }
        for (place, value) in zip(layer.biasPlaces(part), bias) {
          region[start(tensor.bias) + place] = value
        }
      }
    }
    for (name, tensor) in scalars {
      guard let value = values[name] else {
        preconditionFailure("\(name) is checked to be there before it is used")
      }
      region[start(tensor)] = value[0]
    }
    return region
  }

  private func start(_ tensor: Tensor) -> Int { tensor.offset - region.offset }
}

extension ModelConfiguration {
  /// The parameters' names and shapes, as files have them.
  var parameterNames: [(name: String, shape: [Int])] {
    var plan = ArenaPlan()
    return ParameterLayout(encoderLayers + decoderLayers, scalars: scalars, in: &plan).names
  }
}
