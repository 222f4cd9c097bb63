extension BLASFaults {
  private static let activation = "CVectorMath/activation.c"
  private static let elementary = "CVectorMath/elementary.h"
  private static let optimizer = "CVectorMath/optimizer.c"

  static let elements = [
    Fault(
      activation, "values off by 1e-4", "to[i] = expression;", "to[i] = 1.0001f * (expression);"),
    Fault(
      activation, "derivatives off by 1e-4", "to[i] *= expression;",
      "to[i] *= 1.0001f * (expression);"),
    Fault(
      activation, "NaN swallowed by ReLU", "a < 0.0f ? 0.0f : a", "a > 0.0f ? a : 0.0f"),
    Fault(activation, "ReLU's slope 1 at 0", "s > 0.0f ? 1.0f : 0.0f", "s >= 0.0f ? 1.0f : 0.0f"),
    Fault(activation, "tanh's derivative without the square", "1.0f - s * s", "1.0f - s"),
    Fault(
      activation, "SiLU's derivative misses a term", "smaller * (1.0f + a * larger)", "smaller"),
    Fault(activation, "softplus's derivative cancels", "-vm_expm1(-s)", "1.0f - vm_exp(-s)"),
    Fault(
      elementary, "NaN swallowed by exp", "-104.0f : x;\n  x = x > 89.0f ? 89.0f : x;",
      "-104.0f : x;\n  x = x < 89.0f ? x : 89.0f;"),
    Fault(elementary, "exp's argument not limited", "  x = x < -104.0f ? -104.0f : x;\n", ""),
    Fault(
      elementary, "a coefficient of exp off by 1e-4", "5.0000001201e-1f", "5.0005001201e-1f"),
    Fault(elementary, "a coefficient of ln off by 1e-4", "3.3333331174e-1f", "3.3336664507e-1f"),
    Fault(elementary, "tanh's 2 off by 1e-4", "e / (e + 2.0f)", "e / (e + 2.0002f)"),
    Fault(
      elementary, "exp's last coefficient off by 1e-4", "1.9875691500e-4f", "1.9877679069e-4f",
      equivalent: "at |r| ≤ ½ ln 2 it moves eʳ by 1.2e-11, a five-thousandth of the rounding"),
    Fault(
      optimizer, "Adam's 1 - β₁ off by 1e-4", "gain1 = 1.0f - rate.beta1",
      "gain1 = 1.0001f * (1.0f - rate.beta1)"),
    Fault(
      optimizer, "second moment of the gradient, not its square", "gain2 * (g[i] * g[i])",
      "gain2 * g[i]"),
    Fault(
      optimizer, "ε inside the root", "__builtin_elementwise_sqrt(second)",
      "__builtin_elementwise_sqrt(second + rate.epsilon)"),
    Fault(
      optimizer, "Adam leaves out the tail of a vector",
      "i < count; i++) {\n    const float first", "i < count / 8 * 8; i++) {\n    const float first"
    ),
    Fault(
      optimizer, "weight decay forgotten", "rate.retention * theta[i]", "theta[i]"),
    Fault(
      optimizer, "weight decay of the step, too", "rate.retention * theta[i] - step",
      "rate.retention * (theta[i] - step)"),
    Fault(
      optimizer, "last scaled element left out", "i < count; i++) x[i] *= factor",
      "i < count - 1; i++) x[i] *= factor"),
    Fault(
      optimizer, "momentum off by 1e-4", "momentum * v[i] + g[i]",
      "1.0001f * momentum * v[i] + g[i]"
    ),
    Fault(
      optimizer, "momentum goes past the end",
      "i < count; i++) {\n    const float velocity", "i <= count; i++) {\n    const float velocity"),
    Fault(
      optimizer, "processor left flushing subnormal numbers",
      "  __builtin_ia32_ldmxcsr(mode)\n", "  (void)0\n",
      equivalent: "every bound has room for a device that flushes"),
  ]

  static let sums = [
    Fault(
      "CVectorMath/sums.c", "rows of four off by 1e-4", "(block[i] + block[stride + i])",
      "(1.0001f * block[i] + block[stride + i])"),
    Fault(
      "CVectorMath/sums.c", "column sums added to what was there",
      "  VM_LOOP for (ptrdiff_t i = 0; i < columns; i++) sums[i] = 0.0f;\n", ""),
    Fault(
      "CVectorMath/sums.c", "rows past the last four dropped", "for (; row < rows; row++)",
      "for (; row + 4 < rows; row++)"),
    Fault(
      "CVectorMath/sums.c", "row sums off by 1e-4", "sum += from[i];", "sum += 1.0001f * from[i];"),
    Fault(
      "CVectorMath/sums.c", "last element of each block of a row dropped", "i = begin; i < end;",
      "i = begin; i < end - (end < columns);"),
    Fault(
      "CVectorMath/sums.c", "last block of a row alone", "total += (double)sum;",
      "total = (double)sum;"),
    Fault(
      "CVectorMath/sums.c", "elements in place of their squares", "sum += x[i] * x[i];",
      "sum += x[i];"),
    Fault(
      "CVectorMath/sums.c", "last four rows one at a time", "row + 4 <= rows", "row + 4 < rows",
      equivalent: "the same terms in another order"),
    Fault(
      "CVectorMath/vectorize.h", "long sums in single precision throughout",
      "#define VM_SUM_BLOCK 1024", "#define VM_SUM_BLOCK (1 << 30)",
      equivalent: "the bound is that of any order of n - 1 additions in single precision"),
    Fault(
      "CVectorMath/gather.c", "pixels off by 1e-4", "high = 0x1.01p-8f",
      "high = 1.0001f * 0x1.01p-8f"),
    Fault(
      "CVectorMath/gather.c", "order ignored", "(order ? (ptrdiff_t)order[row] : row)", "row"),
    Fault(
      "CVectorMath/gather.c", "written past the end of a row", "i < columns; i++",
      "i <= columns; i++"),
  ]

  private static let loss = "CVectorMath/loss.c"
  private static let posterior = "CVectorMath/posterior.c"
  private static let divergence = "CVectorMath/posterior.h"

  static let model = [
    Fault(
      loss, "log1p off by 1e-4", "+ vm_log1p_unit(t), probability",
      "+ 1.0001f * vm_log1p_unit(t), probability"),
    Fault(loss, "the target's term dropped", "(positive - a * x)", "positive"),
    Fault(
      loss, "unstable form", "vm_exp_minus_abs(a);\n  const float probability",
      "vm_exp(-a);\n  const float probability"),
    Fault(loss, "gradient's sign", "probability - x};", "x - probability};"),
    Fault(
      loss, "gradient's scale off by 1e-4",
      "VM_SUM_LOSS(vm_bernoulli_term, g[row * columns + i] = scale",
      "VM_SUM_LOSS(vm_bernoulli_term, g[row * columns + i] = 1.0001f * scale"),
    Fault(loss, "squared error's 2 forgotten", "2.0f * difference", "difference"),
    Fault(
      loss, "last loss of each block of a row dropped", "sum += term.loss;",
      "sum += i + 1 == end && end < columns ? 0.0f : term.loss;"),
    Fault(
      posterior, "σ = e^γ", "vm_exp(0.5f * spread[i]) * e[i]", "vm_exp(spread[i]) * e[i]"),
    Fault(
      posterior, "σ's half off by 1e-4", "vm_exp(0.5f * spread[i]) * e[i]",
      "vm_exp(0.50005f * spread[i]) * e[i]"),
    Fault(
      "CVectorMath/walk.h", "noise of the next block", "(uint32_t)(walk->chunk / 4)",
      "(uint32_t)(walk->chunk / 4 + 1)"),
    Fault(
      posterior, "gradient of γ off by 1e-4", "(0.5f * deviation)", "(0.50005f * deviation)"),
    Fault(
      divergence, "KL's gradient without the half", "0.5f * vm_expm1(spread)",
      "vm_expm1(spread)"),
    Fault(
      posterior, "weight of KL ignored", "(0.5f * deviation) * e[i] + kl_weight * kl_slope",
      "(0.5f * deviation) * e[i] + kl_slope"),
    Fault(
      divergence, "KL off by 1e-4", "return 0.5f * (mean * mean + vm_exp_remainder",
      "return 0.50005f * (mean * mean + vm_exp_remainder"),
    Fault(
      divergence, "KL's sign", "return 0.5f * (mean * mean + vm_exp_remainder",
      "return -0.5f * (mean * mean + vm_exp_remainder"),
    Fault(
      divergence, "guard of the logarithm ten times as large", "GUARD 1e-10f", "GUARD 1e-9f"),
    Fault(
      posterior, "last code not copied without noise", "(size_t)latent * sizeof *code",
      "(size_t)(latent - 1) * sizeof *code"),
  ]

  private static let normals = "CVectorMath/normals.h"

  static let random = [
    Fault(normals, "nine rounds", "round < 10; round++", "round < 9; round++"),
    Fault(normals, "a wrong Weyl constant", "0xBB67AE85u", "0xBB67AE87u"),
    Fault(normals, "step's high half ignored", "z = noise->step[1]", "z = 0"),
    Fault(normals, "stream ignored", "w = noise->stream", "w = 0"),
    Fault(
      normals, "block off by one", "noise->first_block + block;", "noise->first_block + block + 1;"),
    Fault(normals, "radius off by 1e-4", "-2.0f * vm_log_sum", "-2.0004f * vm_log_sum"),
    Fault(normals, "u₁ may be zero", "((first >> 8) + 1)", "(first >> 8)"),
    Fault(
      "CVectorMath/turn.h", "a coefficient of sin off by 1e-4", "1.6666654611e-1f",
      "1.6668321277e-1f"),
    Fault(
      "CVectorMath/turn.h", "sine of another quarter",
      "const float s = quarter & 1 ? cosine : sine;",
      "const float s = quarter & 1 ? sine : cosine;"),
    Fault(
      normals, "uniforms off by 1e-4", "(words[k][i] >> 8) * 0x1p-24f",
      "(words[k][i] >> 8) * 1.0001f * 0x1p-24f"),
    Fault(
      "CVectorMath/corrupt.c", "example's number ignored", "order ? order[row] :", "order ? 0 :"),
    Fault(
      "CVectorMath/corrupt.c", "σ off by 1e-4", "from[i] + amount * draws[i]",
      "from[i] + 1.0001f * amount * draws[i]"),
    Fault(
      "CVectorMath/corrupt.c", "white not clipped", "to[i] = lit > 1.0f ? 1.0f : lit;",
      "to[i] = lit;"),
    Fault(
      "CVectorMath/corrupt.c", "noise of the first chunk in every chunk",
      "vm_draw_uniforms(&noise, (uint32_t)(begin / 4), draws)",
      "vm_draw_uniforms(&noise, 0, draws)"),
    Fault(
      "CVectorMath/random.c", "last element of a chunk not written",
      "(size_t)used * sizeof *chunk", "(size_t)(used - 1) * sizeof *chunk"),
  ]
}
