#pragma once
// Debian keeps OpenBLAS's own header, which declares openblas_set_num_threads, beside the generic
// one, and which of them <cblas.h> names is an administrator's choice.
#if __has_include(<openblas-pthread/cblas.h>)
#include <openblas-pthread/cblas.h>
#elif __has_include(<openblas/cblas.h>)
#include <openblas/cblas.h>
#else
#include <cblas.h>
#endif
#include "lapack.h"
