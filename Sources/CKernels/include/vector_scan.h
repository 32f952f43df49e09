// Scanning stored vectors: one query against many rows, float32.
//
// This is the seam for other stored forms: a form adds a function beside mk_inner_products (int8, bfloat16), and
// nothing above it changes but the choice.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// products[r] = Σ_c query[c] · rows[r][c]. Rows are contiguous. A row's product does not depend on its place among
// the others, to the last bit.
void mk_inner_products(const float *query, const float *rows, float *products, size_t count, size_t width);

// squares[r] = Σ_c rows[r][c]²
void mk_row_squares(const float *rows, float *squares, size_t count, size_t width);

// scores[r] = scores[r] · factors[r]
void mk_multiply(float *scores, const float *factors, size_t count);

// The smallest index ≥ start of which the score is above the threshold, or `count` if there is none.
size_t mk_next_above(const float *scores, size_t start, size_t count, float threshold);

// The same in one chosen way, for tests: 1 plain C, 2 AVX2, 3 AVX-512. Returns 0, and does nothing, where the
// processor lacks it.
int mk_inner_products_with(int set, const float *query, const float *rows, float *products, size_t count,
                           size_t width);

#ifdef __cplusplus
}
#endif
