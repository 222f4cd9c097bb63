/// The noise that a denoising model's encoder sees an image through, while the loss is held against the
/// image itself (Vincent et al. 2008; for variational autoencoders Im et al. 2017).
public struct Corruption: Hashable, Sendable {
  /// What happens to a pixel x in [0, 1], each by itself.
  public enum Kind: String, KernelSwitch {
    /// x + σ·ε with ε ~ N(0, 1), clipped to [0, 1].
    case gaussian
    /// 0 with probability p.
    case mask
    /// 0 with probability p/2, 1 with probability p/2.
    case saltPepper = "salt-pepper"
  }

  /// What happens.
  public let kind: Kind
  /// σ or p.
  public let amount: Float

  /// A corruption; `nil` unless 0 < σ ≤ 100 or 0 < p < 1.
  public init?(_ kind: Kind, _ amount: Float) {
    guard amount > 0, kind == .gaussian ? amount <= 100 : amount < 1 else { return nil }
    self.kind = kind
    self.amount = amount
  }

  /// Below which of its uniform draws a pixel becomes black; below `amount` it becomes white.
  public var black: Float { kind == .saltPepper ? amount / 2 : amount }

  /// What draws are made from.
  public var distribution: Distribution { kind == .gaussian ? .normal : .uniform }
}

extension Corruption: LosslessStringConvertible, Codable {
  /// `gaussian:0.3`, `mask:0.5` or `salt-pepper:0.1`.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
      let amount = Float(parts[1])
    else { return nil }
    self.init(kind, amount)
  }

  public var description: String { "\(kind.rawValue):\(amount)" }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let corruption = Corruption(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is no corruption")
    }
    self = corruption
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
