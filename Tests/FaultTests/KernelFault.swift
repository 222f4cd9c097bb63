import Testing

/// A change to a kernel's text that makes it wrong.
struct KernelFault: Sendable, CustomTestStringConvertible {
  /// What is wrong with it now.
  let name: String
  /// The file, and what to put in place of what stands there once.
  let file, original, replacement: String
  /// Whether it is the GPUs' kernel.
  var isForGPU = false
  /// Why nothing computes otherwise; `nil` for a fault that does.
  var equivalence: String?

  var testDescription: String { "\(file): \(name)" }

  init(
    _ file: String, _ name: String, _ original: String, _ replacement: String, gpu: Bool = false,
    equivalent: String? = nil
  ) {
    self.file = file
    self.name = name
    self.original = original
    self.replacement = replacement
    isForGPU = gpu
    equivalence = equivalent
  }
}

extension KernelFault {
  static let all = matmulCPU + matmulGPU + activations + posterior + losses + optimizers + data

  private static let matmulCPU = [
    KernelFault(
      "matmul_cpu.cl", "first term dropped", "for (uint l = 0; l < depth; l++) {",
      "a += depth_stride; b += n;\n  for (uint l = 1; l < depth; l++) {"),
    KernelFault(
      "matmul_cpu.cl", "last term dropped", "for (uint l = 0; l < depth; l++) {",
      "for (uint l = 0; l + 1 < depth; l++) {"),
    KernelFault(
      "matmul_cpu.cl", "A rounded to TF32", "const vec factor = (vec)(a[r * row_stride]);",
      "const vec factor = (vec)(as_float((as_uint(a[r * row_stride]) + 0x1000u) & 0xFFFFE000u));"),
    KernelFault(
      "matmul_cpu.cl", "A rounded to bf16", "const vec factor = (vec)(a[r * row_stride]);",
      "const vec factor = (vec)(as_float((as_uint(a[r * row_stride]) + 0x8000u) & 0xFFFF0000u));"),
    KernelFault(
      "matmul_cpu.cl", "second half of the columns uses the first's weights",
      "sums[r][1] = fma(factor, b1, sums[r][1]);", "sums[r][1] = fma(factor, b0, sums[r][1]);"),
    KernelFault(
      "matmul_cpu.cl", "the first example in place of all",
      "multiply(t, arena + x, 1, k, arena + d, n, m, tile);",
      "multiply(t, arena + x, 1, 0, arena + d, n, m, tile);"),
    KernelFault(
      "matmul_cpu.cl", "bias dropped", "activate(activation, tile[r][v] + shift)",
      "activate(activation, tile[r][v])"),
    KernelFault(
      "matmul_cpu.cl", "bias of the first columns everywhere",
      "load(arena + bias + start, n - start)", "load(arena + bias, n - start)"),
    KernelFault(
      "matmul_cpu.cl", "bias added after the nonlinearity",
      "activate(activation, tile[r][v] + shift)", "activate(activation, tile[r][v]) + shift"),
    KernelFault(
      "matmul_cpu.cl", "last column's tile not written",
      "t.first + v * WIDTH < n; v++) {\n      const uint start = t.first + v * WIDTH;\n      global float *p",
      "t.first + v * WIDTH + 1 < n; v++) {\n      const uint start = t.first + v * WIDTH;\n      global float *p"
    ),
    KernelFault(
      "matmul_cpu.cl", "written past the end of a row", "store(tile[r][v], p, n - start);",
      "store(tile[r][v], p, n - start + 1);"),
    KernelFault(
      "matmul_cpu.cl", "bias gradient misses the first example",
      "for (uint i = 0; i < m; i++) total", "for (uint i = 1; i < m; i++) total"),
    KernelFault(
      "matmul_cpu.cl", "bias gradient added to what was there", "vec total = (vec)(0.0f);",
      "vec total = load(arena + db + j, n - j);"),
    KernelFault(
      "matmul_cpu.cl", "bias gradient averaged", "store(total, arena + db + j, n - j);",
      "store(total / m, arena + db + j, n - j);"),
    KernelFault(
      "matmul_cpu_input.cl", "last piece of a row counted twice",
      "LANES < (uvec)(i + WIDTH - n) ? (vec)(0.0f) : load", "LANES < (uvec)(0) ? (vec)(0.0f) : load"
    ),
    KernelFault(
      "matmul_cpu_input.cl", "a lane of the last piece lost", "(uvec)(i + WIDTH - n)",
      "(uvec)(i + WIDTH - n + 1)"),
    KernelFault(
      "matmul_cpu_input.cl", "rows of W off by one", "w + min(column + c, k - 1) * (size_t)n",
      "w + min(column + c + 1, k - 1) * (size_t)n"),
    KernelFault(
      "matmul_cpu_input.cl", "derivative of the nonlinearity forgotten",
      "gradient *= derivative(activation, load(arena + s + at, k - column));", ""),
    KernelFault(
      "matmul_cpu_input.cl", "derivative from the wrong columns",
      "load(arena + s + at, k - column)", "load(arena + s, k - column)"),
    KernelFault(
      "matmul_cpu_input.cl", "last row not written", "r < min((uint)DOT_ROWS, m - row); r++",
      "r < min((uint)DOT_ROWS, m - row - 1); r++"),
    KernelFault(
      "matmul_cpu_input.cl", "off by 1e-4", "vec gradient = read(sums[r]);",
      "vec gradient = 1.0001f * read(sums[r]);"),
  ]

