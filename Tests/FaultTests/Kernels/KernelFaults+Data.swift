extension KernelFaults {
  static let data = [
    Fault("philox.h", "nine rounds", "round < 10; round++", "round < 9; round++"),
    Fault(
      "philox.h", "a wrong multiplier", "mul_hi((uvec)(0xD2511F53u), c0)",
      "mul_hi((uvec)(0xD2511F51u), c0)"),
    Fault("philox.h", "a wrong Weyl constant", "0xBB67AE85u", "0xBB67AE87u"),
    Fault(
      "philox.h", "step's high half ignored", "c2 = (uvec)(counter.z)", "c2 = (uvec)(0u)"),
    Fault("philox.h", "stream ignored", "c3 = (uvec)(counter.w)", "c3 = (uvec)(0u)"),
    Fault(
      "philox.h", "block off by one", "counter.x + block + LANES", "counter.x + block + 1 + LANES"),
    Fault(
      "philox.h", "sine and cosine swapped",
      "*cosine = radius * cospi(half_turns);\n  *sine = radius * sinpi(half_turns);",
      "*cosine = radius * sinpi(half_turns);\n  *sine = radius * cospi(half_turns);"),
    Fault(
      "philox.h", "u₁ may be zero", "CONVERT((first >> 8u) + 1u)", "CONVERT(first >> 8u)"),
    Fault("philox.h", "half of ln", "sqrt(-2.0f * log", "sqrt(-1.0f * log"),
    Fault("gather.cl", "pixels over 256", "(vec)(0x1.01p-8f)", "(vec)(0x1p-8f)"),
    Fault(
      "gather.cl", "start of the batch ignored", "order ? order[start + row] : start + row",
      "order ? order[row] : row"),
    Fault(
      "gather.cl", "order ignored", "order ? order[start + row] : start + row", "start + row"),
    Fault(
      "gather.cl", "columns rounded down", "(columns + WIDTH - 1) / WIDTH",
      "max(1u, columns / WIDTH)"),
    Fault(
      "corrupt.cl", "example's number ignored", "order ? order[start + row] : (uint)(start + row);",
      "(uint)row;"),
    Fault("corrupt.cl", "white not clipped", "    y = y > one ? one : y;\n", ""),
    Fault("corrupt.cl", "black not clipped", "    y = y < zero ? zero : y;\n", ""),
    Fault(
      "corrupt.cl", "salt without pepper", "draws[c] < (vec)(black)", "draws[c] < (vec)(0.0f)"),
    Fault(
      "copy.cl", "rows of the result a column too short", "row * output_pitch",
      "row * (output_pitch - 1)"),
    Fault(
      "copy.cl", "last columns left out", "(count + WIDTH - 1) / WIDTH", "count / WIDTH"),
    Fault("copy.cl", "last column left out", "left = count - column", "left = count - column - 1"),
    Fault(
      "random.cl", "halves of words swapped", "CONVERT(words[c] & 0xFFFFu)",
      "CONVERT(words[c] >> 16u)"),
    Fault(
      "philox.h", "product of the turn in another order", "CONVERT(second >> 8u) * 0x1p-23f",
      "2.0f * uniform_of(second)", equivalent: "multiplying by a power of two is exact"),
    Fault(
      "reduction.h", "a barrier in a group of one", "barrier(CLK_LOCAL_MEM_FENCE);\n  for", "for",
      equivalent: "on a CPU a work-group is one work-item, which waits for nobody"),
    Fault(
      "loss.cl", "threshold at 0 included", "const vec y = a < 0.0f ? e * inverse : inverse;",
      "const vec y = a <= 0.0f ? e * inverse : inverse;", equivalent: "at a = 0 both are ½"),
    Fault(
      "gather.cl", "order of the first 65,536 rows alone", "order[start + row]",
      "order[start + row] & 0xFFFF"),
  ]
}
