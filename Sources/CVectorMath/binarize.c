// Grey pixels drawn to black or white, by integers alone.

#include "normals.h"

VM_CLONES void vm_binarize(
    float *images, const uint32_t *order, ptrdiff_t start, ptrdiff_t rows, ptrdiff_t columns,
    const vm_noise *noise) {
  const ptrdiff_t blocks = (columns + 3) / 4;
  for (ptrdiff_t row = 0; row < rows; row++) {
    const ptrdiff_t example = order ? (ptrdiff_t)order[row] : start + row;
    float *image = images + row * columns;
    for (ptrdiff_t begin = 0; begin < columns; begin += VM_CHUNK) {
      vm_chunk_words words;
      vm_draw_words(noise, (uint32_t)(example * blocks + begin / 4), words);
      uint32_t drawn[VM_CHUNK];
      for (ptrdiff_t k = 0; k < 4; k++) {
        VM_LOOP for (ptrdiff_t i = 0; i < VM_CHUNK_BLOCKS; i++) drawn[4 * i + k] = words[k][i];
      }
      const ptrdiff_t count = columns - begin < VM_CHUNK ? columns - begin : VM_CHUNK;
      VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
        // The level, exactly, however p/255 was rounded.
        const uint32_t level = (uint32_t)(int32_t)(image[begin + i] * 255.0f + 0.5f);
        image[begin + i] = 255 * (drawn[i] >> 8) < level << 24 ? 1.0f : 0.0f;
      }
    }
  }
}
