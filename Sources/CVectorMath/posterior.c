// The approximate posterior: z = μ + σ·ε, back through it, and its divergence from N(0, I).
//
// The noise is drawn again from its counter wherever it is needed, into a small buffer.

#include "normals.h"
#include "posterior.h"

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

VM_CLONES void vm_reparameterize(
    int32_t posterior, const float *head, const vm_noise *noise, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t latent, float *code) {
  if (!noise) {
    for (ptrdiff_t row = first_row; row < first_row + rows; row++) {
      memcpy(code + row * latent, head + 2 * row * latent, (size_t)latent * sizeof *code);
    }
    return;
  }
  vm_walk walk;
  vm_begin_walk(&walk, first_row, rows, latent);
  for (const float *e; (e = vm_next_part(&walk, noise));) {
    const float *mean = head + walk.in_head, *spread = mean + latent;
    float *z = code + walk.element;
    if (posterior == vm_log_variance) {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        z[i] = mean[i] + vm_exp(0.5f * spread[i]) * e[i];
      }
    } else {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) z[i] = mean[i] + spread[i] * e[i];
    }
  }
}

VM_CLONES void vm_reparameterize_gradient(
    int32_t posterior, const float *head, const float *code_gradient, const vm_noise *noise,
    float kl_weight, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t latent,
    float *head_gradient) {
  vm_walk walk;
  vm_begin_walk(&walk, first_row, rows, latent);
  for (const float *e; (e = vm_next_part(&walk, noise));) {
    const float *mean = head + walk.in_head, *spread = mean + latent;
    const float *dz = code_gradient + walk.element;
    float *mean_gradient = head_gradient + walk.in_head;
    float *spread_gradient = mean_gradient + latent;
    if (posterior == vm_log_variance) {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        const float deviation = vm_exp(0.5f * spread[i]);
        const float kl_slope = vm_log_variance_slope(spread[i]);
        mean_gradient[i] = dz[i] + kl_weight * mean[i];
        spread_gradient[i] = dz[i] * (0.5f * deviation) * e[i] + kl_weight * kl_slope;
      }
    } else {
      VM_LOOP for (ptrdiff_t i = 0; i < walk.length; i++) {
        const float sigma = spread[i];
        const float kl_slope = vm_sigma_slope(sigma);
        mean_gradient[i] = dz[i] + kl_weight * mean[i];
        spread_gradient[i] = dz[i] * e[i] + kl_weight * kl_slope;
      }
    }
  }
}

#define VM_SUM_DIVERGENCE(function)                                             \
  for (ptrdiff_t row = 0; row < rows; row++) {                                  \
    const float *mean = head + 2 * row * latent, *spread = mean + latent;       \
    float sum = 0.0f;                                                           \
    VM_LOOP for (ptrdiff_t i = 0; i < latent; i++) {                            \
      _Pragma("clang fp reassociate(on)") sum += function(mean[i], spread[i]);  \
    }                                                                           \
    divergence[row] = sum;                                                      \
  }

VM_CLONES void vm_kl_divergence(
    int32_t posterior, const float *head, ptrdiff_t rows, ptrdiff_t latent, float *divergence) {
  switch (posterior) {
    case vm_log_variance: VM_SUM_DIVERGENCE(vm_log_variance_divergence) break;
    case vm_sigma: VM_SUM_DIVERGENCE(vm_sigma_divergence) break;
  }
}
