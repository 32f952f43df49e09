// Φ, the normal distribution, where its value is rounded to bfloat16 afterwards. Include it inside each instruction
// set's region, after vector16.h.
#ifndef CUMULATIVE_FIT16
#define CUMULATIVE_FIT16
// Where the argument is to be cut.
#define CUMULATIVE_LIMIT 4.3f
#define cumulative_fit16 KERNEL(cumulative_fit16_)
#endif

// Φ(t) = ½ + t Q(t²) for |t| ≤ 4.3, so that x Φ(x), with t = x cut there, is within 6e-5 everywhere: in half the time
// of gelu16, which divides. Q is a least-squares fit of x Φ(x), reweighted towards equal errors, with Q(4.3²) = ½ / 4.3.
INLINE f32x16 cumulative_fit16(f32x16 t) {
  const f32x16 s = t * t;
  f32x16 q = splat(0x1.d9186ap-35f);
  q = q * s + -0x1.68aed6p-28f;
  q = q * s + 0x1.e46848p-23f;
  q = q * s + -0x1.7d53dap-18f;
  q = q * s + 0x1.8d1efep-14f;
  q = q * s + -0x1.25efa4p-10f;
  q = q * s + 0x1.43c304p-7f;
  q = q * s + -0x1.105ffap-4f;
  q = q * s + 0x1.989b1cp-2f;
  return t * q + 0.5f;
}
