// How a plain loop becomes vector code.

#pragma once

// Compiles a function once for each level of x86-64 (AVX-512, AVX2 with FMA, SSE2); the loader picks.
#if defined(__x86_64__)
#define VM_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VM_CLONES
#endif

// Mathematics that must become part of the loop that calls it.
#define VM_INLINE static inline __attribute__((always_inline))

// In front of a loop whose iterations touch no element of one another. An output may be an input, which
// the compiler could not tell from a harmful overlap.
#define VM_LOOP _Pragma("clang loop vectorize(assume_safety)")

// Elements summed in single precision before they join a sum in double: enough for the vector lanes
// to pay, few enough that rounding stays below a few ulp.
#define VM_SUM_BLOCK 1024
