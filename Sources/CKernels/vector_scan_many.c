// Many queries at once against rows of float32: a small matrix product that keeps the order of sums.
//
// With AVX-512, tiles of four rows by three queries: 24 accumulators, and 14 loads for 24 multiply-adds where one
// query at a time takes 48. Elsewhere, and at the edges, one query after another over rows that lie in a cache.
#include "dispatch.h"
#include "vector_scan.h"
#include "vector_scan_sums.h"

static void products_many_one_by_one(const float *queries, size_t query_count, const float *rows, float *products,
                                     size_t count, size_t width) {
  for (size_t q = 0; q < query_count; q++)
    mk_inner_products(queries + q * width, rows, products + q * count, count, width);
}

#if defined(__x86_64__)
// The sums of four rows, each in the order of halved_sum_avx512.
AVX512 static ALWAYS_INLINE __m128 halved_sums_avx512(const __m512 a[4], const __m512 b[4]) {
  __m512 r0 = _mm512_add_ps(a[0], b[0]), r1 = _mm512_add_ps(a[1], b[1]);
  __m512 r2 = _mm512_add_ps(a[2], b[2]), r3 = _mm512_add_ps(a[3], b[3]);
  // Lanes eight apart: rows 0 and 1 in the halves of one register, rows 2 and 3 in another's.
  __m512 r01 = _mm512_add_ps(_mm512_shuffle_f32x4(r0, r1, 0x44), _mm512_shuffle_f32x4(r0, r1, 0xEE));
  __m512 r23 = _mm512_add_ps(_mm512_shuffle_f32x4(r2, r3, 0x44), _mm512_shuffle_f32x4(r2, r3, 0xEE));
  // Lanes four apart: one row in each quarter.
  __m512 all = _mm512_add_ps(_mm512_shuffle_f32x4(r01, r23, 0x88), _mm512_shuffle_f32x4(r01, r23, 0xDD));
  // Two apart, then one.
  all = _mm512_add_ps(all, _mm512_permute_ps(all, 0x4E));
  all = _mm512_add_ps(all, _mm512_permute_ps(all, 0xB1));
  return _mm512_castps512_ps128(
      _mm512_permutexvar_ps(_mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), all));
}

// products[q · stride + r] for four rows and `query_count` ≤ 3 queries, a constant for the compiler.
AVX512 static ALWAYS_INLINE void tile_avx512(const float *queries, const size_t query_count, const float *rows,
                                             float *products, size_t stride, size_t width) {
  __m512 a[3][4], b[3][4];
#pragma unroll
  for (size_t q = 0; q < query_count; q++)
#pragma unroll
    for (int r = 0; r < 4; r++) a[q][r] = b[q][r] = _mm512_setzero_ps();
  size_t i = 0;
  for (; i + 32 <= width; i += 32) {
    __m512 x[4], y[4];
#pragma unroll
    for (int r = 0; r < 4; r++) {
      x[r] = _mm512_loadu_ps(rows + r * width + i);
      y[r] = _mm512_loadu_ps(rows + r * width + i + 16);
    }
#pragma unroll
    for (size_t q = 0; q < query_count; q++) {
      const __m512 u = _mm512_loadu_ps(queries + q * width + i), v = _mm512_loadu_ps(queries + q * width + i + 16);
#pragma unroll
      for (int r = 0; r < 4; r++) {
        a[q][r] = _mm512_fmadd_ps(u, x[r], a[q][r]);
        b[q][r] = _mm512_fmadd_ps(v, y[r], b[q][r]);
      }
    }
  }
  if (i < width) {
    const __mmask16 m = first_lanes_avx512(width - i), n = next_lanes_avx512(width - i);
#pragma unroll
    for (size_t q = 0; q < query_count; q++) {
      const __m512 u = _mm512_maskz_loadu_ps(m, queries + q * width + i);
      const __m512 v = _mm512_maskz_loadu_ps(n, queries + q * width + i + 16);
#pragma unroll
      for (int r = 0; r < 4; r++) {
        a[q][r] = _mm512_fmadd_ps(u, _mm512_maskz_loadu_ps(m, rows + r * width + i), a[q][r]);
        b[q][r] = _mm512_fmadd_ps(v, _mm512_maskz_loadu_ps(n, rows + r * width + i + 16), b[q][r]);
      }
    }
  }
#pragma unroll
  for (size_t q = 0; q < query_count; q++) _mm_storeu_ps(products + q * stride, halved_sums_avx512(a[q], b[q]));
}

AVX512 static void products_many_avx512(const float *queries, size_t query_count, const float *rows, float *products,
                                        size_t count, size_t width) {
  const size_t whole = count - count % 4;
  size_t q = 0;
  for (; q + 2 <= query_count; q += 3) {
    const float *some = queries + q * width;
    float *out = products + q * count;
    const size_t number = query_count - q >= 3 ? 3 : 2;
    for (size_t r = 0; r < whole; r += 4) {
      if (number == 3) tile_avx512(some, 3, rows + r * width, out + r, count, width);
      else tile_avx512(some, 2, rows + r * width, out + r, count, width);
    }
    for (size_t each = 0; each < number; each++)
      mk_inner_products(some + each * width, rows + whole * width, out + each * count + whole, count - whole, width);
  }
  // Of a single query, four rows at a time gain nothing.
  if (q < query_count) mk_inner_products(queries + q * width, rows, products + q * count, count, width);
}
#endif

void mk_inner_products_many(const float *queries, size_t query_count, const float *rows, float *products, size_t count,
                            size_t width) {
#if defined(__x86_64__)
  if (instruction_set() == 3) return products_many_avx512(queries, query_count, rows, products, count, width);
#endif
  products_many_one_by_one(queries, query_count, rows, products, count, width);
}

int mk_inner_products_many_with(int set, const float *queries, size_t query_count, const float *rows, float *products,
                                size_t count, size_t width) {
  if (set > instruction_set()) return 0;
  switch (set) {
#if defined(__x86_64__)
    case 3: products_many_avx512(queries, query_count, rows, products, count, width); return 1;
#endif
    case 1: products_many_one_by_one(queries, query_count, rows, products, count, width); return 1;
    default: return 0;
  }
}
