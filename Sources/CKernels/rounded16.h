// Sixteen bfloat16 values as sixteen float lanes (vector16.h), on every processor.
#ifndef ROUNDED16_TYPES
#define ROUNDED16_TYPES
typedef uint16_t u16x16 __attribute__((vector_size(32), aligned(2)));
typedef uint32_t u32x16 __attribute__((vector_size(64), aligned(4)));

#define widen16 KERNEL(widen16_)
#define round16 KERNEL(round16_)
#define load_rounded KERNEL(load_rounded_)
#define store_rounded KERNEL(store_rounded_)
#define cumulative16 KERNEL(cumulative16_)
#endif

#include "cumulative_fit16.h"

INLINE f32x16 widen16(u16x16 v) { return (f32x16)(__builtin_convertvector(v, u32x16) << 16); }

// To nearest, ties to even.
INLINE u16x16 round16(f32x16 v) {
  const u32x16 bits = (u32x16)v;
  return __builtin_convertvector((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16, u16x16);
}

// The first `count` ≤ 16 values of a row; the other lanes are zero.
INLINE f32x16 load_rounded(const mk_bfloat16 *p, size_t count) {
  u16x16 v = {0};
  if (count == 16) memcpy(&v, p, sizeof v);
  else memcpy(&v, p, count * sizeof(mk_bfloat16));
  return widen16(v);
}

INLINE void store_rounded(mk_bfloat16 *p, f32x16 value, size_t count) {
  const u16x16 v = round16(value);
  if (count == 16) memcpy(p, &v, sizeof v);
  else memcpy(p, &v, count * sizeof(mk_bfloat16));
}

// Φ(x), for results that are rounded.
INLINE f32x16 cumulative16(f32x16 x) { return cumulative_fit16(clamp16(x, -CUMULATIVE_LIMIT, CUMULATIVE_LIMIT)); }
