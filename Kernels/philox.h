// Philox4x32-10 (Salmon et al. 2011) and the transform of Box and Muller, for WIDTH blocks at once:
// the words are those of Backend.Philox bit for bit, the normals those of Backend.BoxMuller up to
// the rounding of log, sqrt, cospi and sinpi.
//
// `counter` is that of the sequence's first block; lane l computes block number block + l.
// Element 4b + c of the sequence is component c of block b.

#ifndef VAE_PHILOX_H
#define VAE_PHILOX_H

static inline void philox(uint block, uint4 counter, uint2 key, uvec words[4]) {
  uvec c0 = counter.x + block + LANES, c1 = (uvec)(counter.y), c2 = (uvec)(counter.z),
       c3 = (uvec)(counter.w);
  for (int round = 0; round < 10; round++) {
    const uvec high0 = mul_hi((uvec)(0xD2511F53u), c0), low0 = 0xD2511F53u * c0;
    const uvec high1 = mul_hi((uvec)(0xCD9E8D57u), c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ key.x;
    c1 = low1;
    c2 = high0 ^ c3 ^ key.y;
    c3 = low0;
    key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

// A word's upper 24 bits over 2^24: exact, in [0, 1).
static inline vec uniform_of(uvec word) { return CONVERT(word >> 8u) * 0x1p-24f; }

// sqrt(-2 ln u1) (cos 2 pi u2, sin 2 pi u2); cospi and sinpi reduce their argument exactly.
static inline void box_muller(uvec first, uvec second, vec *cosine, vec *sine) {
  const vec radius = sqrt(-2.0f * log(CONVERT((first >> 8u) + 1u) * 0x1p-24f));
  const vec half_turns = CONVERT(second >> 8u) * 0x1p-23f;
  *cosine = radius * cospi(half_turns);
  *sine = radius * sinpi(half_turns);
}

static inline void normals(uint block, uint4 counter, uint2 key, vec draws[4]) {
  uvec words[4];
  philox(block, counter, key, words);
  box_muller(words[0], words[1], &draws[0], &draws[1]);
  box_muller(words[2], words[3], &draws[2], &draws[3]);
}

#endif
