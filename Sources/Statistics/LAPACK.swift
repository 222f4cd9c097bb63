import COpenBLAS

enum LAPACK {
  /// One thread a call, once for the process, as the BLAS backend has it too: the same bits on any number
  /// of processors.
  static let useOneThread: Void = openblas_set_num_threads(1)
}
