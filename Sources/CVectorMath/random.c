// A tensor filled with random numbers.

#include "normals.h"

// Each word's halves, low and high: half a chunk's words.
VM_INLINE void vm_draw_halves(const vm_noise *noise, uint32_t block, float halves[VM_CHUNK]) {
  vm_chunk_words words;
  vm_draw_words(noise, block, words);
  for (ptrdiff_t k = 0; k < 4; k++) {
    VM_LOOP for (ptrdiff_t i = 0; i < VM_CHUNK_BLOCKS / 2; i++) {
      halves[8 * i + 2 * k] = (float)(int32_t)(words[k][i] & 0xFFFF);
      halves[8 * i + 2 * k + 1] = (float)(int32_t)(words[k][i] >> 16);
    }
  }
}

VM_CLONES void vm_fill_random(
    int32_t distribution, vm_noise noise, ptrdiff_t first, float *output, ptrdiff_t count) {
  float chunk[VM_CHUNK];
  for (ptrdiff_t begin = 0; begin < count; begin += VM_CHUNK) {
    const ptrdiff_t element = first + begin;
    switch (distribution) {
      case vm_normal: vm_draw_normals(&noise, (uint32_t)(element / 4), chunk); break;
      case vm_uniform: vm_draw_uniforms(&noise, (uint32_t)(element / 4), chunk); break;
      case vm_words: vm_draw_halves(&noise, (uint32_t)(element / 8), chunk); break;
    }
    const ptrdiff_t used = count - begin < VM_CHUNK ? count - begin : VM_CHUNK;
    memcpy(output + begin, chunk, (size_t)used * sizeof *chunk);
  }
}
