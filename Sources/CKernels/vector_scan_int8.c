// Rows of int8 codes: products of integers, exact whichever instruction set computes them.
#include "dispatch.h"
#include "vector_scan.h"

void mk_int8_encode(const float *rows, int8_t *codes, float *scales, size_t count, size_t width) {
  // Adding and taking away 1.5 · 2²³ rounds to the nearest integer.
  const float rounding = 12582912.0f;
  for (size_t r = 0; r < count; r++) {
    const float *row = rows + r * width;
    float largest = 0;
    for (size_t c = 0; c < width; c++) {
      float size = row[c] < 0 ? -row[c] : row[c];
      largest = size > largest ? size : largest;
    }
    scales[r] = largest / 127;
    // The inverse of a very small number is none.
    const float lift = largest < 1e-30f ? 0x1p90f : 1;
    const float inverse = largest > 0 ? 127 / (largest * lift) : 0;
    for (size_t c = 0; c < width; c++)
      codes[r * width + c] = (int8_t)(int32_t)(row[c] * lift * inverse + rounding - rounding);
  }
}

void mk_int8_scores(const int32_t *products, const float *scales, float *scores, size_t count) {
  for (size_t r = 0; r < count; r++) scores[r] = (float)products[r] * scales[r];
}

static void int8_products_baseline(const int8_t *query, const int8_t *rows, int32_t *products, size_t count,
                                   size_t width) {
  for (size_t r = 0; r < count; r++) {
    int32_t sum = 0;
    for (size_t c = 0; c < width; c++) sum += (int32_t)query[c] * rows[r * width + c];
    products[r] = sum;
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

// vpmaddubsw multiplies unsigned by signed bytes and adds two such products in 16 bits: |query| by the row with the
// query's sign, at most 2 · 127² < 2¹⁵.
AVX2 static void int8_products_avx2(const int8_t *query, const int8_t *rows, int32_t *products, size_t count,
                                    size_t width) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (size_t r = 0; r < count; r++) {
    const int8_t *row = rows + r * width;
    __m256i sums = _mm256_setzero_si256();
    size_t c = 0;
    for (; c + 32 <= width; c += 32) {
      const __m256i q = _mm256_loadu_si256((const __m256i *)(query + c));
      const __m256i x = _mm256_loadu_si256((const __m256i *)(row + c));
      const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(q), _mm256_sign_epi8(x, q));
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, ones));
    }
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
    int32_t sum = _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
    for (; c < width; c++) sum += (int32_t)query[c] * row[c];
    products[r] = sum;
  }
}

// vpdpbusd multiplies unsigned by signed bytes: the row's codes plus 128 (their sign bit flipped) by the query's.
// 128 · Σ query is then too much. The sums stay below 255 · 127 · 65,536 < 2³¹.
VNNI static void int8_products_vnni(const int8_t *query, const int8_t *rows, int32_t *products, size_t count,
                                    size_t width) {
  const __m512i offset = _mm512_set1_epi8((char)0x80);
  int32_t excess = 0;
  for (size_t c = 0; c < width; c++) excess += 128 * (int32_t)query[c];
  const size_t whole = width - width % 64;
  const __mmask64 last = ((__mmask64)1 << (width - whole)) - 1;
  const __m512i rest = _mm512_maskz_loadu_epi8(last, query + whole);
  for (size_t r = 0; r < count; r++) {
    const int8_t *row = rows + r * width;
    __m512i sums = _mm512_setzero_si512();
    for (size_t c = 0; c < whole; c += 64)
      sums = _mm512_dpbusd_epi32(sums, _mm512_xor_si512(_mm512_loadu_si512(row + c), offset),
                                 _mm512_loadu_si512(query + c));
    if (last)
      sums = _mm512_dpbusd_epi32(sums, _mm512_xor_si512(_mm512_maskz_loadu_epi8(last, row + whole), offset), rest);
    products[r] = _mm512_reduce_add_epi32(sums) - excess;
  }
}

static int has_vnni(void) { return instruction_set() == 3 && __builtin_cpu_supports("avx512vnni"); }
#endif

// 1 plain C, 2 AVX2, 3 AVX-512 with VNNI. Processors with AVX-512 but without VNNI use AVX2.
static int int8_instruction_set(void) {
#if defined(__x86_64__)
  if (has_vnni()) return 3;
#endif
  return instruction_set() >= 2 ? 2 : 1;
}

int mk_int8_products_with(int set, const int8_t *query, const int8_t *rows, int32_t *products, size_t count,
                          size_t width) {
  if (set > int8_instruction_set()) return 0;
  switch (set) {
#if defined(__x86_64__)
    case 3: int8_products_vnni(query, rows, products, count, width); return 1;
    case 2: int8_products_avx2(query, rows, products, count, width); return 1;
#endif
    case 1: int8_products_baseline(query, rows, products, count, width); return 1;
    default: return 0;
  }
}

void mk_int8_products(const int8_t *query, const int8_t *rows, int32_t *products, size_t count, size_t width) {
  mk_int8_products_with(int8_instruction_set(), query, rows, products, count, width);
}
