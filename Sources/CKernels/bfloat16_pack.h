// Bringing factors into the order in which tiles are multiplied. In all of it, two neighbouring inner positions of one
// row of the first factor, or of one column of the second, are one 32-bit word, a pair.
//
// Panels of the second factor: for each pair of positions, 32 columns side by side.
// The first factor, laid out: for each part of PART positions, the rows one after another, ROW values apart.
#include <immintrin.h>

#include "transpose16.h"
#include "vector16.h"

typedef int16_t i16x32 __attribute__((vector_size(64), aligned(2)));

// The first `count` of 16 or 32 lanes.
INLINE __mmask16 KERNEL(first16)(size_t count) { return count < 16 ? (__mmask16)((1u << count) - 1) : 0xFFFF; }
INLINE __mmask32 KERNEL(first32)(size_t count) { return count < 32 ? (1u << count) - 1 : 0xFFFFFFFFu; }

// Rounds 32 values, `low` first.
INLINE i32x16 KERNEL(rounded)(f32x16 low, f32x16 high) {
  return (i32x16)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low);
}

// 16 pairs: `count` ≤ 32 values one after another, from index `at` on.
INLINE i32x16 KERNEL(load_along)(const mk_factor *m, size_t at, size_t count) {
  if (m->is_bfloat16)
    return (i32x16)_mm512_maskz_loadu_epi16(KERNEL(first32)(count), (const mk_bfloat16 *)m->values + at);
  const float *from = (const float *)m->values + at;
  if (count == 32) return KERNEL(rounded)(load16(from), load16(from + 16));
  const size_t more = count > 16 ? count - 16 : 0;
  return KERNEL(rounded)((f32x16)_mm512_maskz_loadu_ps(KERNEL(first16)(count), from),
                         (f32x16)_mm512_maskz_loadu_ps(KERNEL(first16)(more), from + (more ? 16 : 0)));
}

// 16 pairs: `count` ≤ 16 values from `at` on, each with the value one row below it, or with 0 where there is none.
INLINE i32x16 KERNEL(load_across)(const mk_factor *m, size_t at, size_t count, int has_below) {
  const __mmask16 upper = KERNEL(first16)(count), lower = has_below ? upper : 0;
  const size_t below = has_below ? at + m->stride : at;
  i16x32 halves;
  if (m->is_bfloat16) {
    const mk_bfloat16 *from = m->values;
    halves = (i16x32)_mm512_inserti64x4(_mm512_castsi256_si512(_mm256_maskz_loadu_epi16(upper, from + at)),
                                        _mm256_maskz_loadu_epi16(lower, from + below), 1);
  } else {
    const float *from = m->values;
    halves = (i16x32)KERNEL(rounded)((f32x16)_mm512_maskz_loadu_ps(upper, from + at),
                                     (f32x16)_mm512_maskz_loadu_ps(lower, from + below));
  }
  return (i32x16)__builtin_shufflevector(halves, halves, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24,
                                         9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// Half a panel, `lanes` ≤ 16 columns, each of which lies in one piece.
static void KERNEL(pack_along)(const mk_factor *m, size_t lane, size_t lanes, size_t k, size_t depth, uint32_t *out) {
  for (size_t done = 0; done < depth; done += 32) {
    const size_t count = depth - done < 32 ? depth - done : 32;
    i32x16 r[16];
    for (size_t i = 0; i < 16; i++)
      r[i] = i < lanes ? KERNEL(load_along)(m, (lane + i) * m->stride + k + done, count) : (i32x16){0};
    MK_TRANSPOSE16(r)
    for (size_t i = 0; i < (count + 1) / 2; i++) memcpy(out + (done / 2 + i) * MK_PANEL, &r[i], sizeof r[i]);
  }
}

// The same where the columns lie side by side.
static void KERNEL(pack_across)(const mk_factor *m, size_t lane, size_t lanes, size_t k, size_t depth, uint32_t *out) {
  for (size_t done = 0; done < depth; done += 2) {
    const i32x16 v = KERNEL(load_across)(m, (k + done) * m->stride + lane, lanes, done + 1 < depth);
    memcpy(out + done / 2 * MK_PANEL, &v, sizeof v);
  }
}

// The panel of the columns from `column` on; zeros where there are fewer than 32.
static void KERNEL(pack_panel)(const mk_factor *b, size_t column, size_t columns, size_t k, size_t depth,
                               mk_bfloat16 *panel) {
  for (size_t half = 0; half < MK_PANEL; half += 16) {
    const size_t left = column + half < columns ? columns - column - half : 0, count = left < 16 ? left : 16;
    const size_t lane = count ? column + half : 0;
    uint32_t *out = (uint32_t *)panel + half;
    if (b->is_transposed) KERNEL(pack_along)(b, lane, count, k, depth, out);
    else KERNEL(pack_across)(b, lane, count, k, depth, out);
  }
}


// The place of position k of row `row` among `rows` rows that are laid out.
static inline size_t KERNEL(place)(size_t rows, size_t row, size_t k) {
  return (k / PART * rows + row) * ROW + k % PART;
}

// Lays out `rows` rows of a, from `first` on, at the positions from k on; zeros up to a multiple of 32 positions.
static void KERNEL(lay_out)(const mk_factor *a, size_t first, size_t rows, size_t k, size_t depth, mk_bfloat16 *out) {
  if (!a->is_transposed) {
    for (size_t r = 0; r < rows; r++)
      for (size_t done = 0; done < depth; done += 32) {
        const size_t count = depth - done < 32 ? depth - done : 32;
        const i32x16 v = KERNEL(load_along)(a, (first + r) * a->stride + k + done, count);
        memcpy(out + KERNEL(place)(rows, r, done), &v, sizeof v);
      }
    return;
  }
  for (size_t done = 0; done < depth; done += 32)
    for (size_t r = 0; r < rows; r += 16) {
      const size_t lanes = rows - r < 16 ? rows - r : 16;
      i32x16 v[16];
      for (size_t i = 0; i < 16; i++) {
        const size_t at = done + 2 * i;
        v[i] = at < depth ? KERNEL(load_across)(a, (k + at) * a->stride + first + r, lanes, at + 1 < depth)
                          : (i32x16){0};
      }
      MK_TRANSPOSE16(v)
      for (size_t i = 0; i < lanes; i++) memcpy(out + KERNEL(place)(rows, r + i, done), &v[i], sizeof v[i]);
    }
}
