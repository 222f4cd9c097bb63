// The random numbers of Swift's `Noise`, a chunk at a time.
//
// Philox4x32-10 (Salmon et al., SC'11) on one block a vector lane, then Box and Muller's transform.

#pragma once

#include "CVectorMath.h"
#include "elementary.h"
#include "turn.h"

// Blocks of four words drawn at once: a few vectors of the widest kind, and 1 KiB of stack.
#define VM_CHUNK_BLOCKS 64
#define VM_CHUNK (4 * VM_CHUNK_BLOCKS)

// Word k of block i is words[k][i].
typedef uint32_t vm_chunk_words[4][VM_CHUNK_BLOCKS];

// The blocks `block` and following of the sequence, counted from its first.
VM_INLINE void vm_draw_words(const vm_noise *noise, uint32_t block, vm_chunk_words words) {
  const uint32_t first = noise->first_block + block;
  VM_LOOP for (uint32_t i = 0; i < VM_CHUNK_BLOCKS; i++) {
    uint32_t x = first + i, y = noise->step[0], z = noise->step[1], w = noise->stream;
    uint32_t key0 = noise->key[0], key1 = noise->key[1];
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
      const uint64_t a = (uint64_t)0xD2511F53u * x;
      const uint64_t b = (uint64_t)0xCD9E8D57u * z;
      x = (uint32_t)(b >> 32) ^ y ^ key0;
      y = (uint32_t)b;
      z = (uint32_t)(a >> 32) ^ w ^ key1;
      w = (uint32_t)a;
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    words[0][i] = x;
    words[1][i] = y;
    words[2][i] = z;
    words[3][i] = w;
  }
}

// √(−2 ln u₁)·(cos 2πu₂, sin 2πu₂), with u₁ in (0, 1] and u₂ in [0, 1) of 24 bits, exact in single precision.
VM_INLINE vm_direction vm_box_muller(uint32_t first, uint32_t second) {
  const float u1 = (float)(int32_t)((first >> 8) + 1) * 0x1p-24f;
  const float u2 = (float)(int32_t)(second >> 8) * 0x1p-24f;
  const vm_log_reduction reduced = vm_reduce_log(u1);
  const float radius = __builtin_elementwise_sqrt(-2.0f * vm_log_sum(reduced.f, reduced.n));
  const vm_direction direction = vm_sincos_turn(u2);
  return (vm_direction){radius * direction.sine, radius * direction.cosine};
}

// The standard normals 4·block ..< 4·block + VM_CHUNK of the sequence.
VM_INLINE void vm_draw_normals(const vm_noise *noise, uint32_t block, float normals[VM_CHUNK]) {
  vm_chunk_words words;
  vm_draw_words(noise, block, words);
  VM_LOOP for (ptrdiff_t i = 0; i < VM_CHUNK_BLOCKS; i++) {
    const vm_direction one = vm_box_muller(words[0][i], words[1][i]);
    const vm_direction two = vm_box_muller(words[2][i], words[3][i]);
    normals[4 * i] = one.cosine;
    normals[4 * i + 1] = one.sine;
    normals[4 * i + 2] = two.cosine;
    normals[4 * i + 3] = two.sine;
  }
}

// 24 bits of each word, on [0, 1).
VM_INLINE void vm_draw_uniforms(const vm_noise *noise, uint32_t block, float uniforms[VM_CHUNK]) {
  vm_chunk_words words;
  vm_draw_words(noise, block, words);
  for (ptrdiff_t k = 0; k < 4; k++) {
    VM_LOOP for (ptrdiff_t i = 0; i < VM_CHUNK_BLOCKS; i++) {
      uniforms[4 * i + k] = (float)(int32_t)(words[k][i] >> 8) * 0x1p-24f;
    }
  }
}
