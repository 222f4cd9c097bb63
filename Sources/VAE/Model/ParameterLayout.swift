import Backend
import Files

/// An array with a name and a shape, as a model file holds it: `encoder.0.weight`, `[out, in]`.
public typealias NamedArray = Safetensors.Tensor

/// Where a model's parameters, or arrays of the same shapes (gradients, moments), lie in the arena:
/// one unbroken region, so that the optimizer runs over all of them at once.
///
/// The arena holds a layer's weights as inputs × outputs, files as outputs × inputs.
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
      let weights = plan.tensor(rows: layer.inputs, columns: layer.outputs)
      tensors.append((weights, plan.tensor(rows: 1, columns: layer.outputs)))
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
          ("\(part.name).weight", [part.columns.count, layer.inputs]),
          ("\(part.name).bias", [part.columns.count]),
        ]
      }
    } + scalars.map { ($0.name, [1]) }
  }

  /// Cuts the region's elements into named arrays.
  package func arrays(from region: [Float]) -> [NamedArray] {
    zip(layers, tensors).flatMap { layer, tensor in
      layer.parts.flatMap { part in
        let weight = part.columns.flatMap { output in
          (0..<layer.inputs).map { region[index(tensor.weights, $0, output)] }
        }
        let bias = part.columns.map { region[index(tensor.bias, 0, $0)] }
        return [
          NamedArray(
            name: "\(part.name).weight", shape: [part.columns.count, layer.inputs], values: weight),
          NamedArray(name: "\(part.name).bias", shape: [part.columns.count], values: bias),
        ]
      }
    }
      + scalars.map { name, tensor in
        NamedArray(name: name, shape: [1], values: [region[index(tensor, 0, 0)]])
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
        for (row, output) in part.columns.enumerated() {
          for input in 0..<layer.inputs {
            region[index(tensor.weights, input, output)] = weight[row * layer.inputs + input]
          }
          region[index(tensor.bias, 0, output)] = bias[row]
        }
      }
    }
    for (name, tensor) in scalars {
      guard let value = values[name] else {
        preconditionFailure("\(name) is checked to be there before it is used")
      }
      region[index(tensor, 0, 0)] = value[0]
    }
    return region
  }

  private func index(_ tensor: Tensor, _ row: Int, _ column: Int) -> Int {
    tensor.offset - region.offset + row * tensor.columns + column
  }
}