  private static let matmulGPU = [
    KernelFault(
      "matmul_gpu_tile.h", "barrier before the products missing",
      "barrier(CLK_LOCAL_MEM_FENCE);\n    #pragma unroll", "#pragma unroll", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "barrier after the products missing",
      "    }\n    barrier(CLK_LOCAL_MEM_FENCE);\n  }", "    }\n  }", gpu: true,
      equivalent:
        "PoCL puts barriers of its own around a loop that has one; Oclgrind reports the race"),
    KernelFault(
      "matmul_gpu_tile.h", "elements of a row swapped", "sums[1] = fma((float4)(x.y), y, sums[1]);",
      "sums[1] = fma((float4)(x.x), y, sums[1]);", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "edge of the matrix not padded with zeros",
      "const bool inside = first + i < extent && from + l < depth;",
      "const bool inside = first + i < extent && from + l <= depth;", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "last column not written", "if (i < m && j < n) statement;",
      "if (i < m && j + 1 < n) statement;", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "written past the last column", "if (i < m && j < n) statement;",
      "if (i < m && j <= n) statement;", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "weights not transposed on the way back",
      "KERNEL(multiply)(arena + d, n, 1, arena + w, n, 1, m, k, n,",
      "KERNEL(multiply)(arena + d, n, 1, arena + w, 1, k, m, k, n,", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "bias dropped", "activate(activation, sum + arena[bias + j])",
      "activate(activation, sum)", gpu: true),
    KernelFault(
      "matmul_gpu_tile.h", "bias gradient misses an example", "for (uint i = 0; i < m; i++) total",
      "for (uint i = 1; i < m; i++) total", gpu: true),
    KernelFault(
      "matmul_gpu.cl", "another depth of the tile", "#define DEPTH 16", "#define DEPTH 12",
      gpu: true,
      equivalent: "any depth that the loads divide into is right: the same sums, cut elsewhere"),
    KernelFault(
      "reduction.h", "one level of the tree missing", "uint stride = GROUP / 2;",
      "uint stride = GROUP / 4;", gpu: true),
    KernelFault(
      "reduction.h", "barrier missing", "  barrier(CLK_LOCAL_MEM_FENCE);\n  for", "  for",
      gpu: true,
      equivalent:
        "PoCL puts barriers of its own around a loop that has one; Oclgrind reports the race"
    ),
  ]

