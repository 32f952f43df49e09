// The one order in which the products of a row are summed, for each instruction set.
//
// Thirty-two partial sums, of which number l takes the products of columns l, l + 32, l + 64, …, each by one fused
// multiply-add; then the upper half of the sums is added to the lower half until one is left. Two AVX-512 registers
// hold them, or four of AVX2: enough to hide the additions' latency where the rows come from a cache.
#pragma once
#include <stddef.h>

// Plain C may round the multiplication and the addition apart.
static inline float halved_sum_baseline(float lanes[32]) {
  for (int half = 16; half >= 1; half /= 2)
    for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  return lanes[0];
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))
#define ALWAYS_INLINE inline __attribute__((always_inline))

AVX2 static ALWAYS_INLINE float halved_sum_avx2(__m256 a, __m256 b, __m256 c, __m256 d) {
  __m256 eight = _mm256_add_ps(_mm256_add_ps(a, c), _mm256_add_ps(b, d));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

// Which lanes of eight lie before `count`, which may be negative or above eight.
AVX2 static ALWAYS_INLINE __m256i first_lanes_avx2(ptrdiff_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

AVX512 static ALWAYS_INLINE float halved_sum_avx512(__m512 a, __m512 b) {
  __m512 sixteen = _mm512_add_ps(a, b);
  __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sixteen), _mm512_extractf32x8_ps(sixteen, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

// Which lanes of sixteen lie before `count` < 32, the first and the second sixteen.
static ALWAYS_INLINE __mmask16 first_lanes_avx512(size_t count) {
  return (__mmask16)(count < 16 ? (1u << count) - 1 : 0xFFFF);
}
static ALWAYS_INLINE __mmask16 next_lanes_avx512(size_t count) {
  return (__mmask16)(count > 16 ? (1u << (count - 16)) - 1 : 0);
}
#endif
