import BLASBackend
import Backend
import Testing

@Suite struct BLASBackendTests {
  @Test("Operations other than products give the same bits with any number of threads")
  func threadsDoNotMatter() throws {
    let single = try results(threads: 1)
    for threads in [2, 3, 5] { #expect(try results(threads: threads) == single) }
  }

  @Test("A whole run gives the same bits again, products included", arguments: [1, 2, 3])
  func repeatable(threads: Int) throws {
    #expect(try product(threads: threads) == product(threads: threads))
  }

  @Test("Subnormal numbers are zero to products, and to nothing else")
  func subnormalNumbers() throws {
    let backend = BLASBackend(threads: 2)
    var plan = ArenaPlan()
    let (left, right) = (plan.tensor(rows: 64, columns: 64), plan.tensor(rows: 64, columns: 64))
    let bias = plan.tensor(rows: 1, columns: 64)
    let product = plan.tensor(rows: 64, columns: 64)
    try backend.allocate(elements: plan.elements)
    let subnormal = Float(sign: .plus, exponent: -130, significand: 1)
    backend.upload([Float](repeating: subnormal, count: left.count), to: left)
    backend.upload([Float](repeating: 1e30, count: right.count), to: right)
    backend.run(
      Dense(input: left, weights: right, bias: bias, activation: .identity, output: product))
    #expect(try backend.download(product).allSatisfy { $0 == 0 })
    backend.run(Activate(input: left, activation: .elu, output: product))
    #expect(try backend.download(product).allSatisfy { $0 == subnormal })
    // Nor to whoever called.
    #expect(subnormal * Float(backend.threads) > 0)
  }

  @Test("The device names the library, its kernels and the threads")
  func device() {
    #expect(BLASBackend(threads: 1).device.hasSuffix(", 1 thread"))
    let device = BLASBackend(threads: 3).device
    #expect(device.hasPrefix("OpenBLAS ") && device.hasSuffix(", 3 threads"))
  }

  @Test("More memory than the machine has is refused", arguments: [1 << 50, .max])
  func outOfMemory(elements: Int) {
    let backend = BLASBackend(threads: 1)
    #expect {
      try backend.allocate(elements: elements)
    } throws: { error in
      "\(error)".hasPrefix("The model needs ")
        && "\(error)".contains(" MB on \(backend.device), which has ")
    }
  }

  @Test("A new arena is all zeros")
  func zeroed() throws {
    let backend = BLASBackend(threads: 2)
    let tensor = Tensor(offset: 0, rows: 100, columns: 1000)
    for _ in 0..<2 {
      try backend.allocate(elements: tensor.count)
      #expect(try backend.download(tensor).allSatisfy { $0 == 0 })
      backend.upload([Float](repeating: 1, count: tensor.count), to: tensor)
    }
  }

  @Test("NaN reaches the result of every elementwise operation")
  func notANumber() throws {
    let backend = BLASBackend(threads: 1)
    var plan = ArenaPlan()
    let (input, output) = (plan.tensor(rows: 1, columns: 20), plan.tensor(rows: 1, columns: 20))
    let sum = plan.tensor(rows: 1, columns: 1)
    try backend.allocate(elements: plan.elements)
    let values = (0..<20).map { $0 == 3 || $0 == 18 ? Float.nan : 1 }
    backend.upload(values, to: input)
    for activation in Activation.allCases {
      backend.run(Activate(input: input, activation: activation, output: output))
      #expect(try backend.download(output).map(\.isNaN) == values.map(\.isNaN), "\(activation)")
    }
    for likelihood in [Likelihood.bernoulli, .squaredError, .gaussian] {
      backend.run(
        ReconstructionLoss(logits: input, target: output, likelihood: likelihood, loss: sum))
      #expect(try backend.download(sum)[0].isNaN, "\(likelihood)")
    }
    for posterior in Posterior.allCases {
      backend.run(KLDivergence(head: input, posterior: posterior, divergence: sum))
      #expect(try backend.download(sum)[0].isNaN, "\(posterior)")
    }
    backend.run(SumRows(input: input), output: sum)
    #expect(try backend.download(sum)[0].isNaN)
  }