  private static let activations = [
    KernelFault(
      "activation.h", "NaN swallowed by ReLU", "case RELU: return a < 0.0f ? (vec)(0.0f) : a;",
      "case RELU: return a > 0.0f ? a : (vec)(0.0f);"),
    KernelFault(
      "activation.h", "ReLU leaks", "case RELU: return a < 0.0f ? (vec)(0.0f) : a;",
      "case RELU: return a < 0.0f ? 1e-4f * a : a;"),
    KernelFault(
      "activation.h", "ReLU's slope 1 at 0", "case RELU: return s > 0.0f ?",
      "case RELU: return s >= 0.0f ?"),
    KernelFault(
      "activation.h", "tanh of half the argument", "case TANH: return tanh(a);",
      "case TANH: return tanh(0.5f * a);"),
    KernelFault(
      "activation.h", "tanh's derivative without the square", "fma(-s, s, (vec)(1.0f))",
      "(1.0f - s)"),
    KernelFault(
      "activation.h", "sigmoid's sign", "return 1.0f / (1.0f + exp(-a));",
      "return 1.0f / (1.0f + exp(a));"),
    KernelFault(
      "activation.h", "sigmoid's derivative without 1 - s", "case SIGMOID: return s * (1.0f - s);",
      "case SIGMOID: return s;"),
    KernelFault(
      "activation.h", "softplus overflows", "fmax(a, (vec)(0.0f)) + log1p(exp(-fabs(a)))",
      "log(1.0f + exp(a))"),
    KernelFault(
      "activation.h", "softplus's derivative cancels", "case SOFTPLUS: return -expm1(-s);",
      "case SOFTPLUS: return 1.0f - exp(-s);"),
    KernelFault(
      "activation.h", "ELU cancels near 0", "return a > 0.0f ? a : expm1(a);",
      "return a > 0.0f ? a : exp(a) - 1.0f;"),
    KernelFault(
      "activation.h", "ELU's derivative without + 1", "(vec)(1.0f) : s + 1.0f;", "(vec)(1.0f) : s;"),
    KernelFault(
      "activation.h", "SiLU's derivative misses a term",
      "return y * fma(s, 1.0f - y, (vec)(1.0f));", "return y;"),
    KernelFault(
      "vector.h", "last element of a tail not read", "lanes[i] = i < left ? p[i] : 0.0f;",
      "lanes[i] = i + 1 < left ? p[i] : 0.0f;"),
    KernelFault(
      "vector.h", "last element of a tail not written",
      "for (uint i = 0; i < left; i++) p[i] = lanes[i];",
      "for (uint i = 0; i + 1 < left; i++) p[i] = lanes[i];"),
    KernelFault(
      "vector.h", "tail written past the end", "for (uint i = 0; i < left; i++) p[i] = lanes[i];",
      "for (uint i = 0; i <= left; i++) p[i] = lanes[i];"),
    KernelFault(
      "vector.h", "half of the lanes not summed", "const float8 a = v.lo + v.hi;",
      "const float8 a = v.lo;"),
  ]

