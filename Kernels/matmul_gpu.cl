// The three products of a dense layer on a GPU:
//
// dense:                    Y (M×N) = f(X (M×K) W (K×N) + b)
// dense_input_gradient:     G (M×K) = D (M×N) W^T (N×K), times f'(s) elementwise
// dense_parameter_gradient: dW (K×N) = X^T (K×M) D (M×N), db = column sums of D
// dense_update:             the last for several layers, with Adam's step
//
// A work-group computes a TILE×TILE tile of the output, SIDE×SIDE elements a work-item, DEPTH terms of the
// sums at a time. There are three sizes of tile, each with its own kernels. The larger a tile, the less is
// read for it; the smaller, the more work-groups share an output, and the more of the sums' terms a
// work-group has on their way to it at once.
//
// The sizes are those that published kernels for NVIDIA's and AMD's GPUs came to; none of this has been
// measured on a GPU yet.

#include "vector.h"
#include "activation.h"
#include "update.h"
#include "matmul_gpu_matrix.h"

#define TILE 128
#define SIDE 8
#define DEPTH 8
#include "matmul_gpu_tile.h"
#include "matmul_gpu_dense.h"
#include "matmul_gpu_update.h"
#undef TILE
#undef SIDE
#undef DEPTH

#define TILE 64
#define SIDE 4
#define DEPTH 16
#include "matmul_gpu_tile.h"
#include "matmul_gpu_dense.h"
#include "matmul_gpu_update.h"
#undef TILE
#undef SIDE
#undef DEPTH

#define TILE 32
#define SIDE 4
#define DEPTH 32
#include "matmul_gpu_tile.h"
#include "matmul_gpu_dense.h"
#include "matmul_gpu_update.h"
