import Backend
import ReferenceBackend

/// A reference backend whose arena grows as a test places its tensors.
final class Harness {
  let backend = ReferenceBackend()
  private var plan = ArenaPlan()

  /// Room enough for any test here.
  init() throws { try backend.allocate(elements: 1 << 16) }

  /// Places a tensor that holds `values`, or numbers from N(0, 1).
  func tensor(_ rows: Int, _ columns: Int, _ values: [Double]? = nil) -> Tensor {
    let tensor = plan.tensor(rows: rows, columns: columns)
    var random = RandomNumbers(
      Noise(seed: 9, stream: .dataset, step: UInt64(plan.elements)))
    backend.set(tensor, to: values ?? (0..<tensor.count).map { _ in random.normal() })
    return tensor
  }

  func values(_ tensor: Tensor) -> [Double] { backend.values(of: tensor) }

  /// The gradient of `loss` with respect to `tensor`, by central differences.
  ///
  /// With step h the truncation error is h²/6·|f‴| and the rounding error 2⁻⁵³·|f|/h: at h = 10⁻⁵ both
  /// are some 10⁻¹⁰, for the functions of order 1 to 100 that are differentiated here.
  func differences(_ tensor: Tensor, _ loss: () -> Double) -> [Double] {
    let step = 1e-5
    let original = values(tensor)
    return original.indices.map { index in
      func shifted(_ shift: Double) -> Double {
        var values = original
        values[index] += shift
        backend.set(tensor, to: values)
        defer { backend.set(tensor, to: original) }
        return loss()
      }
      return (shifted(step) - shifted(-step)) / (2 * step)
    }
  }
}

/// Equal within 10⁻⁷ of their size: a hundred times what central differences are good for, and far less
/// than any wrong term.
func agree(_ values: [Double], _ expected: [Double], tolerance: Double = 1e-7) -> Bool {
  values.count == expected.count
    && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
}

/// Σ aᵢbᵢ: a loss whose gradient with respect to a is b.
func dot(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
