// The element-wise operations of the backward pass and of the optimizer, for float32.
//
// As in elementwise.h: one portable definition (training_body.h) for each, compiled for three instruction sets.
// Gradients of parameters accumulate (+=); gradients of activations say what they do. Rows are contiguous.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// y = (x − mean) · rstd · weight + bias with the mean and rstd (one a row) that the forward pass kept.
void mk_layernorm_again(const float *x, const float *weight, const float *bias, const float *mean, const float *rstd,
                        float *y, size_t rows, size_t width);
// dx += the gradient through a layer norm; dweight and dbias accumulate.
void mk_layernorm_backward(const float *x, const float *weight, const float *mean, const float *rstd, const float *dy,
                           float *dx, float *dweight, float *dbias, size_t rows, size_t width);

// pre ← GELU(pre), gradient ← gradient · GELU′(pre), dbias[c] += Σ_r gradient[r][c].
void mk_gelu_backward(float *pre, float *gradient, float *dbias, size_t rows, size_t width);

// out[r][c] = x[r][c] + bias[r]
void mk_with_row_bias(const float *x, const float *bias, float *out, size_t rows, size_t width);
// out[r][c] = x[r][c] + bias[c]
void mk_with_column_bias(const float *x, const float *bias, float *out, size_t rows, size_t width);
// sums[r] += Σ_c x[r][c]
void mk_add_row_sums(const float *x, float *sums, size_t rows, size_t width);
// sums[c] += Σ_r x[r][c]
void mk_add_column_sums(const float *x, float *sums, size_t rows, size_t width);
// y[c][r] = x[r][c]
void mk_transpose(const float *x, float *y, size_t rows, size_t columns);
// x += y
void mk_accumulate(float *x, const float *y, size_t count);

// Cross-entropy of each row of logits against its target column, summed over the rows. The logits become their
// gradient, (softmax − onehot) · scale.
double mk_softmax_cross_entropy(float *logits, const int32_t *targets, size_t rows, size_t width, float scale);

// Sets each value to 0 with probability p = threshold / 2³² and multiplies the others by `scale`. Which ones depends
// on the key and the value's index alone, so the backward pass applies the same mask by calling it again.
void mk_dropout(float *x, size_t count, uint32_t key, uint32_t threshold, float scale);

// x += y; y = 0; returns Σ x², summed in double precision.
double mk_take_gradient(float *x, float *y, size_t count);
// Σ x², summed in double precision.
double mk_sum_of_squares(const float *x, size_t count);

// One step of AdamW: with g = gradient · scale,
//   m = β₁ m + (1 − β₁) g;  v = β₂ v + (1 − β₂) g²;  p = p · keep − rate · m / (√v · root + ε);  gradient = 0
// where keep = 1 − learning rate · decay, rate = learning rate / (1 − β₁ᵗ) and root = 1 / √(1 − β₂ᵗ).
void mk_adamw(float *parameter, float *gradient, float *m, float *v, size_t count, float scale, float beta1,
              float beta2, float epsilon, float keep, float rate, float root);

#ifdef __cplusplus
}
#endif
