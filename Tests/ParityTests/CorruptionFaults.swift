import Backend
import Parity
import ReferenceBackend

let corruptionFaults: [Fault] = [
  .in(Corrupt.name, "start ignored", \.corruption) { run, base in
    base.run(run.operation, start: 0, noise: run.noise)
  },
  .in(Corrupt.name, "noise of the place in the batch, not of the example", \.corruption) {
    run, base in
    let operation = run.operation
    base.run(
      Corrupt(
        corruption: operation.corruption, order: nil, input: operation.input,
        output: operation.output), start: run.start, noise: run.noise)
  },
  .in(Corrupt.name, "the same noise in every epoch", \.corruption) { run, base in
    var noise = run.noise
    noise.step = 0
    base.run(run.operation, start: run.start, noise: noise)
  },
  .in(Corrupt.name, "one stream for everything", \.corruption) { run, base in
    var noise = run.noise
    noise.stream = .initialization
    base.run(run.operation, start: run.start, noise: noise)
  },
  .in(Corrupt.name, "white not clipped", \.corruption) { run, base in
    base.run(run.operation, start: run.start, noise: run.noise)
    base.round(run.operation.output) { $0 == 1 ? 1.001 : $0 }
  },
]
