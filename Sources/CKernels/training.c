#include "training.h"

#define BODY "training_body.h"
#include "each_instruction_set.h"

void mk_layernorm_again(const float *x, const float *weight, const float *bias, const float *mean, const float *rstd,
                        float *y, size_t rows, size_t width) {
  DISPATCH(layernorm_again, x, weight, bias, mean, rstd, y, rows, width)
}

void mk_layernorm_backward(const float *x, const float *weight, const float *mean, const float *rstd, const float *dy,
                           float *dx, float *dweight, float *dbias, size_t rows, size_t width) {
  DISPATCH(layernorm_backward, x, weight, mean, rstd, dy, dx, dweight, dbias, rows, width)
}

void mk_gelu_backward(float *pre, float *gradient, float *dbias, size_t rows, size_t width) {
  DISPATCH(gelu_backward, pre, gradient, dbias, rows, width)
}

void mk_with_row_bias(const float *x, const float *bias, float *out, size_t rows, size_t width) {
  DISPATCH(with_row_bias, x, bias, out, rows, width)
}

void mk_with_column_bias(const float *x, const float *bias, float *out, size_t rows, size_t width) {
  DISPATCH(with_column_bias, x, bias, out, rows, width)
}

void mk_add_row_sums(const float *x, float *sums, size_t rows, size_t width) {
  DISPATCH(add_row_sums, x, sums, rows, width)
}

void mk_add_column_sums(const float *x, float *sums, size_t rows, size_t width) {
  DISPATCH(add_column_sums, x, sums, rows, width)
}

void mk_transpose(const float *x, float *y, size_t rows, size_t columns) { DISPATCH(transpose, x, y, rows, columns) }

void mk_accumulate(float *x, const float *y, size_t count) { DISPATCH(accumulate, x, y, count) }

double mk_softmax_cross_entropy(float *logits, const int32_t *targets, size_t rows, size_t width, float scale) {
  DISPATCH(softmax_cross_entropy, logits, targets, rows, width, scale)
}

void mk_dropout(float *x, size_t count, uint32_t key, uint32_t threshold, float scale) {
  DISPATCH(dropout, x, count, key, threshold, scale)
}

double mk_take_gradient(float *x, float *y, size_t count) { DISPATCH(take_gradient, x, y, count) }

double mk_sum_of_squares(const float *x, size_t count) { DISPATCH(sum_of_squares, x, count) }

void mk_adamw(float *parameter, float *gradient, float *m, float *v, size_t count, float scale, float beta1,
              float beta2, float epsilon, float keep, float rate, float root) {
  DISPATCH(adamw, parameter, gradient, m, v, count, scale, beta1, beta2, epsilon, keep, rate, root)
}
