import Backend

extension Catalogue {
  /// Noises with every field beyond 32 bits once, and every stream.
  static let noises = [
    Noise(seed: 0, stream: .initialization),
    Noise(seed: 1, stream: .reparameterization, step: 1),
    Noise(seed: .max, stream: .shuffling, step: 1 << 32, firstElement: 4),
    Noise(seed: 1 << 32, stream: .priorSamples, step: (1 << 32) + 7, firstElement: 1000),
    Noise(seed: 0x243F_6A88_85A3_08D3, stream: .evaluation, step: .max, firstElement: 1 << 31),
    Noise(seed: 0x8000_0000, stream: .binarization, step: 0x8000_0000, firstElement: 1 << 32),
    Noise(seed: 7, stream: .corruption, step: 2, firstElement: (1 << 33) + 4),
    Noise(seed: 7, stream: .dataset, step: 2, firstElement: 1 << 16),
  ]
}

extension DenseShape {
  /// Small shapes with one extent, or all, at a vector's or tile's edge, and sums of many terms.
  static func awkward(_ extent: Extent, seed: UInt64) -> [DenseShape] {
    var shapes = [DenseShape(0, 5, 3), DenseShape(1, 1, 1)]
    if extent.hasLongSums {
      shapes += [DenseShape(3, 4097, 5), DenseShape(4097, 3, 5), DenseShape(5, 3, 4097)]
      shapes.append(DenseShape(2, 65_537, 1))
    }
    for edge in extent.tileEdges {
      shapes += [DenseShape(edge, 5, 7), DenseShape(7, edge, 5), DenseShape(5, 7, edge)]
      shapes.append(DenseShape(edge, edge, edge))
    }
    if extent.hasLongSums {
      // Gradients of more examples than a cache holds, which CPUs' kernels take several strips at a time.
      shapes.append(DenseShape(2049, 130, 129))
      // Sums that OpenBLAS is handed in stretches, each in several pieces.
      shapes += [DenseShape(30, 1025, 208), DenseShape(30, 208, 1025)]
    }
    if extent == .full {
      var random = RandomNumbers(Noise(seed: seed, stream: .shuffling))
      let edges = extent.edges.filter { $0 > 0 }
      func edge() -> Int { edges[Int(random.uniform() * Double(edges.count))] }
      for _ in 0..<200 { shapes.append(DenseShape(edge(), edge(), edge())) }
    }
    return shapes
  }

  /// Every matrix of 784-400-20-400-784 at batch 128 and of 784-250-30-320-784 at batch 250.
  static let presets =
    [(784, 400), (400, 40), (20, 400), (400, 784)].map { DenseShape(128, $0.0, $0.1) }
    + [(784, 250), (250, 60), (30, 320), (320, 784)].map { DenseShape(250, $0.0, $0.1) }

  /// The last batch of 60,000 examples at batch 128.
  static func shortBatch(_ extent: Extent) -> [DenseShape] {
    let shapes = presets.prefix(4).map { DenseShape(96, $0.inputs, $0.outputs) }
    return extent == .full ? shapes : Array(shapes.prefix(1))
  }
}
