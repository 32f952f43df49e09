// The element-wise operations of a training step whose products are computed in bfloat16 (bfloat16.h): what lies between
// two products is read and written in bfloat16, computed in float32. They run on every processor.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "bfloat16.h"

#ifdef __cplusplus
extern "C" {
#endif

// out = GELU(pre), within 6e-5 before it is rounded.
void mk_gelu_rounded(const mk_bfloat16 *pre, mk_bfloat16 *out, size_t count);

// pre ← GELU(pre), gradient ← gradient · GELU′(pre), dbias[c] += Σ_r gradient[r][c] (before it is rounded).
void mk_gelu_backward_rounded(mk_bfloat16 *pre, mk_bfloat16 *gradient, float *dbias, size_t rows, size_t width);

// As mk_dropout, with the same mask for the same key.
void mk_dropout_rounded(mk_bfloat16 *x, size_t count, uint32_t key, uint32_t threshold, float scale);

// As mk_softmax_cross_entropy, but the logits' gradient goes to `gradient`; the logits are used up.
double mk_softmax_cross_entropy_rounded(float *logits, mk_bfloat16 *gradient, const int32_t *targets, size_t rows,
                                        size_t width, float scale);

// sums[r] += Σ_c x[r][c] · weight[c]
void mk_add_row_dots_rounded(const mk_bfloat16 *x, const float *weight, float *sums, size_t rows, size_t width);
// sums[c] += Σ_r weight[r] · x[r][c]
void mk_add_weighted_rows_rounded(const mk_bfloat16 *x, const float *weight, float *sums, size_t rows, size_t width);
// out[r][c] = a[r] · b[c]
void mk_outer_rounded(const float *a, const float *b, mk_bfloat16 *out, size_t rows, size_t width);

#ifdef __cplusplus
}
#endif
