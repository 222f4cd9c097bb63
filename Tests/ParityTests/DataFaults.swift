import Backend
import Parity
import ReferenceBackend

let dataFaults: [Fault] = [
  .in(Gather.name, "start ignored", \.gather) { run, base in
    base.run(run.operation, start: 0)
  },
  .in(Gather.name, "order ignored", \.gather) { run, base in
    let operation = run.operation
    base.run(
      Gather(pixels: operation.pixels, order: nil, output: operation.output), start: run.start)
  },
  .in(Gather.name, "divided by 256", \.gather) { run, base in
    base.run(run.operation, start: run.start)
    base.round(run.operation.output) { $0 * 255 / 256 }
  },
  .in(CopyColumns.name, "from the first column on", \.copy) { operation, base in
    base.run(
      CopyColumns(
        operation.input, columns: 0..<operation.columns.count, to: operation.output,
        at: operation.position))
  },
  .in(CopyColumns.name, "to the first column on", \.copy) { operation, base in
    base.run(CopyColumns(operation.input, columns: operation.columns, to: operation.output))
  },
  .in(CopyColumns.name, "last column left out", \.copy) { operation, base in
    base.run(
      CopyColumns(
        operation.input, columns: operation.columns.dropLast(), to: operation.output,
        at: operation.position))
  },
  .in(CopyColumns.name, "other columns cleared", \.copy) { operation, base in
    base.round(operation.output) { _ in 0 }
    base.run(operation)
  },
  .in(RandomFill.name, "wrong step", \.fill) { run, base in
    var noise = run.noise
    noise.step &+= 1
    base.run(run.operation, noise: noise)
  },
  .in(RandomFill.name, "firstElement cut to 32 bits", \.fill) { run, base in
    var noise = run.noise
    noise.firstElement &= 0xFFFF_FFFF
    base.run(run.operation, noise: noise)
  },
  .in(RandomFill.name, "seed's high half ignored", \.fill) { run, base in
    var noise = run.noise
    noise.seed &= 0xFFFF_FFFF
    base.run(run.operation, noise: noise)
  },
  .in(RandomFill.name, "one stream for everything", \.fill) { run, base in
    var noise = run.noise
    noise.stream = .initialization
    base.run(run.operation, noise: noise)
  },
  .in(RandomFill.name, "nine rounds", \.fill) { run, base in
    base.run(run.operation, noise: run.noise)
    guard run.operation.distribution == .words else { return }
    let values = (0..<run.operation.output.count).map { index in
      let word = nineRounds(
        run.noise.counter(block: run.noise.firstElement / 4 + index / 8), run.noise.key)[
          index / 2 % 4]
      return Double((word >> UInt32(index % 2 * 16)) & 0xFFFF)
    }
    base.set(run.operation.output, to: values)
  },
  .in(RandomFill.name, "uniforms on (0, 1]", \.fill) { run, base in
    base.run(run.operation, noise: run.noise)
    if run.operation.distribution == .uniform {
      base.round(run.operation.output) { $0 + 0x1p-24 }
    }
  },
  .in(RandomFill.name, "sine and cosine swapped", \.fill) { run, base in
    base.run(run.operation, noise: run.noise)
    guard run.operation.distribution == .normal else { return }
    let values = base.values(of: run.operation.output)
    base.set(
      run.operation.output, to: values.indices.map { values[min($0 ^ 1, values.count - 1)] })
  },
]

private func nineRounds(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var (counter, key) = (counter, key)
  for round in 0..<9 {
    if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
    let first = UInt64(0xD251_1F53) * UInt64(counter.x)
    let second = UInt64(0xCD9E_8D57) * UInt64(counter.z)
    counter = SIMD4(
      UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
      UInt32(truncatingIfNeeded: second),
      UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
      UInt32(truncatingIfNeeded: first))
  }
  return counter
}