  private static let posterior = [
    KernelFault(
      "posterior.cl", "σ = e^γ", "exp(0.5f * spread) : spread, noise[c], z)",
      "exp(spread) : spread, noise[c], z)"),
    KernelFault(
      "posterior.cl", "noise subtracted", "z = fma(posterior == LOG_VARIANCE",
      "z = fma(-1.0f, (vec)(0.0f), z) - z + fma(posterior != LOG_VARIANCE"),
    KernelFault(
      "posterior.cl", "KL's half missing", "partial += keep(0.5f * fma(m, m, excess), left);",
      "partial += keep(fma(m, m, excess), left);"),
    KernelFault("posterior.cl", "KL's sign of γ", "? expm1(s) - s", "? expm1(s) + s"),
    KernelFault(
      "posterior.cl", "KL without the mean", "keep(0.5f * fma(m, m, excess), left)",
      "keep(0.5f * excess, left)"),
    KernelFault(
      "posterior.cl", "KL of the σ head without - 1",
      "-log(fma(s, s, (vec)(LOGARITHM_GUARD)))) - 1.0f;",
      "-log(fma(s, s, (vec)(LOGARITHM_GUARD))));"),
    KernelFault(
      "posterior.cl", "guard of the logarithm forgotten", "#define LOGARITHM_GUARD 1e-10f",
      "#define LOGARITHM_GUARD 0.0f"),
    KernelFault(
      "posterior.cl", "guard ten times as large", "#define LOGARITHM_GUARD 1e-10f",
      "#define LOGARITHM_GUARD 1e-9f"),
    KernelFault(
      "posterior.cl", "gradient of γ without the half", "d = 0.5f * fma(drawn", "d = fma(drawn"),
    KernelFault(
      "posterior.cl", "KL's gradient with respect to the mean forgotten",
      "place(fma(w, mean, dz), arena", "place(dz, arena"),
    KernelFault(
      "posterior.cl", "KL's gradient with respect to γ forgotten", "w * expm1(spread));",
      "(vec)(0.0f));"),
    KernelFault(
      "posterior.cl", "weight of KL ignored", "const vec w = (vec)(weight);",
      "const vec w = (vec)(1.0f);"),
    KernelFault(
      "posterior.cl", "spread read from the mean",
      "const vec spread = pick(arena + head + latent, block, c, count, latent);\n        z",
      "const vec spread = pick(arena + head, block, c, count, latent);\n        z"),
    KernelFault(
      "posterior.cl", "last code not written", "if (i < count) p[gap", "if (i + 1 < count) p[gap"),
  ]

  private static let losses = [
    KernelFault(
      "loss.cl", "the target's term dropped", "fma(-a, x, fmax(a, (vec)(0.0f)))",
      "fmax(a, (vec)(0.0f))"),
    KernelFault(
      "loss.cl", "unstable form", "const vec e = exp(-fabs(a));", "const vec e = exp(-a);"),
    KernelFault(
      "loss.cl", "gradient of the logits' probability alone", "*gradient = y - x;", "*gradient = y;"
    ),
    KernelFault("loss.cl", "gradient's sign", "*gradient = y - x;", "*gradient = x - y;"),
    KernelFault("loss.cl", "log1p off by 1e-4", "+ log1p(e);", "+ 1.0001f * log1p(e);"),
    KernelFault(
      "loss.cl", "squared error's 2 forgotten", "2.0f * difference * (e", "difference * (e"),
    KernelFault(
      "loss.cl", "scale of the gradient ignored", "store(scale * gradient, g + j, left);",
      "store(gradient, g + j, left);"),
    KernelFault(
      "loss.cl", "sum over the lanes beyond the row",
      "partial += keep(pixel_loss(likelihood, load(a + j, left), load(x + j, left), &gradient), left);\n    store",
      "partial += pixel_loss(likelihood, load(a + j, left), load(x + j, left), &gradient);\n    store"
    ),
    KernelFault(
      "reduction.cl", "first vector of a row skipped",
      "for (uint j = get_local_id(0) * WIDTH; j < columns",
      "for (uint j = (get_local_id(0) + 1) * WIDTH; j < columns"),
    KernelFault(
      "reduction.cl", "sum added to what was there", "arena[output + row] = total;",
      "arena[output + row] += total;"),
  ]

