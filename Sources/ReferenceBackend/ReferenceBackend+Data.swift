import Backend
import Foundation

extension ReferenceBackend {
  public func run(_ operation: Gather, start: Int) {
    let columns = operation.output.columns
    for row in 0..<operation.output.rows {
      let source =
        operation.order.map { Int(indexTables[$0.identifier][start + row]) } ?? start + row
      for column in 0..<columns {
        let pixel = pixelTables[operation.pixels.identifier][source * columns + column]
        self[operation.output, row, column] = Double(pixel) / 255
      }
    }
  }

  public func run(_ operation: RandomFill, noise: Noise) {
    for index in 0..<operation.output.count {
      self[operation.output, index] =
        switch operation.distribution {
        case .normal: noise.normal(index)
        case .uniform: Double(noise.word(index) >> 8) * 0x1p-24
        case .words: Double((noise.word(index / 2) >> (index % 2 == 0 ? 0 : 16)) & 0xFFFF)
        }
    }
  }

  public func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    let (beta1, beta2) = (Double(operation.beta1), Double(operation.beta2))
    for index in 0..<operation.parameters.count {
      let gradient = self[operation.gradients, index]
      let first = beta1 * self[operation.firstMoment, index] + (1 - beta1) * gradient
      let second = beta2 * self[operation.secondMoment, index] + (1 - beta2) * gradient * gradient
      self[operation.firstMoment, index] = first
      self[operation.secondMoment, index] = second
      self[operation.parameters, index] -=
        Double(rate.stepSize) * first
        / (second.squareRoot() * Double(rate.inverseRootCorrection) + Double(operation.epsilon))
    }
  }

  public func run(_ operation: MomentumUpdate, learningRate: Float) {
    for index in 0..<operation.parameters.count {
      let velocity =
        Double(operation.momentum) * self[operation.velocity, index]
        + self[operation.gradients, index]
      self[operation.velocity, index] = velocity
      self[operation.parameters, index] -= Double(learningRate) * velocity
    }
  }
}

extension Noise {
  /// The word of element `index`, counted from `firstElement`.
  public func word(_ index: Int) -> UInt32 { words(block: index / 4)[index % 4] }

  /// The normal of element `index`, counted from `firstElement`.
  public func normal(_ index: Int) -> Double {
    let words = words(block: index / 4)
    let pair =
      index % 4 < 2 ? BoxMuller.normals(words.x, words.y) : BoxMuller.normals(words.z, words.w)
    return index % 2 == 0 ? pair.0 : pair.1
  }
}
