// Rows of float32: one query, many queries, chosen rows.
#include "dispatch.h"
#include "vector_scan.h"
#include "vector_scan_sums.h"

static float inner_product_baseline(const float *query, const float *row, size_t width) {
  float lanes[32] = {0};
  size_t c = 0;
  for (; c + 32 <= width; c += 32)
    for (int lane = 0; lane < 32; lane++) lanes[lane] += query[c + lane] * row[c + lane];
  for (int lane = 0; c < width; c++, lane++) lanes[lane] += query[c] * row[c];
  return halved_sum_baseline(lanes);
}

#if defined(__x86_64__)
AVX2 static ALWAYS_INLINE float inner_product_avx2(const float *query, const float *row, size_t width) {
  __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
  size_t i = 0;
  for (; i + 32 <= width; i += 32) {
    a = _mm256_fmadd_ps(_mm256_loadu_ps(query + i), _mm256_loadu_ps(row + i), a);
    b = _mm256_fmadd_ps(_mm256_loadu_ps(query + i + 8), _mm256_loadu_ps(row + i + 8), b);
    c = _mm256_fmadd_ps(_mm256_loadu_ps(query + i + 16), _mm256_loadu_ps(row + i + 16), c);
    d = _mm256_fmadd_ps(_mm256_loadu_ps(query + i + 24), _mm256_loadu_ps(row + i + 24), d);
  }
  if (i < width) {
    ptrdiff_t rest = (ptrdiff_t)(width - i);
    __m256i m = first_lanes_avx2(rest), n = first_lanes_avx2(rest - 8), o = first_lanes_avx2(rest - 16),
            p = first_lanes_avx2(rest - 24);
    a = _mm256_fmadd_ps(_mm256_maskload_ps(query + i, m), _mm256_maskload_ps(row + i, m), a);
    b = _mm256_fmadd_ps(_mm256_maskload_ps(query + i + 8, n), _mm256_maskload_ps(row + i + 8, n), b);
    c = _mm256_fmadd_ps(_mm256_maskload_ps(query + i + 16, o), _mm256_maskload_ps(row + i + 16, o), c);
    d = _mm256_fmadd_ps(_mm256_maskload_ps(query + i + 24, p), _mm256_maskload_ps(row + i + 24, p), d);
  }
  return halved_sum_avx2(a, b, c, d);
}

AVX512 static ALWAYS_INLINE float inner_product_avx512(const float *query, const float *row, size_t width) {
  __m512 a = _mm512_setzero_ps(), b = a;
  size_t i = 0;
  for (; i + 32 <= width; i += 32) {
    a = _mm512_fmadd_ps(_mm512_loadu_ps(query + i), _mm512_loadu_ps(row + i), a);
    b = _mm512_fmadd_ps(_mm512_loadu_ps(query + i + 16), _mm512_loadu_ps(row + i + 16), b);
  }
  if (i < width) {
    __mmask16 m = first_lanes_avx512(width - i), n = next_lanes_avx512(width - i);
    a = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(m, query + i), _mm512_maskz_loadu_ps(m, row + i), a);
    b = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(n, query + i + 16), _mm512_maskz_loadu_ps(n, row + i + 16), b);
  }
  return halved_sum_avx512(a, b);
}
#endif

// What is the same for every instruction set, around its inner product. One row after another: one forward stream is
// what the prefetchers follow best, and reading memory is the limit (several rows at a time, and prefetching in
// software, measured slower). Rows at random places are announced two rows ahead, as no prefetcher knows them.
#define ROWS_OF(set, target)                                                                                        \
  target static void inner_products_##set(const float *query, const float *rows, float *products, size_t count,     \
                                          size_t width) {                                                           \
    for (size_t r = 0; r < count; r++) products[r] = inner_product_##set(query, rows + r * width, width);           \
  }                                                                                                                 \
  target static void row_squares_##set(const float *rows, float *squares, size_t count, size_t width) {             \
    for (size_t r = 0; r < count; r++)                                                                              \
      squares[r] = inner_product_##set(rows + r * width, rows + r * width, width);                                  \
  }                                                                                                                 \
  target static void inner_products_at_##set(const float *query, const float *rows, const uint32_t *indices,        \
                                             float *products, size_t count, size_t width) {                         \
    for (size_t i = 0; i < count; i++) {                                                                            \
      if (i + 2 < count)                                                                                            \
        for (size_t c = 0; c < width; c += 16) __builtin_prefetch(rows + indices[i + 2] * width + c);               \
      products[i] = inner_product_##set(query, rows + indices[i] * width, width);                                   \
    }                                                                                                               \
  }

#define NO_TARGET
ROWS_OF(baseline, NO_TARGET)
#if defined(__x86_64__)
ROWS_OF(avx2, AVX2)
ROWS_OF(avx512, AVX512)
#endif

void mk_inner_products(const float *query, const float *rows, float *products, size_t count, size_t width) {
  DISPATCH(inner_products, query, rows, products, count, width)
}

void mk_row_squares(const float *rows, float *squares, size_t count, size_t width) {
  DISPATCH(row_squares, rows, squares, count, width)
}

void mk_inner_products_at(const float *query, const float *rows, const uint32_t *indices, float *products, size_t count,
                          size_t width) {
  DISPATCH(inner_products_at, query, rows, indices, products, count, width)
}

int mk_inner_products_with(int set, const float *query, const float *rows, float *products, size_t count,
                           size_t width) {
  if (set > instruction_set()) return 0;
  switch (set) {
#if defined(__x86_64__)
    case 3: inner_products_avx512(query, rows, products, count, width); return 1;
    case 2: inner_products_avx2(query, rows, products, count, width); return 1;
#endif
    case 1: inner_products_baseline(query, rows, products, count, width); return 1;
    default: return 0;
  }
}
