#include "training_bfloat16.h"

#define BODY "training_bfloat16_body.h"
#include "each_instruction_set.h"

void mk_gelu_rounded(const mk_bfloat16 *pre, mk_bfloat16 *out, size_t count) { DISPATCH(gelu_rounded, pre, out, count) }

void mk_gelu_backward_rounded(mk_bfloat16 *pre, mk_bfloat16 *gradient, float *dbias, size_t rows, size_t width) {
  DISPATCH(gelu_backward_rounded, pre, gradient, dbias, rows, width)
}

void mk_dropout_rounded(mk_bfloat16 *x, size_t count, uint32_t key, uint32_t threshold, float scale) {
  DISPATCH(dropout_rounded, x, count, key, threshold, scale)
}

double mk_softmax_cross_entropy_rounded(float *logits, mk_bfloat16 *gradient, const int32_t *targets, size_t rows,
                                        size_t width, float scale) {
  DISPATCH(softmax_cross_entropy_rounded, logits, gradient, targets, rows, width, scale)
}

void mk_add_row_dots_rounded(const mk_bfloat16 *x, const float *weight, float *sums, size_t rows, size_t width) {
  DISPATCH(add_row_dots_rounded, x, weight, sums, rows, width)
}

void mk_add_weighted_rows_rounded(const mk_bfloat16 *x, const float *weight, float *sums, size_t rows, size_t width) {
  DISPATCH(add_weighted_rows_rounded, x, weight, sums, rows, width)
}

void mk_outer_rounded(const float *a, const float *b, mk_bfloat16 *out, size_t rows, size_t width) {
  DISPATCH(outer_rounded, a, b, out, rows, width)
}
