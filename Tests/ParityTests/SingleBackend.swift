import Backend
import Foundation

/// An honest single-precision backend: plain `Float` loops, written from the operations'
/// documentation alone. Its freedoms are those that the bounds must allow: the order of summation,
/// and flushing denormals.
final class SingleBackend: Backend {
  let name = "single"
  let device: String
  private let isReversed: Bool
  private let isFlushing: Bool
  private var arena: [Float] = []
  private var pixelTables: [[UInt8]] = []
  private(set) var indexTables: [[UInt32]] = []

  init(reversed: Bool = false, flushing: Bool = false) {
    isReversed = reversed
    isFlushing = flushing
    device = "Float loops\(reversed ? ", reversed" : "")\(flushing ? ", flushing" : "")"
  }

  func allocate(elements: Int) throws { arena = [Float](repeating: 0, count: elements) }
  func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    arena.replaceSubrange(tensor.range, with: values)
  }
  func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    for (index, element) in tensor.range.enumerated() { values[index] = arena[element] }
  }
  func synchronize() throws {}
  func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws -> PixelTable {
    pixelTables.append(Array(pixels))
    return PixelTable(
      identifier: pixelTables.count - 1, rows: pixels.count / columns, columns: columns)
  }
  func makeIndexTable(count: Int) throws -> IndexTable {
    indexTables.append([UInt32](repeating: 0, count: count))
    return IndexTable(identifier: indexTables.count - 1, count: count)
  }
  func upload(_ indices: [UInt32], to table: IndexTable) {
    indexTables[table.identifier].replaceSubrange(0..<indices.count, with: indices)
  }

  private func flush(_ value: Float) -> Float { isFlushing && value.isSubnormal ? 0 : value }

  subscript(tensor: Tensor, index: Int) -> Float {
    get { flush(arena[tensor.offset + index]) }
    set { arena[tensor.offset + index] = flush(newValue) }
  }

  func sum(_ count: Int, from start: Float = 0, _ term: (Int) -> Float) -> Float {
    var sum = start
    for index in 0..<count {
      sum = flush(sum + flush(term(isReversed ? count - 1 - index : index)))
    }
    return sum
  }

  func run(_ operation: Gather, start: Int) {
    let columns = operation.output.columns
    for index in 0..<operation.output.count {
      let position = start + index / columns
      let row = operation.order.map { Int(indexTables[$0.identifier][position]) } ?? position
      let pixel = pixelTables[operation.pixels.identifier][row * columns + index % columns]
      self[operation.output, index] = Float(pixel) * (1 / 255)
    }
  }

  func run(_ operation: CopyColumns) {
    let (inputs, outputs) = (operation.input.columns, operation.output.columns)
    for index in 0..<operation.input.rows * operation.columns.count {
      let (row, column) = index.quotientAndRemainder(dividingBy: operation.columns.count)
      self[operation.output, row * outputs + operation.position + column] =
        self[operation.input, row * inputs + operation.columns.lowerBound + column]
    }
  }

  func run(_ operation: Dense) {
    let (depth, columns) = (operation.input.columns, operation.weights.columns)
    for index in 0..<operation.output.count {
      let (row, column) = (index / columns, index % columns)
      let total = sum(depth, from: self[operation.bias, column]) {
        self[operation.input, row * depth + $0] * self[operation.weights, $0 * columns + column]
      }
      self[operation.output, index] = value(operation.activation, total)
    }
  }

  func run(_ operation: DenseInputGradient) {
    let (depth, columns) = (operation.outputGradient.columns, operation.weights.rows)
    for index in 0..<operation.inputGradient.count {
      let (row, column) = (index / columns, index % columns)
      let total = sum(depth) {
        self[operation.outputGradient, row * depth + $0]
          * self[operation.weights, column * depth + $0]
      }
      self[operation.inputGradient, index] =
        operation.activation == .identity
        ? total : total * slope(operation.activation, self[operation.saved, index])
    }
  }

  func run(_ operation: DenseParameterGradient) {
    let (inputs, outputs) = (operation.input.columns, operation.outputGradient.columns)
    for index in 0..<operation.weightGradient.count {
      let (inner, column) = (index / outputs, index % outputs)
      self[operation.weightGradient, index] = sum(operation.input.rows) {
        self[operation.input, $0 * inputs + inner]
          * self[operation.outputGradient, $0 * outputs + column]
      }
    }
    for column in 0..<outputs {
      self[operation.biasGradient, column] = sum(operation.input.rows) {
        self[operation.outputGradient, $0 * outputs + column]
      }
    }
  }

  func run(_ operation: Activate) {
    for index in 0..<operation.input.count {
      self[operation.output, index] = value(operation.activation, self[operation.input, index])
    }
  }

  func run(_ operation: Reparameterize, noise: Noise?) {
    let latent = operation.code.columns
    for index in 0..<operation.code.count {
      let position = index / latent * 2 * latent + index % latent
      let spread = self[operation.head, position + latent]
      let deviation = operation.posterior == .logVariance ? exp(spread / 2) : spread
      let shift = noise.map { deviation * normal($0, index) }
      self[operation.code, index] = self[operation.head, position] + (shift ?? 0)
    }
  }

  func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    let latent = operation.codeGradient.columns
    for index in 0..<operation.codeGradient.count {
      let position = index / latent * 2 * latent + index % latent
      let spread = self[operation.head, position + latent]
      let gradient = self[operation.codeGradient, index]
      self[operation.headGradient, position] =
        gradient + klWeight * self[operation.head, position]
      let draw = noise.map { normal($0, index) }
      switch operation.posterior {
      case .logVariance:
        let pull = klWeight * 0.5 * expm1(spread)
        self[operation.headGradient, position + latent] =
          draw.map { gradient * 0.5 * exp(spread / 2) * $0 + pull } ?? pull
      case .sigma:
        let pull = klWeight * (spread - spread / (spread * spread + Posterior.logarithmGuard))
        self[operation.headGradient, position + latent] =
          draw.map { gradient * $0 + pull } ?? pull
      }
    }
  }

  func run(_ operation: KLDivergence) {
    let latent = operation.head.columns / 2
    for row in 0..<operation.head.rows {
      self[operation.divergence, row] = sum(latent) {
        divergence(
          operation.posterior, self[operation.head, row * 2 * latent + $0],
          self[operation.head, row * 2 * latent + latent + $0])
      }
    }
  }

  func run(_ operation: Binarize, start: Int, noise: Noise) {
    let columns = operation.images.columns
    for index in 0..<operation.images.count {
      let position = start + index / columns
      let example = operation.order.map { Int(indexTables[$0.identifier][position]) } ?? position
      let column = index % columns
      let words = noise.words(block: Binarize.blocks(columns: columns) * example + column / 4)
      let level = UInt8((self[operation.images, index] * 255).rounded())
      self[operation.images, index] =
        Binarize.isWhite(level, word: words[column % 4]) ? 1 : 0
    }
  }

  func run(_ operation: SumRows, output: Tensor) {
    let columns = operation.input.columns
    for row in 0..<operation.input.rows {
      self[output, row] = sum(columns) { self[operation.input, row * columns + $0] }
    }
  }

  func run(_ operation: SumSquares) {
    for index in 0..<operation.sums.count {
      let start = index * SumSquares.block
      self[operation.sums, index] = sum(min(SumSquares.block, operation.input.count - start)) {
        self[operation.input, start + $0] * self[operation.input, start + $0]
      }
    }
  }

  func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    let norm = self[squaredNorm, 0].squareRoot()
    guard norm > operation.limit else { return }
    for index in 0..<operation.tensor.count {
      self[operation.tensor, index] *= operation.limit / norm
    }
  }

  func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    for index in 0..<operation.parameters.count {
      let gradient = self[operation.gradients, index]
      let first =
        operation.beta1 * self[operation.firstMoment, index] + (1 - operation.beta1) * gradient
      let second =
        operation.beta2 * self[operation.secondMoment, index]
        + (1 - operation.beta2) * gradient * gradient
      self[operation.firstMoment, index] = first
      self[operation.secondMoment, index] = second
      let step =
        rate.stepSize * first
        / (second.squareRoot() * rate.inverseRootCorrection + operation.epsilon)
      self[operation.parameters, index] =
        rate.retention * self[operation.parameters, index] - step
    }
  }

  func run(_ operation: MomentumUpdate, learningRate: Float) {
    for index in 0..<operation.parameters.count {
      self[operation.velocity, index] =
        operation.momentum * self[operation.velocity, index] + self[operation.gradients, index]
      self[operation.parameters, index] -= learningRate * self[operation.velocity, index]
    }
  }

  func run(_ operation: RandomFill, noise: Noise) {
    for index in 0..<operation.output.count {
      self[operation.output, index] =
        switch operation.distribution {
        case .normal: normal(noise, index)
        case .uniform: Float(noise.words(block: index / 4)[index % 4] >> 8) * 0x1p-24
        case .words:
          Float((noise.words(block: index / 8)[index / 2 % 4] >> UInt32(index % 2 * 16)) & 0xFFFF)
        }
    }
  }

  func normal(_ noise: Noise, _ index: Int) -> Float {
    let words = noise.words(block: index / 4)
    let pair = index % 4 / 2 * 2
    let radius = (-2 * log(Float((words[pair] >> 8) + 1) * 0x1p-24)).squareRoot()
    let turn = Float(words[pair + 1] >> 8) * 0x1p-24
    let quarter = (4 * turn).rounded(.toNearestOrEven)
    let angle = (turn - quarter / 4) * (2 * Float.pi)
    let (cosine, sine) = (cos(angle), sin(angle))
    return switch (Int(quarter) % 4, index % 2) {
    case (0, 0), (1, 1): radius * cosine
    case (0, 1), (3, 0): radius * sine
    case (1, 0), (2, 1): -radius * sine
    default: -radius * cosine
    }
  }
}
