// Scanning stored vectors: queries against many rows, for rows in three forms.
//
//   float32    4 bytes a value; exact
//   bfloat16   2 bytes a value: the upper half of a float32, rounded to nearest even
//   int8       1 byte a value: value ≈ scale · code, one scale a row, codes in −127 … 127
//
// Rows are contiguous. A row's product does not depend on its place among the others, on the number of queries, nor
// on the thread: to the last bit. Products of floats are summed in one fixed order (vector_scan_sums.h), the same with
// AVX2 and AVX-512; those of int8 codes are exact whatever computes them.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// products[r] = Σ_c query[c] · rows[r][c]
void mk_inner_products(const float *query, const float *rows, float *products, size_t count, size_t width);

// products[q · count + r] = Σ_c queries[q][c] · rows[r][c]: the same numbers as one query at a time, in less time,
// because each value that is read serves several queries. Best with few enough rows that they stay in a cache.
void mk_inner_products_many(const float *queries, size_t query_count, const float *rows, float *products, size_t count,
                            size_t width);

// products[i] = Σ_c query[c] · rows[indices[i]][c]
void mk_inner_products_at(const float *query, const float *rows, const uint32_t *indices, float *products, size_t count,
                          size_t width);

// squares[r] = Σ_c rows[r][c]²
void mk_row_squares(const float *rows, float *squares, size_t count, size_t width);

// codes[i] = the bfloat16 nearest to values[i]; finite stays finite.
void mk_bfloat16_encode(const float *values, uint16_t *codes, size_t count);

// values[i] = codes[i] as float32: exact.
void mk_bfloat16_decode(const uint16_t *codes, float *values, size_t count);

// products[r] = Σ_c query[c] · rows[r][c], with the query in float32: the same as of decoded rows, to the last bit.
void mk_bfloat16_products(const float *query, const uint16_t *rows, float *products, size_t count, size_t width);

// codes[r][c] = rows[r][c] / scales[r], rounded to nearest even, with scales[r] = max_c |rows[r][c]| / 127; a row of
// zeros has scale 0 and codes 0.
void mk_int8_encode(const float *rows, int8_t *codes, float *scales, size_t count, size_t width);

// products[r] = Σ_c query[c] · rows[r][c] for codes in −127 … 127 and width ≤ 65,536.
void mk_int8_products(const int8_t *query, const int8_t *rows, int32_t *products, size_t count, size_t width);

// scores[r] = products[r] · scales[r]
void mk_int8_scores(const int32_t *products, const float *scales, float *scores, size_t count);

// scores[r] = scores[r] · factors[r]
void mk_multiply(float *scores, const float *factors, size_t count);

// The smallest index ≥ start of which the score is above the threshold, or `count` if there is none.
size_t mk_next_above(const float *scores, size_t start, size_t count, float threshold);

// The same in one chosen way, for tests: 1 plain C, 2 AVX2, 3 AVX-512 (of int8: with VNNI). They return 0, and do
// nothing, where the processor lacks it; many queries have no way of their own with AVX2.
int mk_inner_products_with(int set, const float *query, const float *rows, float *products, size_t count,
                           size_t width);
int mk_inner_products_many_with(int set, const float *queries, size_t query_count, const float *rows, float *products,
                                size_t count, size_t width);
int mk_bfloat16_products_with(int set, const float *query, const uint16_t *rows, float *products, size_t count,
                              size_t width);
int mk_int8_products_with(int set, const int8_t *query, const int8_t *rows, int32_t *products, size_t count,
                          size_t width);

#ifdef __cplusplus
}
#endif
