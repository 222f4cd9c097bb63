import Backend
import ReferenceBackend
import Testing

@Suite struct ConvolutionTests {
  static let geometries = [
    ConvolutionGeometry(
      fine: ImageShape(height: 5, width: 4, channels: 2), channels: 3, kernel: 3, stride: 2,
      padding: 1),
    ConvolutionGeometry(
      fine: ImageShape(height: 6, width: 5, planes: 3), channels: 2, kernel: 2, stride: 3,
      padding: 0),
  ].compactMap { $0 }

  /// By hand: PyTorch's `conv2d` of 0…8 in 3×3 with a kernel 1 2 3 4, stride 2, padding 1, bias 0.5.
  @Test func convolutionByHand() throws {
    let harness = try Harness()
    let geometry = try #require(
      ConvolutionGeometry(
        fine: ImageShape(height: 3, width: 3, channels: 1), channels: 1, kernel: 2, stride: 2,
        padding: 1))
    let output = harness.tensor(1, 4)
    harness.backend.run(
      Convolution(
        geometry: geometry, input: harness.tensor(1, 9, (0..<9).map(Double.init)),
        weights: harness.tensor(4, 1, [1, 2, 3, 4]),
        epilogue: .activation(.identity, bias: harness.tensor(1, 1, [0.5])), output: output))
    #expect(harness.values(output) == [0.5, 11.5, 30.5, 67.5])
  }

  /// The gradient with respect to the input, the nonlinearity before it and the parameters.
  @Test(arguments: geometries)
  func convolutionGradient(geometry: ConvolutionGeometry) throws {
    let harness = try Harness()
    let backend = harness.backend
    let (argument, input) = (
      harness.tensor(2, geometry.fine.count), harness.tensor(2, geometry.fine.count)
    )
    let weights = harness.tensor(geometry.patch, geometry.coarse.channels)
    let bias = harness.tensor(1, geometry.coarse.channels)
    let (output, gradient) = (
      harness.tensor(2, geometry.coarse.count), harness.tensor(2, geometry.coarse.count)
    )
    func loss() -> Double {
      backend.run(Activate(input: argument, activation: .tanh, output: input))
      backend.run(
        Convolution(
          geometry: geometry, input: input, weights: weights,
          epilogue: .activation(.identity, bias: bias), output: output))
      return dot(harness.values(output), harness.values(gradient))
    }
    _ = loss()
    let inputGradient = harness.tensor(2, geometry.fine.count)
    backend.run(
      TransposedConvolution(
        geometry: geometry, input: gradient, weights: weights,
        epilogue: .derivative(.tanh, saved: input), output: inputGradient))
    let parameters = harness.gradients(geometry, bias: bias)
    backend.run(
      ConvolutionParameterGradient(
        geometry: geometry, fine: input, coarse: gradient, output: .coarse,
        weightGradient: parameters.weights, biasGradient: parameters.bias,
        partials: parameters.partials))
    #expect(agree(harness.values(inputGradient), harness.differences(argument, loss)))
    #expect(agree(harness.values(parameters.weights), harness.differences(weights, loss)))
    #expect(agree(harness.values(parameters.bias), harness.differences(bias, loss)))
  }

  @Test(arguments: geometries)
  func transposedGradient(geometry: ConvolutionGeometry) throws {
    let harness = try Harness()
    let backend = harness.backend
    let (argument, input) = (
      harness.tensor(2, geometry.coarse.count), harness.tensor(2, geometry.coarse.count)
    )
    let weights = harness.tensor(geometry.patch, geometry.coarse.channels)
    let bias = harness.tensor(1, geometry.fine.channels)
    let (output, gradient) = (
      harness.tensor(2, geometry.fine.count), harness.tensor(2, geometry.fine.count)
    )
    func loss() -> Double {
      backend.run(Activate(input: argument, activation: .tanh, output: input))
      backend.run(
        TransposedConvolution(
          geometry: geometry, input: input, weights: weights,
          epilogue: .activation(.identity, bias: bias), output: output))
      return dot(harness.values(output), harness.values(gradient))
    }
    _ = loss()
    let inputGradient = harness.tensor(2, geometry.coarse.count)
    backend.run(
      Convolution(
        geometry: geometry, input: gradient, weights: weights,
        epilogue: .derivative(.tanh, saved: input), output: inputGradient))
    let parameters = harness.gradients(geometry, bias: bias)
    backend.run(
      ConvolutionParameterGradient(
        geometry: geometry, fine: gradient, coarse: input, output: .fine,
        weightGradient: parameters.weights, biasGradient: parameters.bias,
        partials: parameters.partials))
    #expect(agree(harness.values(inputGradient), harness.differences(argument, loss)))
    #expect(agree(harness.values(parameters.weights), harness.differences(weights, loss)))
    #expect(agree(harness.values(parameters.bias), harness.differences(bias, loss)))
  }

  @Test func refusesWhatDoesNotFit() {
    let image = ImageShape(height: 3, width: 5, channels: 1)
    func geometry(_ kernel: Int, _ stride: Int, _ padding: Int) -> ConvolutionGeometry? {
      ConvolutionGeometry(
        fine: image, channels: 2, kernel: kernel, stride: stride, padding: padding)
    }
    #expect(geometry(4, 1, 0) == nil)
    #expect(geometry(2, 1, 2) == nil)
    #expect(geometry(2, 0, 0) == nil)
    #expect(geometry(3, 1, 0)?.coarse == ImageShape(height: 1, width: 3, channels: 2))
  }
}

extension Harness {
  /// Places for the gradients of a convolution's parameters.
  fileprivate func gradients(_ geometry: ConvolutionGeometry, bias: Tensor)
    -> (weights: Tensor, bias: Tensor, partials: Tensor)
  {
    let count = geometry.patch * geometry.coarse.channels
    return (
      tensor(geometry.patch, geometry.coarse.channels), tensor(1, bias.count),
      tensor(geometry.slices(rows: 2), count + bias.count)
    )
  }
}
