/// Faults of the OpenCL kernels, by the kernels' tuning.
enum KernelFaults {
  static let cpu =
    productsOnCPU + activations + posterior + importance + losses + optimizers + data + objectives
    + convolutionsOnCPU + convolutions
  static let gpu = productsOnGPU + convolutionsOnGPU
}
