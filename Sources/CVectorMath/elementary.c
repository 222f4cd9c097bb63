// The elementary functions on whole arrays.

#include "CVectorMath.h"
#include "elementary.h"
#include "turn.h"

VM_CLONES void vm_exp_array(const float *x, float *y, ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) y[i] = vm_exp(x[i]);
}

VM_CLONES void vm_expm1_array(const float *x, float *y, ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) y[i] = vm_expm1(x[i]);
}

VM_CLONES void vm_log_array(const float *x, float *y, ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) y[i] = vm_log(x[i]);
}

VM_CLONES void vm_log1p_array(const float *x, float *y, ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) y[i] = vm_log1p_unit(x[i]);
}

VM_CLONES void vm_sincos_turn_array(
    const float *x, float *sine, float *cosine, ptrdiff_t count) {
  VM_LOOP for (ptrdiff_t i = 0; i < count; i++) {
    const vm_direction direction = vm_sincos_turn(x[i]);
    sine[i] = direction.sine;
    cosine[i] = direction.cosine;
  }
}
