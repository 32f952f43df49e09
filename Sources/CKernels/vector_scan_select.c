// Picking the good ones out of many scores.
#include "dispatch.h"
#include "vector_scan.h"

void mk_multiply(float *scores, const float *factors, size_t count) {
  for (size_t r = 0; r < count; r++) scores[r] *= factors[r];
}

static size_t next_above_baseline(const float *scores, size_t start, size_t count, float threshold) {
  for (; start < count; start++)
    if (scores[start] > threshold) return start;
  return count;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static size_t next_above_avx2(const float *scores, size_t start, size_t count,
                                                              float threshold) {
  const __m256 limit = _mm256_set1_ps(threshold);
  for (; start + 8 <= count; start += 8) {
    int above = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(scores + start), limit, _CMP_GT_OQ));
    if (above) return start + (size_t)__builtin_ctz((unsigned)above);
  }
  return next_above_baseline(scores, start, count, threshold);
}

__attribute__((target("avx512f"))) static size_t next_above_avx512(const float *scores, size_t start, size_t count,
                                                                   float threshold) {
  const __m512 limit = _mm512_set1_ps(threshold);
  for (; start + 16 <= count; start += 16) {
    __mmask16 above = _mm512_cmp_ps_mask(_mm512_loadu_ps(scores + start), limit, _CMP_GT_OQ);
    if (above) return start + (size_t)__builtin_ctz(above);
  }
  return next_above_baseline(scores, start, count, threshold);
}
#endif

size_t mk_next_above(const float *scores, size_t start, size_t count, float threshold) {
  DISPATCH(next_above, scores, start, count, threshold)
}
