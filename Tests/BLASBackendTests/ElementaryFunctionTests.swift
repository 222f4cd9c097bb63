import Backend
import CVectorMath
import Foundation
import Testing

/// Each function against the C library's in `Double`, at one in a thousand of all single-precision
/// numbers, both zeros, both infinities, NaN and the subnormal numbers included.
@Suite struct ElementaryFunctionTests {
  private static let everywhere: [Float] =
    stride(from: UInt32(0), to: .max - 997, by: 997).map(Float.init(bitPattern:))
    + [0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    + [-100, 100, 88.72283, 88.72284, -103.97, -103.98, 1]

  private static let unit = everywhere.filter { $0 >= 0 && $0 <= 1 }

  struct Function: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let arguments: [Float]
    let bound: Double
    var negligible = 0.0
    let computed: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    let exact: @Sendable (Double) -> Double
  }

  static let functions: [Function] =
    [
      Function(
        testDescription: "exp", arguments: everywhere, bound: 1, computed: vm_exp_array,
        exact: { exp($0) }),
      Function(
        testDescription: "expm1", arguments: everywhere, bound: 2, computed: vm_expm1_array,
        exact: { expm1($0) }),
      Function(
        testDescription: "log", arguments: everywhere, bound: 1, computed: vm_log_array,
        exact: { log($0) }),
      Function(
        testDescription: "log1p", arguments: unit, bound: 2, computed: vm_log1p_array,
        exact: { log1p($0) }),
    ] + [
      activation(.identity, vm_identity, bound: 0),
      activation(.relu, vm_relu, bound: 0),
      activation(.tanh, vm_tanh, bound: 4),
      activation(.sigmoid, vm_sigmoid, bound: 4),
      activation(.softplus, vm_softplus, bound: 4),
      activation(.elu, vm_elu, bound: 4),
      // Far below, σ has few digits left before it meets its argument.
      activation(.silu, vm_silu, bound: 4, negligible: 0x1p-143),
    ]

  private static func activation(
    _ activation: Activation, _ constant: Int, bound: Double, negligible: Double = 0
  ) -> Function {
    Function(
      testDescription: activation.rawValue, arguments: everywhere, bound: bound,
      negligible: negligible,
      computed: { vm_activate(Int32(constant), $0, $1, 1, $2, 0) },
      // Swift's max drops NaN.
      exact: { $0.isNaN ? .nan : activation.value($0) })
  }

  @Test("Within its documented bound", arguments: functions)
  func accuracy(function: Function) {
    var results = [Float](repeating: 0, count: function.arguments.count)
    function.computed(function.arguments, &results, results.count)
    var worst = WorstError()
    for (argument, result) in zip(function.arguments, results) {
      worst.add(
        result, exact: function.exact(Double(argument)), at: argument,
        negligible: function.negligible)
    }
    #expect(worst.error <= function.bound, "\(function.testDescription): \(worst)")
  }

  @Test("Scalar remainders agree with whole vectors", arguments: functions)
  func remainders(function: Function) {
    let arguments = (0..<67).map { function.arguments[$0 * (function.arguments.count / 67)] }
    for count in 1...67 {
      var whole = [Float](repeating: 0, count: 67)
      function.computed(arguments, &whole, 67)
      var part = [Float](repeating: 7, count: 68)
      function.computed(arguments, &part, count)
      #expect(zip(part, whole).prefix(count).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
      #expect(part[count] == 7, "written past the end")
    }
  }

  @Test("Sine and cosine of all 2²⁴ fractions of a turn")
  func turns() {
    let turns = (0..<1 << 24).map { Float($0) * 0x1p-24 }
    var (sines, cosines) = (turns, turns)
    vm_sincos_turn_array(turns, &sines, &cosines, turns.count)
    var (worstSine, worstCosine) = (WorstError(), WorstError())
    for index in turns.indices {
      let quarter = (4 * Double(turns[index])).rounded(.toNearestOrEven)
      let angle = 2 * Double.pi * (Double(turns[index]) - quarter / 4)
      let (sine, cosine) = (sin(angle), cos(angle))
      let exact =
        switch Int(quarter) % 4 {
        case 0: (sine, cosine)
        case 1: (cosine, -sine)
        case 2: (-sine, -cosine)
        default: (-cosine, sine)
        }
      worstSine.add(sines[index], exact: exact.0, at: turns[index])
      worstCosine.add(cosines[index], exact: exact.1, at: turns[index])
    }
    #expect(worstSine.error <= 3, "sine: \(worstSine)")
    #expect(worstCosine.error <= 3, "cosine: \(worstCosine)")
  }

  @Test("A derivative is that of the value, NaN included", arguments: Activation.allCases)
  func derivatives(activation: Activation) {
    let saved: [Float] =
      stride(from: -30, through: 30, by: 0.01).map { argument in
        activation.derivativeNeedsArgument
          ? argument : Float(activation.value(Double(argument)))
      }
    var gradient = [Float](repeating: 3, count: saved.count)
    gradient[7] = .nan
    vm_multiply_by_derivative(
      vm_constant(activation), saved, &gradient, 1, saved.count, saved.count)
    for (index, value) in saved.enumerated() where index != 7 {
      let exact = 3 * activation.derivative(saved: Double(value))
      #expect(abs(Double(gradient[index]) - exact) <= 8 * Double(Float.ulpOfOne), "at \(value)")
    }
    #expect(gradient[7].isNaN)
  }

  @Test("Every pixel divided by 255, correctly rounded")
  func pixels() {
    let pixels = (0...255).map { UInt8($0) }
    var values = [Float](repeating: 0, count: 256)
    vm_gather(pixels, nil, 1, 256, &values)
    #expect(values == pixels.map { Float($0) / 255 })
  }

  @Test("Decaying moments end at zero instead of staying subnormal")
  func subnormals() {
    let rate = vm_adam_rate(
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step_size: 1, inverse_root_correction: 1,
      retention: 1)
    let zeros = [Float](repeating: 0, count: 40)
    var parameters = zeros
    var (first, second) = ([Float](repeating: 1.2e-38, count: 40), zeros)
    for _ in 0..<2 { vm_adam(rate, zeros, &parameters, &first, &second, 40) }
    #expect(first == zeros)
    // The mode ends with the call.
    #expect(Float.leastNormalMagnitude * parameters.map { _ in 0.5 }[0] > 0)
  }

  private func vm_constant(_ activation: Activation) -> Int32 {
    Int32(Activation.allCases.firstIndex(of: activation) ?? -1)
  }
}
