// The three products of a dense layer on a GPU, each as one multiplication of strided matrices:
//
// dense_forward:            Y (M×N) = f(X (M×K) W (K×N) + b)
// dense_input_gradient:     G (M×K) = D (M×N) W^T (N×K), times f'(s) elementwise
// dense_parameter_gradient: dW (K×N) = X^T (K×M) D (M×N), db = column sums of D
//
// A work-group computes a TILE×TILE tile of the output; dimension 0 runs over its columns,
// dimension 1 over its rows. There are two sizes of tile, each with its own kernels: 64 reads
// memory half as often, 32 makes four times as many groups of a small output.

#include "vector.h"
#include "activation.h"
#include "update.h"

// How much of the contraction is in local memory at a time.
#define DEPTH 16
// A work-item computes SIDE×SIDE neighbouring elements.
#define SIDE 4

#define TILE 64
#define KERNEL(name) name##_64
#include "matmul_gpu_tile.h"
#include "matmul_gpu_dense.h"
#include "matmul_gpu_update.h"
#undef TILE
#undef KERNEL
#undef THREADS
#undef PITCH
#undef FOR_EACH_SUM

#define TILE 32
#define KERNEL(name) name##_32
#include "matmul_gpu_tile.h"
#include "matmul_gpu_dense.h"
#include "matmul_gpu_update.h"
#undef TILE
#undef KERNEL
#undef THREADS
#undef PITCH
#undef FOR_EACH_SUM
