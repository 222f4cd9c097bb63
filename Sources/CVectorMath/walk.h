// A batch of posteriors and the noise of its codes, walked over together.

#pragma once

#include "normals.h"

// Walks over rows × latent elements of a batch, a part of a row at a time, and draws noise as it goes.
// Noise comes in whole blocks of four, rows of the code in any length, so the parts are what a row and
// a chunk of noise have in common.
typedef struct {
  ptrdiff_t latent;
  // Indices into the code: of the part, of the chunk of noise and past it, past the rows.
  ptrdiff_t element, chunk, chunk_end, end;
  // The part's length, and its place in the head.
  ptrdiff_t length, in_head;
  float epsilon[VM_CHUNK];
} vm_walk;

VM_INLINE void vm_begin_walk(
    vm_walk *walk, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t latent) {
  const ptrdiff_t begin = first_row * latent;
  walk->latent = latent;
  walk->element = walk->chunk_end = begin;
  walk->end = begin + rows * latent;
  walk->length = 0;
  memset(walk->epsilon, 0, sizeof walk->epsilon);
}

// Steps to the next part and returns its noise, 0 throughout where there is none to draw; null at the end.
VM_INLINE const float *vm_next_part(vm_walk *walk, const vm_noise *noise) {
  walk->element += walk->length;
  if (walk->element == walk->end) return NULL;
  if (walk->element == walk->chunk_end) {
    walk->chunk = walk->element / 4 * 4;
    walk->chunk_end = walk->chunk + VM_CHUNK < walk->end ? walk->chunk + VM_CHUNK : walk->end;
    if (noise) vm_draw_normals(noise, (uint32_t)(walk->chunk / 4), walk->epsilon);
  }
  const ptrdiff_t row = walk->element / walk->latent, column = walk->element % walk->latent;
  const ptrdiff_t row_rest = walk->latent - column, chunk_rest = walk->chunk_end - walk->element;
  walk->length = row_rest < chunk_rest ? row_rest : chunk_rest;
  walk->in_head = 2 * row * walk->latent + column;
  return walk->epsilon + (walk->element - walk->chunk);
}
