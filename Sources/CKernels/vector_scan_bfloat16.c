// Rows of bfloat16: widened to float32 by a shift, multiplied and summed in float32.
//
// The processor's own bfloat16 products (AVX512_BF16) would round the query too, and are no faster here: reading
// memory is the limit.
#include <string.h>

#include "dispatch.h"
#include "vector_scan.h"
#include "vector_scan_sums.h"

void mk_bfloat16_encode(const float *values, uint16_t *codes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    uint32_t sign = bits & 0x80000000u, size = bits & 0x7FFFFFFFu;
    size += 0x7FFFu + (size >> 16 & 1);
    // Beyond the largest finite one lies infinity.
    codes[i] = (uint16_t)(sign >> 16 | (size < 0x7F800000u ? size >> 16 : 0x7F7Fu));
  }
}

void mk_bfloat16_decode(const uint16_t *codes, float *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)codes[i] << 16;
    memcpy(values + i, &bits, sizeof bits);
  }
}

static float bfloat16_product_baseline(const float *query, const uint16_t *row, size_t width) {
  float lanes[32] = {0};
  for (size_t first = 0; first < width; first += 32)
    for (size_t lane = 0; lane < 32 && first + lane < width; lane++) {
      uint32_t bits = (uint32_t)row[first + lane] << 16;
      float value;
      memcpy(&value, &bits, sizeof value);
      lanes[lane] += query[first + lane] * value;
    }
  return halved_sum_baseline(lanes);
}

static void bfloat16_products_baseline(const float *query, const uint16_t *rows, float *products, size_t count,
                                       size_t width) {
  for (size_t r = 0; r < count; r++) products[r] = bfloat16_product_baseline(query, rows + r * width, width);
}

#if defined(__x86_64__)
AVX2 static ALWAYS_INLINE __m256 widened_avx2(const uint16_t *codes) {
  __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)codes));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}

AVX2 static void bfloat16_products_avx2(const float *query, const uint16_t *rows, float *products, size_t count,
                                        size_t width) {
  for (size_t r = 0; r < count; r++) {
    const uint16_t *row = rows + r * width;
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    size_t i = 0;
    for (; i + 32 <= width; i += 32) {
      a = _mm256_fmadd_ps(_mm256_loadu_ps(query + i), widened_avx2(row + i), a);
      b = _mm256_fmadd_ps(_mm256_loadu_ps(query + i + 8), widened_avx2(row + i + 8), b);
      c = _mm256_fmadd_ps(_mm256_loadu_ps(query + i + 16), widened_avx2(row + i + 16), c);
      d = _mm256_fmadd_ps(_mm256_loadu_ps(query + i + 24), widened_avx2(row + i + 24), d);
    }
    if (i < width) {
      uint16_t last[32] = {0};
      float rest[32] = {0};
      memcpy(last, row + i, (width - i) * sizeof *last);
      memcpy(rest, query + i, (width - i) * sizeof *rest);
      a = _mm256_fmadd_ps(_mm256_loadu_ps(rest), widened_avx2(last), a);
      b = _mm256_fmadd_ps(_mm256_loadu_ps(rest + 8), widened_avx2(last + 8), b);
      c = _mm256_fmadd_ps(_mm256_loadu_ps(rest + 16), widened_avx2(last + 16), c);
      d = _mm256_fmadd_ps(_mm256_loadu_ps(rest + 24), widened_avx2(last + 24), d);
    }
    products[r] = halved_sum_avx2(a, b, c, d);
  }
}

AVX512 static ALWAYS_INLINE __m512 widened_avx512(__m256i codes) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(codes), 16));
}

AVX512 static void bfloat16_products_avx512(const float *query, const uint16_t *rows, float *products, size_t count,
                                            size_t width) {
  for (size_t r = 0; r < count; r++) {
    const uint16_t *row = rows + r * width;
    __m512 a = _mm512_setzero_ps(), b = a;
    size_t i = 0;
    for (; i + 32 <= width; i += 32) {
      a = _mm512_fmadd_ps(_mm512_loadu_ps(query + i),
                          widened_avx512(_mm256_loadu_si256((const __m256i *)(row + i))), a);
      b = _mm512_fmadd_ps(_mm512_loadu_ps(query + i + 16),
                          widened_avx512(_mm256_loadu_si256((const __m256i *)(row + i + 16))), b);
    }
    if (i < width) {
      const __mmask16 m = first_lanes_avx512(width - i), n = next_lanes_avx512(width - i);
      a = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(m, query + i), widened_avx512(_mm256_maskz_loadu_epi16(m, row + i)), a);
      b = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(n, query + i + 16),
                          widened_avx512(_mm256_maskz_loadu_epi16(n, row + i + 16)), b);
    }
    products[r] = halved_sum_avx512(a, b);
  }
}
#endif

void mk_bfloat16_products(const float *query, const uint16_t *rows, float *products, size_t count, size_t width) {
  DISPATCH(bfloat16_products, query, rows, products, count, width)
}

int mk_bfloat16_products_with(int set, const float *query, const uint16_t *rows, float *products, size_t count,
                              size_t width) {
  if (set > instruction_set()) return 0;
  switch (set) {
#if defined(__x86_64__)
    case 3: bfloat16_products_avx512(query, rows, products, count, width); return 1;
    case 2: bfloat16_products_avx2(query, rows, products, count, width); return 1;
#endif
    case 1: bfloat16_products_baseline(query, rows, products, count, width); return 1;
    default: return 0;
  }
}
