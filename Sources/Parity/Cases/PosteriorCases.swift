import Backend

extension OperationCase {
  /// The encoder's output: μ, then γ or σ, in each row.
  ///
  /// - Parameter nearPrior: whether μ and γ, or σ − 1, are about 10⁻³, as where a posterior collapses.
  static func head(
    rows: Int, latent: Int, _ posterior: Posterior, nearPrior: Bool = false,
    data: inout TestData, arena: inout TestArena
  ) -> Tensor {
    if nearPrior {
      return arena.input(
        "head", rows: rows, columns: 2 * latent,
        data.matrix(rows: rows, columns: 2 * latent).enumerated().map { index, value in
          let isSigma = posterior == .sigma && index % (2 * latent) >= latent
          return (isSigma ? 1 : 0) + 1e-3 * value
        })
    }
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
    )
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
    )
  }

  static func klDivergence(
    rows: Int, latent: Int, _ posterior: Posterior, nearPrior: Bool = false,
    _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(
      rows: rows, latent: latent, posterior, nearPrior: nearPrior, data: &data, arena: &arena)
    let operation = KLDivergence(
      head: head, posterior: posterior, divergence: arena.output("KL", rows: 1, columns: rows))
    return OperationCase(
      operation, variant: posterior.rawValue + (nearPrior ? ", near the prior" : ""),
      kind: setting.kind, arena: arena, outputs: [operation.divergence], run: { $0.run(operation) }
    )
  }

  static func latentDivergence(
    rows: Int, latent: Int, _ posterior: Posterior, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(rows: rows, latent: latent, posterior, data: &data, arena: &arena)
    let operation = LatentDivergence(
      head: head, posterior: posterior,
      divergence: arena.output("KL", rows: 1, columns: latent))
    return OperationCase(
      operation, variant: posterior.rawValue, kind: setting.kind, arena: arena,
      outputs: [operation.divergence], run: { $0.run(operation) })
  }

  /// Every third dimension is just below the minimum, the next one at it, the last just above.
  static func freeBitsGradient(
    rows: Int, latent: Int, _ posterior: Posterior, klWeight: Float, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(rows: rows, latent: latent, posterior, data: &data, arena: &arena)
    let minimum: Float = 0.25
    let operation = FreeBitsGradient(
      head: head, posterior: posterior,
      divergence: arena.input(
        "KL", rows: 1, columns: latent,
        (0..<latent).map { [minimum.nextDown, minimum, minimum.nextUp][$0 % 3] }),
      minimum: minimum,
      headGradient: arena.input(
        "d head", rows: rows, columns: 2 * latent,
        data.matrix(rows: rows, columns: 2 * latent)))
    return OperationCase(
      operation, variant: "\(posterior.rawValue), weight \(klWeight)", kind: setting.kind,
      arena: arena, outputs: [operation.headGradient],
      run: { $0.run(operation, klWeight: klWeight) })
  }

  /// The noise, as a case's name gives it.
  static func text(_ noise: Noise?) -> String {
    guard let noise else { return "no noise" }
    return "seed \(noise.seed) \(noise.stream) step \(noise.step) from \(noise.firstElement)"
  }
}
