// The three products of a dense layer on a GPU:
//
// dense_forward:            Y (M×N) = f(X (M×K) W (K×N) + b)
// dense_input_gradient:     G (M×K) = D (M×N) W^T (N×K), times f'(s) elementwise
// dense_parameter_gradient: dW (K×N) = X^T (K×M) D (M×N), db = column sums of D
// dense_update:             the last for several layers, with Adam's step
//
// A work-group computes a TILE×TILE tile of the output, SIDE×SIDE elements a work-item, DEPTH terms of the
// sums at a time. There are three sizes of tile, each with kernels of its own. Of a large output the
// largest tile reads least; a small output makes more work-groups of smaller tiles, which have more terms
// on their way to them at once, since few work-groups on a multiprocessor cannot hide memory's latency.
//
// The largest tile is CUTLASS's for fp32 without tensor cores (128×128×8 in two stages, 32×64 a warp). The
// others, and the rule in GPUTiling.swift that picks one, rest on arithmetic: none has been measured on a
// GPU yet.

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
