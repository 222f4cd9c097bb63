import Backend

extension OperationCase {
  /// The encoder's output: μ, then γ or σ, in each row.
  private static func head(
    rows: Int, latent: Int, _ posterior: Posterior, data: inout TestData, arena: inout TestArena
  ) -> Tensor {
    let means = data.matrix(rows: rows, columns: latent)
    let spreads = data.spreads(count: rows * latent, of: posterior)
    let values = (0..<rows).flatMap { row in
      let range = row * latent..<(row + 1) * latent
      return means[range] + spreads[range]
    }
    return arena.input("head", rows: rows, columns: 2 * latent, values)
  }

  static func reparameterize(
    rows: Int, latent: Int, _ posterior: Posterior, noise: Noise?, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(rows: rows, latent: latent, posterior, data: &data, arena: &arena)
    let operation = Reparameterize(
      head: head, posterior: posterior,
      code: arena.output("z", rows: rows, columns: latent))
    return OperationCase(
      operation, variant: "\(posterior.rawValue), \(text(noise))", kind: setting.kind,
      arena: arena, outputs: [operation.code], run: { $0.run(operation, noise: noise) }
    ) { [arena] in
      [
        OutputBounds(count: rows * latent) { index in
          let position = index / latent * 2 * latent + index % latent
          let mean = arena[head, position]
          guard let noise else { return mean }
          return mean + posterior.boundedDeviation(arena[head, position + latent])
            * noise.boundedNormal(index)
        }
      ]
    }
  }

  static func reparameterizeGradient(
    rows: Int, latent: Int, _ posterior: Posterior, noise: Noise?, klWeight: Float,
    _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(rows: rows, latent: latent, posterior, data: &data, arena: &arena)
    let operation = ReparameterizeGradient(
      head: head, posterior: posterior,
      codeGradient: arena.input(
        "dz", rows: rows, columns: latent, data.matrix(rows: rows, columns: latent)),
      headGradient: arena.output("d head", rows: rows, columns: 2 * latent))
    return OperationCase(
      operation, variant: "\(posterior.rawValue), \(text(noise)), weight \(klWeight)",
      kind: setting.kind, arena: arena, outputs: [operation.headGradient],
      run: { $0.run(operation, noise: noise, klWeight: klWeight) }
    ) { [arena] in
      let weight = Bounded(klWeight)
      return [
        OutputBounds(count: rows * 2 * latent) { index in
          let (row, column) = (index / (2 * latent), index % (2 * latent))
          let element = row * latent + column % latent
          let gradient = arena[operation.codeGradient, element]
          return column < latent
            ? gradient + weight * arena[head, index]
            : posterior.boundedGradient(
              spread: arena[head, index], codeGradient: gradient,
              draw: noise?.boundedNormal(element), weight: weight)
        }
      ]
    }
  }

  static func klDivergence(
    rows: Int, latent: Int, _ posterior: Posterior, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(rows: rows, latent: latent, posterior, data: &data, arena: &arena)
    let operation = KLDivergence(
      head: head, posterior: posterior, divergence: arena.output("KL", rows: 1, columns: rows))
    return OperationCase(
      operation, variant: posterior.rawValue, kind: setting.kind, arena: arena,
      outputs: [operation.divergence], run: { $0.run(operation) }
    ) { [arena] in
      [
        OutputBounds(count: rows) { row in
          var sum = BoundedSum()
          for column in 0..<latent {
            let position = row * 2 * latent + column
            posterior.addDivergence(
              mean: arena[head, position], spread: arena[head, position + latent], to: &sum)
          }
          return sum.total.half
        }
      ]
    }
  }

  /// The noise, as a case's name gives it.
  static func text(_ noise: Noise?) -> String {
    guard let noise else { return "no noise" }
    return "seed \(noise.seed) \(noise.stream) step \(noise.step) from \(noise.firstElement)"
  }
}
