extension KernelFaults {
  static let objectives = [
    Fault(
      "loss.cl", "half of a Gaussian's precision missing", "*weight = 0.5f * exp(-v[0]);",
      "*weight = exp(-v[0]);"),
    Fault(
      "loss.cl", "a Gaussian's constant left out", "fma(weight, total, offset);\n}\n\n// The",
      "weight * total;\n}\n\n// The"),
    Fault("loss.cl", "a Gaussian's gradient without its variance", "scale *= weight;", ""),
    Fault(
      "gaussian.h", "the variance's bound at another place", "#define LEAST_LOG_VARIANCE -12.0f",
      "#define LEAST_LOG_VARIANCE -11.99f"),
    Fault("gaussian.h", "the variance's bound hard", "+ log1p_unit(exp(-fabs(s - least)))", ""),
    Fault(
      "gaussian.h", "slope of the bound forgotten",
      "return 1.0f / (1.0f + exp(LEAST_LOG_VARIANCE - s));", "return (vec)(1.0f);"),
    Fault(
      "gaussian.cl", "the residual's sign", "0.5f * (1.0f - excess)", "0.5f * (1.0f + excess)"),
    Fault(
      "gaussian.cl", "gradients in each other's places",
      "store(scale * d_logit, d_a + j, left);\n    store(scale * d_parameter, d_s + j, left);",
      "store(scale * d_logit, d_s + j, left);\n    store(scale * d_parameter, d_a + j, left);"),
    Fault(
      "gaussian.cl", "variance learned from the first losses alone",
      "j < count; j += GROUP * WIDTH", "j < min(count, 16u); j += GROUP * WIDTH"),
    Fault(
      "freebits.cl", "sum in place of the average", "store(partial / (float)rows,",
      "store(partial,"),
    Fault(
      "freebits.cl", "dimensions at the minimum too", "store(kl > minimum ? moved : m",
      "store(kl >= minimum ? moved : m"),
    Fault(
      "freebits.cl", "gradient overwritten", "fma(w, load(mean, left), m)",
      "w * load(mean, left)"),
    Fault("binarize.cl", "white by 256 levels", "255u * (drawn", "256u * (drawn"),
    Fault(
      "binarize.cl", "draws by the batch's row", "order ? order[start + row] : (uint)(start + row)",
      "(uint)(start + row)"),
    Fault(
      "binarize.cl", "examples of a pixel more share a block", "(columns + 3) / 4",
      "columns / 4 + 1"),
  ]
}
