extension KernelFaults {
  static let posterior = [
    Fault(
      "posterior.cl", "σ = e^γ", "exp(0.5f * spread) : spread, noise[c], z)",
      "exp(spread) : spread, noise[c], z)"),
    Fault(
      "posterior.cl", "noise subtracted", "z = fma(posterior == LOG_VARIANCE",
      "z = fma(-1.0f, (vec)(0.0f), z) - z + fma(posterior != LOG_VARIANCE"),
    Fault(
      "posterior.h", "KL's half missing", "return 0.5f * fma(m, m, excess);",
      "return fma(m, m, excess);"),
    Fault("posterior.h", "KL's sign of γ", "excess = expm1(s) - s", "excess = expm1(s) + s"),
    Fault(
      "posterior.h", "KL without the mean", "return 0.5f * fma(m, m, excess);",
      "return 0.5f * excess;"),
    Fault(
      "posterior.h", "KL of the σ head without - 1",
      "f = fma(s, s, (vec)(-1.0f)) + LOGARITHM_GUARD",
      "f = fma(s, s, (vec)(LOGARITHM_GUARD))"),
    Fault(
      "posterior.h", "guard of the logarithm forgotten", "#define LOGARITHM_GUARD 1e-10f",
      "#define LOGARITHM_GUARD 0.0f"),
    Fault(
      "posterior.h", "guard ten times as large", "#define LOGARITHM_GUARD 1e-10f",
      "#define LOGARITHM_GUARD 1e-9f"),
    Fault(
      "posterior.cl", "gradient of γ without the half", "d = 0.5f * fma(drawn", "d = fma(drawn"),
    Fault(
      "posterior.cl", "KL's gradient with respect to the mean forgotten",
      "place(fma(w, mean, dz), arena", "place(dz, arena"),
    Fault(
      "posterior.cl", "KL's gradient with respect to γ forgotten", "w * expm1(spread));",
      "(vec)(0.0f));"),
    Fault(
      "posterior.cl", "weight of KL ignored", "const vec w = (vec)(weight);",
      "const vec w = (vec)(1.0f);"),
    Fault(
      "posterior.cl", "spread read from the mean",
      "const vec spread = pick(arena + head + latent, block, c, count, latent);\n        z",
      "const vec spread = pick(arena + head, block, c, count, latent);\n        z"),
    Fault(
      "posterior.cl", "last code not written", "if (i < count) p[gap", "if (i + 1 < count) p[gap"),
  ]

  static let losses = [
    Fault(
      "loss.cl", "the target's term dropped", "fma(-a, x, fmax(a, (vec)(0.0f)))",
      "fmax(a, (vec)(0.0f))"),
    Fault(
      "loss.cl", "unstable form", "const vec e = exp(-fabs(a));", "const vec e = exp(-a);"),
    Fault(
      "loss.cl", "gradient of the logits' probability alone", "*gradient = y - x;", "*gradient = y;"
    ),
    Fault("loss.cl", "gradient's sign", "*gradient = y - x;", "*gradient = x - y;"),
    Fault("loss.cl", "log1p off by 1e-4", "+ log1p_unit(e);", "+ 1.0001f * log1p_unit(e);"),
    Fault(
      "loss.cl", "squared error's 2 forgotten", "2.0f * difference * (e", "difference * (e"),
    Fault(
      "loss.cl", "scale of the gradient ignored", "store(scale * gradient, g + j, left);",
      "store(gradient, g + j, left);"),
    Fault(
      "loss.cl", "sum over the lanes beyond the row",
      "partial += keep(pixel_loss(likelihood, load(a + j, left), load(x + j, left), &gradient), left);\n    store",
      "partial += pixel_loss(likelihood, load(a + j, left), load(x + j, left), &gradient);\n    store"
    ),
    Fault(
      "reduction.cl", "first vector of a row skipped",
      "for (uint j = get_local_id(0) * WIDTH; j < columns",
      "for (uint j = (get_local_id(0) + 1) * WIDTH; j < columns"),
    Fault(
      "reduction.cl", "sum added to what was there", "arena[output + row] = total;",
      "arena[output + row] += total;"),
    Fault(
      "posterior.h", "KL cancels near the prior", "expm1(s) - s", "exp(s) - 1.0f - s"),
    Fault(
      "loss.cl", "a confident pixel's loss loses its digits",
      "fmax(a, (vec)(0.0f))) + log1p_unit(e)", "fmax(a, (vec)(0.0f))) + log(1.0f + e)"),
  ]
}
