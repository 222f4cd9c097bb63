extension KernelFaults {
  static let activations = [
    Fault(
      "activation.h", "NaN swallowed by ReLU", "case RELU: return a < 0.0f ? (vec)(0.0f) : a;",
      "case RELU: return a > 0.0f ? a : (vec)(0.0f);"),
    Fault(
      "activation.h", "ReLU leaks", "case RELU: return a < 0.0f ? (vec)(0.0f) : a;",
      "case RELU: return a < 0.0f ? 1e-4f * a : a;"),
    Fault(
      "activation.h", "ReLU's slope 1 at 0", "case RELU: return s > 0.0f ?",
      "case RELU: return s >= 0.0f ?"),
    Fault(
      "activation.h", "tanh of half the argument", "case TANH: return tanh(a);",
      "case TANH: return tanh(0.5f * a);"),
    Fault(
      "activation.h", "tanh's derivative without the square", "fma(-s, s, (vec)(1.0f))",
      "(1.0f - s)"),
    Fault(
      "activation.h", "sigmoid's sign", "return 1.0f / (1.0f + exp(-a));",
      "return 1.0f / (1.0f + exp(a));"),
    Fault(
      "activation.h", "sigmoid's derivative without 1 - s", "case SIGMOID: return s * (1.0f - s);",
      "case SIGMOID: return s;"),
    Fault(
      "activation.h", "softplus overflows", "fmax(a, (vec)(0.0f)) + log1p_unit(exp(-fabs(a)))",
      "log(1.0f + exp(a))"),
    Fault(
      "activation.h", "softplus's derivative cancels", "case SOFTPLUS: return -expm1(-s);",
      "case SOFTPLUS: return 1.0f - exp(-s);"),
    Fault(
      "activation.h", "ELU cancels near 0", "return a > 0.0f ? a : expm1(a);",
      "return a > 0.0f ? a : exp(a) - 1.0f;"),
    Fault(
      "activation.h", "ELU's derivative without + 1", "(vec)(1.0f) : s + 1.0f;", "(vec)(1.0f) : s;"),
    Fault(
      "activation.h", "SiLU's derivative misses a term",
      "return y * fma(s, 1.0f - y, (vec)(1.0f));", "return y;"),
    Fault(
      "vector.h", "last element of a tail not read", "lanes[i] = i < left ? p[i] : 0.0f;",
      "lanes[i] = i + 1 < left ? p[i] : 0.0f;"),
    Fault(
      "vector.h", "last pixel of a tail not read", "i < left ? (float)p[i]",
      "i + 1 < left ? (float)p[i]"),
    Fault(
      "vector.h", "last element of a tail not written",
      "for (uint i = 0; i < left; i++) p[i] = lanes[i];",
      "for (uint i = 0; i + 1 < left; i++) p[i] = lanes[i];"),
    Fault(
      "vector.h", "tail written past the end", "for (uint i = 0; i < left; i++) p[i] = lanes[i];",
      "for (uint i = 0; i <= left; i++) p[i] = lanes[i];"),
    Fault(
      "vector.h", "half of the lanes not summed",
      "const float8 a = as_float8(as_ulong8(v).lo) + as_float8(as_ulong8(v).hi);",
      "const float8 a = as_float8(as_ulong8(v).lo);"),
  ]

  static let optimizers = [
    Fault(
      "optimizer.h", "β₁ off by 1e-4", "fma((vec)(adam->beta1), known->mean",
      "fma((vec)(1.0001f * adam->beta1), known->mean"),
    Fault(
      "optimizer.h", "second moment of the gradient, not its square",
      "(1.0f - adam->beta2) * gradient * gradient", "(1.0f - adam->beta2) * gradient"),
    Fault(
      "optimizer.h", "bias correction of the second moment forgotten",
      "fma((vec)(adam->correction), sqrt(square), (vec)(adam->epsilon))",
      "sqrt(square) + adam->epsilon"),
    Fault(
      "optimizer.h", "ε inside the root",
      "fma((vec)(adam->correction), sqrt(square), (vec)(adam->epsilon))",
      "adam->correction * sqrt(square + adam->epsilon)"),
    Fault(
      "optimizer.h", "gradient ascent", "-(adam->step * mean / scale)",
      "adam->step * mean / scale"),
    Fault(
      "optimizer.h", "weight decay forgotten", "fma((vec)(adam->retention), known->value",
      "fma((vec)(1.0f), known->value"),
    Fault(
      "optimizer.h", "weight decay of the step, too",
      "fma((vec)(adam->retention), known->value, -(adam->step * mean / scale))",
      "adam->retention * (known->value - adam->step * mean / scale)"),
    Fault("optimizer.h", "second moment not stored", "store(square, v, left);", ""),
    Fault(
      "optimizer.h", "small numbers taken for subnormal ones", "fabs(x) < FLT_MIN",
      "fabs(x) < 1e-4f"),
    Fault(
      "optimizer.cl", "momentum forgotten",
      "fma((vec)(momentum), load(v, left), load(arena + gradients + i, left))",
      "load(arena + gradients + i, left)"),
    Fault("optimizer.cl", "velocity not stored", "store(moved, v, left);", ""),
    Fault(
      "optimizer.cl", "clipped by the norm's square", "norm = sqrt(arena[squared_norm])",
      "norm = arena[squared_norm]"),
    Fault(
      "optimizer.cl", "clipped to a norm of 1", "limit / norm * load(x, left)",
      "load(x, left) / norm"),
    Fault("optimizer.cl", "raised to the limit, too", "i < count && norm > limit", "i < count"),
    Fault(
      "optimizer.cl", "a norm that is NaN taken for a large one", "norm > limit)",
      "!(norm <= limit))"),
    Fault(
      "reduction.cl", "elements in place of their squares", "fma(x, x, partial)", "partial + x"),
    Fault(
      "reduction.cl", "every block begins with the first", "get_group_id(0) * (size_t)block",
      "0 * (size_t)block"),
    Fault(
      "reduction.cl", "the last block as long as the others",
      "min(start + block, (size_t)count)", "start + block"),
  ]
}
