// Y = f(X), elementwise over `count` numbers; Y may be X.

#include "vector.h"
#include "activation.h"

kernel void activate_all(
    global float *arena, ulong input, ulong output, uint count, int activation) {
  const size_t i = get_global_id(0) * WIDTH;
  if (i < count) {
    const size_t left = count - i;
    store(activate(activation, load(arena + input + i, left)), arena + output + i, left);
  }
}
