// A matrix product whose left matrix lies anywhere: its element (m, k) is left[rows[m] + terms[k]], which
// describes a convolution's windows without laying them out.

#include <string.h>

#include "CVectorMath.h"
#include "vectorize.h"

typedef float vm_lanes __attribute__((vector_size(64), aligned(4)));

enum { vm_lane_count = 16, vm_band = 2 * vm_lane_count };

// Terms at a time: 32 KiB of a band.
enum { vm_term_block = 256 };

#define VM_UNROLL _Pragma("clang loop unroll(full)")

// What a tile is to do: the terms first ..< end of a band, for up to `columns` columns of the result.
typedef struct {
  const vm_indexed_product *product;
  ptrdiff_t first, end;
  const float *right;
  ptrdiff_t right_stride;
  // What the sums begin with, null where they go on.
  const float *start;
  float *result;
  ptrdiff_t columns;
} vm_block;

// A tile of rows × vectors sums in registers. Rows past the last are the last once more.
VM_INLINE void vm_multiply_tile(
    const vm_block *block, ptrdiff_t row, const int rows, const int vectors) {
  const vm_indexed_product *product = block->product;
  const ptrdiff_t width = vectors * vm_lane_count;
  const bool whole = block->columns >= width;
  const float *left[8];
  float *result[8];
  VM_UNROLL for (int m = 0; m < rows; m++) {
    const ptrdiff_t at = row + m < product->row_count ? row + m : product->row_count - 1;
    left[m] = product->left + product->rows[at];
    result[m] = block->result + product->results[at];
  }
  // Where the matrix ends within the tile.
  float part[8 * vm_band];
  const size_t bytes = (size_t)block->columns * sizeof(float);
  if (!whole) {
    memset(part, 0, sizeof part);
    for (int m = 0; m < rows; m++) {
      memcpy(part + m * width, block->start ? block->start : result[m], bytes);
    }
  }
  vm_lanes sums[8][2];
  VM_UNROLL for (int m = 0; m < rows; m++) {
    const float *from = !whole ? part + m * width : block->start ? block->start : result[m];
    VM_UNROLL for (int v = 0; v < vectors; v++) sums[m][v] = ((const vm_lanes *)from)[v];
  }
  const ptrdiff_t *const end = product->terms + block->end;
  const float *right = block->right;
  for (const ptrdiff_t *term = product->terms + block->first; term < end; term++) {
    VM_UNROLL for (int m = 0; m < rows; m++) {
      const float factor = left[m][*term];
      VM_UNROLL for (int v = 0; v < vectors; v++) {
        sums[m][v] += factor * ((const vm_lanes *)right)[v];
      }
    }
    right += block->right_stride;
  }
  VM_UNROLL for (int m = 0; m < rows; m++) {
    float *to = whole ? result[m] : part + m * width;
    VM_UNROLL for (int v = 0; v < vectors; v++) ((vm_lanes *)to)[v] = sums[m][v];
  }
  if (!whole) {
    for (int m = 0; m < rows; m++) memcpy(result[m], part + m * width, bytes);
  }
}

// The rows of a block in tiles that `tile` computes.
#define VM_DEFINE_ROWS(name, attributes, tile_rows, tile_vectors)                     \
  attributes static void name(const vm_block *block) {                               \
    for (ptrdiff_t row = 0; row < block->product->row_count; row += tile_rows) {     \
      vm_multiply_tile(block, row, tile_rows, tile_vectors);                         \
    }                                                                                \
  }

// Tiles as large as their sums, a row of the band and a factor fit into the registers: 32 of 16 floats, 16
// of 8, 16 of 4, or 32 of 4. Beyond 8 × 32 the compiler loads more factors ahead than there is room for.
#if defined(__x86_64__)
#define VM_AVX512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
VM_DEFINE_ROWS(vm_rows_avx512_wide, VM_AVX512, 8, 2)
VM_DEFINE_ROWS(vm_rows_avx512, VM_AVX512, 8, 1)
VM_DEFINE_ROWS(vm_rows_avx2, __attribute__((target("arch=x86-64-v3"))), 6, 1)
VM_DEFINE_ROWS(vm_rows_baseline, , 2, 1)
#else
VM_DEFINE_ROWS(vm_rows_baseline, , 4, 1)
#endif

static void vm_multiply_block(vm_block block, ptrdiff_t width) {
  void (*multiply)(const vm_block *) = vm_rows_baseline;
  ptrdiff_t step = vm_lane_count;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) {
    multiply = width == vm_band ? vm_rows_avx512_wide : vm_rows_avx512;
    step = width;
  } else if (__builtin_cpu_supports("x86-64-v3")) {
    multiply = vm_rows_avx2;
  }
#endif
  for (ptrdiff_t column = 0; column < width; column += step) {
    multiply(&block);
    block.right += step;
    block.start += block.start ? step : 0;
    block.result += step;
    block.columns -= step;
  }
}

VM_INLINE ptrdiff_t vm_band_width(ptrdiff_t columns) {
  return columns > vm_lane_count ? vm_band : vm_lane_count;
}

void vm_multiply_indexed(
    const vm_indexed_product *product, const float *start, bool accumulate) {
  static const float zeros[vm_band];
  for (ptrdiff_t column = 0; column < product->columns; column += vm_band) {
    const ptrdiff_t columns = product->columns - column, width = vm_band_width(columns);
    const float *begin = start ? start + column : zeros;
    const float *band = product->right + column * product->term_count;
    ptrdiff_t first = 0;
    do {
      const ptrdiff_t rest = product->term_count - first;
      const ptrdiff_t end = first + (rest < vm_term_block ? rest : vm_term_block);
      vm_multiply_block(
          (vm_block){
              product, first, end, band + first * width, width, accumulate || first > 0 ? NULL : begin,
              product->result + column, columns},
          width);
      first = end;
    } while (first < product->term_count);
  }
}

VM_CLONES void vm_lay_bands(
    const float *matrix, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t row_stride,
    ptrdiff_t column_stride, ptrdiff_t first_row, ptrdiff_t row_count, float *bands) {
  for (ptrdiff_t column = 0; column < columns; column += vm_band) {
    const ptrdiff_t rest = columns - column, width = vm_band_width(rest);
    const ptrdiff_t count = rest < width ? rest : width;
    for (ptrdiff_t row = 0; row < rows; row++) {
      const float *from = matrix + row * row_stride + column * column_stride;
      float *to = bands + column * row_count + (first_row + row) * width;
      if (column_stride == 1 && count == vm_band) {
        // A call would cost more than the two vectors.
        memcpy(to, from, vm_band * sizeof(float));
      } else if (column_stride == 1) {
        memcpy(to, from, (size_t)count * sizeof(float));
      } else {
        VM_LOOP for (ptrdiff_t i = 0; i < count; i++) to[i] = from[i * column_stride];
      }
      for (ptrdiff_t i = count; i < width; i++) to[i] = 0.0f;
    }
  }
}
