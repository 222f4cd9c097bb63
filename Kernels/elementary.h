// Functions that drivers' libraries take long for.

#ifndef VAE_ELEMENTARY_H
#define VAE_ELEMENTARY_H

// artanh(s) / s^3 - 1 / s^2 for |s| <= 1/3 from t = s^2, by a series of which what is left out is below 2^-28 of
// artanh(s).
INLINE vec artanh_tail(vec t) {
  vec tail = (vec)(1.0f / 17.0f);
  tail = fma(tail, t, (vec)(1.0f / 15.0f));
  tail = fma(tail, t, (vec)(1.0f / 13.0f));
  tail = fma(tail, t, (vec)(1.0f / 11.0f));
  tail = fma(tail, t, (vec)(1.0f / 9.0f));
  tail = fma(tail, t, (vec)(1.0f / 7.0f));
  tail = fma(tail, t, (vec)(1.0f / 5.0f));
  tail = fma(tail, t, (vec)(1.0f / 3.0f));
  return tail;
}

// ln(1 + e) for 0 <= e <= 1: 2 artanh(s), s = e / (2 + e). Within 4 ulp where division is to 2.5.
INLINE vec log1p_unit(vec e) {
  const vec s = e / (2.0f + e), t = s * s;
  return 2.0f * fma(s * t, artanh_tail(t), s);
}

// f - ln x for f = x - 1, without the cancellation near x = 1, where it is about f^2 / 2.
INLINE vec log_remainder(vec f, vec x) {
  const vec s = f / (2.0f + f), t = s * s;
  const vec near = fma(f, s, -2.0f * s * t * artanh_tail(t));
  return fabs(f) < 0.5f ? near : f - log(x);
}

#endif