  /// All operations but the products, at sizes that every number of threads cuts differently.
  private func results(threads: Int) throws -> [[Float]] {
    let backend = BLASBackend(threads: threads)
    let (rows, latent, pixels) = (130, 23, 785)
    var plan = ArenaPlan()
    let logits = plan.tensor(rows: rows, columns: pixels)
    let target = plan.tensor(rows: rows, columns: pixels)
    let gradient = plan.tensor(rows: rows, columns: pixels)
    let moments = (0..<2).map { _ in plan.tensor(rows: rows, columns: pixels) }
    let head = plan.tensor(rows: rows, columns: 2 * latent)
    let headGradient = plan.tensor(rows: rows, columns: 2 * latent)
    let code = plan.tensor(rows: rows, columns: latent)
    let sums = (0..<3).map { _ in plan.tensor(rows: 1, columns: rows) }
    let blocks = plan.tensor(rows: 1, columns: SumSquares.blocks(of: target.count))
    let norm = plan.tensor(rows: 1, columns: 1)
    try backend.allocate(elements: plan.elements)

    let noise = Noise(seed: 1, stream: .evaluation, step: 9)
    let table = try backend.makePixelTable(
      (0..<rows * pixels).map { UInt8(truncatingIfNeeded: $0 * 31) }, columns: pixels)
    let order = try backend.makeIndexTable(count: rows)
    backend.upload((0..<rows).map { UInt32($0 * 7 % rows) }, to: order)
    backend.run(Gather(pixels: table, order: order, output: target), start: 0)
    backend.run(RandomFill(distribution: .normal, output: logits), noise: noise)
    backend.run(RandomFill(distribution: .normal, output: head), noise: noise)
    for posterior in Posterior.allCases {
      backend.run(Reparameterize(head: head, posterior: posterior, code: code), noise: noise)
      backend.run(
        ReparameterizeGradient(
          head: head, posterior: posterior, codeGradient: code, headGradient: headGradient),
        noise: noise, klWeight: 0.5)
    }
    backend.run(KLDivergence(head: head, posterior: .logVariance, divergence: sums[0]))
    let loss = ReconstructionLoss(
      logits: logits, target: target, likelihood: .bernoulli, loss: sums[1])
    backend.run(ReconstructionLossGradient(loss: loss, scale: 0.1, gradient: gradient))
    backend.run(SumRows(input: gradient), output: sums[2])
    backend.run(SumSquares(input: target, sums: blocks))
    backend.run(SumRows(input: blocks), output: norm)
    backend.run(ClipByNorm(target, limit: 0.5), squaredNorm: norm)
    let adam = AdamUpdate(
      parameters: target, gradients: gradient, firstMoment: moments[0], secondMoment: moments[1],
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    backend.run(adam, rate: adam.rate(learningRate: 1e-3, step: 1))
    backend.run(
      MomentumUpdate(
        parameters: logits, gradients: gradient, velocity: moments[0], momentum: 0.9),
      learningRate: 0.1)
    backend.run(Activate(input: gradient, activation: .tanh, output: gradient))
    return try ([logits, target, gradient, headGradient, code, norm] + moments + sums).map {
      try backend.download($0)
    }
  }

  private func product(threads: Int) throws -> [Float] {
    let backend = BLASBackend(threads: threads)
    var plan = ArenaPlan()
    let input = plan.tensor(rows: 130, columns: 301)
    let weights = plan.tensor(rows: 301, columns: 203)
    let bias = plan.tensor(rows: 1, columns: 203)
    let output = plan.tensor(rows: 130, columns: 203)
    try backend.allocate(elements: plan.elements)
    for (step, tensor) in [input, weights, bias].enumerated() {
      backend.run(
        RandomFill(distribution: .normal, output: tensor),
        noise: Noise(seed: 1, stream: .evaluation, step: UInt64(step)))
    }
    backend.run(
      Dense(input: input, weights: weights, bias: bias, activation: .tanh, output: output))
    return try backend.download(output)
  }
}
