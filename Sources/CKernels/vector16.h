// Sixteen float lanes through the compiler's vector extension: one AVX-512 register, two AVX, four SSE.
//
// Writing every kernel over the same sixteen lanes makes a sum's order, and so its rounding, the same on every
// processor (up to fused multiply-add).
//
// The functions are defined once for each instruction set, under the names that KERNEL(name) gives, because a
// function can only be inlined into one that is compiled for the same set: include this inside each one's region.
#ifndef VECTOR16_TYPES
#define VECTOR16_TYPES
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float f32x16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t i32x16 __attribute__((vector_size(64), aligned(4)));

#define INLINE static inline __attribute__((always_inline, unused))
#define load16 KERNEL(load16_)
#define store16 KERNEL(store16_)
#define load_tail KERNEL(load_tail_)
#define store_tail KERNEL(store_tail_)
#define splat KERNEL(splat_)
#define sum16 KERNEL(sum16_)
#define select16 KERNEL(select16_)
#define clamp16 KERNEL(clamp16_)
#define erf16 KERNEL(erf16_)
#define exp16 KERNEL(exp16_)
#define gelu16 KERNEL(gelu16_)

// Everything here is inlined, so no vector is ever passed by a calling convention.
#pragma clang diagnostic ignored "-Wpsabi"
#endif

INLINE f32x16 load16(const float *p) {
  f32x16 v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store16(float *p, f32x16 v) { memcpy(p, &v, sizeof v); }

// The last `count` < 16 values of a row; the other lanes are zero.
INLINE f32x16 load_tail(const float *p, size_t count) {
  f32x16 v = {0};
  memcpy(&v, p, count * sizeof(float));
  return v;
}
INLINE void store_tail(float *p, f32x16 v, size_t count) { memcpy(p, &v, count * sizeof(float)); }

INLINE f32x16 splat(float x) {
  return (f32x16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

INLINE float sum16(f32x16 v) {
  float lanes[16];
  memcpy(lanes, &v, sizeof v);
  for (int step = 8; step > 0; step /= 2)
    for (int i = 0; i < step; i++) lanes[i] += lanes[i + step];
  return lanes[0];
}

INLINE f32x16 select16(i32x16 mask, f32x16 yes, f32x16 no) {
  return (f32x16)((mask & (i32x16)yes) | (~mask & (i32x16)no));
}
INLINE f32x16 clamp16(f32x16 v, float low, float high) {
  v = select16(v < splat(low), splat(low), v);
  return select16(v > splat(high), splat(high), v);
}

// erf as a ratio of polynomials in x², within 4e-7 of the true value everywhere (the coefficients are those of
// Eigen's and XLA's float erf). Beyond |x| = 4 it is ±1 in float32.
INLINE f32x16 erf16(f32x16 x) {
  x = clamp16(x, -4.0f, 4.0f);
  const f32x16 s = x * x;
  f32x16 p = splat(-2.72614225801306e-10f);
  p = p * s + 2.77068142495902e-08f;
  p = p * s + -2.10102402082508e-06f;
  p = p * s + -5.69250639462346e-05f;
  p = p * s + -7.34990630326855e-04f;
  p = p * s + -2.95459980854025e-03f;
  p = p * s + -1.60960333262415e-02f;
  f32x16 q = splat(-1.45660718464996e-05f);
  q = q * s + -2.13374055278905e-04f;
  q = q * s + -1.68282697438203e-03f;
  q = q * s + -7.37332916720468e-03f;
  q = q * s + -1.42647390514189e-02f;
  return x * p / q;
}

// e^x within 2 units in the last place for −87 ≤ x ≤ 88; clamped outside (Cephes' expf).
INLINE f32x16 exp16(f32x16 x) {
  x = clamp16(x, -87.33654f, 88.37626f);
  f32x16 t = x * 1.44269504088896341f;
  t += select16(t < splat(0), splat(-0.5f), splat(0.5f));
  const i32x16 n = __builtin_convertvector(t, i32x16);
  const f32x16 whole = __builtin_convertvector(n, f32x16);
  x -= whole * 0.693359375f;
  x -= whole * -2.12194440e-4f;
  f32x16 p = splat(1.9875691500e-4f);
  p = p * x + 1.3981999507e-3f;
  p = p * x + 8.3334519073e-3f;
  p = p * x + 4.1665795894e-2f;
  p = p * x + 1.6666665459e-1f;
  p = p * x + 5.0000001201e-1f;
  p = p * x * x + x + 1.0f;
  return p * (f32x16)((n + 127) << 23);
}

INLINE f32x16 gelu16(f32x16 x) { return 0.5f * x * (1.0f + erf16(x * 0.70710678118654752f)); }
