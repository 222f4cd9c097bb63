import Backend
import CVectorMath

/// What follows a convolution's sums, on a stretch of the output.
struct Epilogue: BitwiseCopyable {
  /// What the sums begin with, a value a channel.
  let bias: UnsafePointer<Float>?
  private let activation: Int32
  private let saved: UnsafePointer<Float>?

  init(_ epilogue: ConvolutionEpilogue, on backend: BLASBackend) {
    activation = epilogue.activation.constant
    switch epilogue {
    case .activation(_, let bias): (self.bias, saved) = (.init(backend.pointer(to: bias)), nil)
    case .derivative(.identity, _): (bias, saved) = (nil, nil)
    case .derivative(_, let saved):
      (bias, self.saved) = (nil, .init(backend.pointer(to: saved)))
    }
  }

  /// Finishes `count` elements from `start` on, to which the bias has been added.
  func finish(_ output: UnsafeMutablePointer<Float>, _ start: Int, _ count: Int) {
    if let saved {
      vm_multiply_by_derivative(activation, saved + start, output + start, 1, count, 0)
    } else if bias != nil && activation != vm_identity {
      vm_activate(activation, output + start, output + start, 1, count, 0)
    }
  }
}