  private static let optimizers = [
    KernelFault(
      "optimizer.cl", "β₁ off by 1e-4", "fma((vec)(beta1), load(m, left)",
      "fma((vec)(1.0001f * beta1), load(m, left)"),
    KernelFault(
      "optimizer.cl", "second moment of the gradient, not its square",
      "(1.0f - beta2) * gradient * gradient", "(1.0f - beta2) * gradient"),
    KernelFault(
      "optimizer.cl", "bias correction of the second moment forgotten",
      "fma((vec)(correction), sqrt(square), (vec)(epsilon))", "sqrt(square) + epsilon"),
    KernelFault(
      "optimizer.cl", "ε inside the root", "fma((vec)(correction), sqrt(square), (vec)(epsilon))",
      "correction * sqrt(square + epsilon)"),
    KernelFault(
      "optimizer.cl", "gradient ascent", "load(p, left) - step * mean / scale",
      "load(p, left) + step * mean / scale"),
    KernelFault("optimizer.cl", "second moment not stored", "store(square, v, left);", ""),
    KernelFault(
      "optimizer.cl", "momentum forgotten",
      "fma((vec)(momentum), load(v, left), load(arena + gradients + i, left))",
      "load(arena + gradients + i, left)"),
    KernelFault("optimizer.cl", "velocity not stored", "store(moved, v, left);", ""),
  ]

  private static let data = [
    KernelFault("philox.h", "nine rounds", "round < 10; round++", "round < 9; round++"),
    KernelFault(
      "philox.h", "a wrong multiplier", "mul_hi((uvec)(0xD2511F53u), c0)",
      "mul_hi((uvec)(0xD2511F51u), c0)"),
    KernelFault("philox.h", "a wrong Weyl constant", "0xBB67AE85u", "0xBB67AE87u"),
    KernelFault(
      "philox.h", "step's high half ignored", "c2 = (uvec)(counter.z)", "c2 = (uvec)(0u)"),
    KernelFault("philox.h", "stream ignored", "c3 = (uvec)(counter.w)", "c3 = (uvec)(0u)"),
    KernelFault(
      "philox.h", "block off by one", "counter.x + block + LANES", "counter.x + block + 1 + LANES"),
    KernelFault(
      "philox.h", "sine and cosine swapped",
      "*cosine = radius * cospi(half_turns);\n  *sine = radius * sinpi(half_turns);",
      "*cosine = radius * sinpi(half_turns);\n  *sine = radius * cospi(half_turns);"),
    KernelFault(
      "philox.h", "u₁ may be zero", "CONVERT((first >> 8u) + 1u)", "CONVERT(first >> 8u)"),
    KernelFault("philox.h", "half of ln", "sqrt(-2.0f * log", "sqrt(-1.0f * log"),
    KernelFault("gather.cl", "pixels over 256", "(vec)(0x1.01p-8f)", "(vec)(0x1p-8f)"),
    KernelFault(
      "gather.cl", "start of the batch ignored", "order ? order[start + row] : start + row",
      "order ? order[row] : row"),
    KernelFault(
      "gather.cl", "order ignored", "order ? order[start + row] : start + row", "start + row"),
    KernelFault(
      "gather.cl", "columns rounded down", "(columns + WIDTH - 1) / WIDTH",
      "max(1u, columns / WIDTH)"),
    KernelFault(
      "random.cl", "halves of words swapped", "CONVERT(words[c] & 0xFFFFu)",
      "CONVERT(words[c] >> 16u)"),
    KernelFault(
      "philox.h", "product of the turn in another order", "CONVERT(second >> 8u) * 0x1p-23f",
      "2.0f * uniform_of(second)", equivalent: "multiplying by a power of two is exact"),
    KernelFault(
      "reduction.h", "a barrier in a group of one", "barrier(CLK_LOCAL_MEM_FENCE);\n  for", "for",
      equivalent: "on a CPU a work-group is one work-item, which waits for nobody"),
    KernelFault(
      "loss.cl", "threshold at 0 included", "const vec y = a < 0.0f ? e * inverse : inverse;",
      "const vec y = a <= 0.0f ? e * inverse : inverse;", equivalent: "at a = 0 both are ½"),
  ]
}
