// Sine and cosine of an angle in turns, by the polynomials of Cephes.

#pragma once

#include "elementary.h"

typedef struct {
  float sine;
  float cosine;
} vm_direction;

// sin 2πx and cos 2πx for 0 ≤ x ≤ 1. The quarter turns come off without error, before x meets π.
VM_INLINE vm_direction vm_sincos_turn(float x) {
  const float shifted = 4.0f * x + VM_ROUNDING;
  const uint32_t quarter = vm_bits(shifted) & 3;
  const float a = (x - 0.25f * (shifted - VM_ROUNDING)) * 0x1.921fb6p+2f;
  const float z = a * a;

  float p = -1.9515295891e-4f;
  p = p * z + 8.3321608736e-3f;
  p = p * z - 1.6666654611e-1f;
  const float sine = p * z * a + a;

  float q = 2.443315711809948e-5f;
  q = q * z - 1.388731625493765e-3f;
  q = q * z + 4.166664568298827e-2f;
  const float cosine = q * (z * z) - 0.5f * z + 1.0f;

  const float s = quarter & 1 ? cosine : sine;
  const float c = quarter & 1 ? sine : cosine;
  return (vm_direction){quarter & 2 ? -s : s, (quarter + 1) & 2 ? -c : c};
}
