#pragma once
#include <stddef.h>
// The routines of LAPACK that are used, by their Fortran symbols: OpenBLAS has them, shared and static,
// while LAPACKE's headers are a package of their own. Matrices are column-major, and each character
// argument's length follows at the end.
//
// dsyevd_ is not among them: it calls dormtr_, which needs Fortran's run-time library where OpenBLAS is
// linked statically. dorgtr_ and dstedc_ do the same without.

/// A = L·Lᵀ or Uᵀ·U.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uplo_length);

/// A = Q·T·Qᵀ with T tridiagonal.
void dsytrd_(const char *uplo, const int *n, double *a, const int *lda, double *d, double *e, double *tau,
             double *work, const int *lwork, int *info, size_t uplo_length);

/// Q of dsytrd_.
void dorgtr_(const char *uplo, const int *n, double *a, const int *lda, const double *tau, double *work,
             const int *lwork, int *info, size_t uplo_length);

/// Eigenvalues and, with compz V, eigenvectors of Q·T·Qᵀ, by divide and conquer.
void dstedc_(const char *compz, const int *n, double *d, double *e, double *z, const int *ldz, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info, size_t compz_length);
