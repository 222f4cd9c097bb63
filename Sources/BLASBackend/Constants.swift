import Backend
import CVectorMath

// The constants of CVectorMath.h, found by name: neither memory nor time is spent on it per operation.

extension Activation {
  var constant: Int32 {
    switch self {
    case .identity: Int32(vm_identity)
    case .relu: Int32(vm_relu)
    case .tanh: Int32(vm_tanh)
    case .sigmoid: Int32(vm_sigmoid)
    case .softplus: Int32(vm_softplus)
    case .elu: Int32(vm_elu)
    case .silu: Int32(vm_silu)
    }
  }
}

extension Posterior {
  var constant: Int32 {
    switch self {
    case .logVariance: Int32(vm_log_variance)
    case .sigma: Int32(vm_sigma)
    }
  }
}

extension Likelihood {
  /// A Gaussian's sum over the pixels is the squared error's, or `vm_diagonal_gaussian`'s.
  var constant: Int32 {
    switch self {
    case .bernoulli: Int32(vm_bernoulli)
    case .squaredError, .gaussian, .gaussianLearned, .gaussianDiagonal: Int32(vm_squared_error)
    }
  }
}

extension Distribution {
  var constant: Int32 {
    switch self {
    case .normal: Int32(vm_normal)
    case .uniform: Int32(vm_uniform)
    case .words: Int32(vm_words)
    }
  }
}
