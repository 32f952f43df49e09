// The element-wise operations between the matrix products of a mixer, for float32.
//
// Each has one portable definition (elementwise_body.h), written over vectors of 16 lanes and compiled for three
// instruction sets; the widest that the processor has is chosen once, at the first call. Rows are contiguous.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Which of the compiled instruction sets runs: "avx512", "avx2" or "baseline".
const char *mk_instruction_set(void);

// y = (x − mean) · rstd · weight + bias for each row. x and y may be the same. `mean` and `rstd` (one a row) are
// written for the backward pass unless NULL.
void mk_layernorm(const float *x, const float *weight, const float *bias, float *y, float *mean, float *rstd,
                  size_t rows, size_t width, float epsilon);

// pre += bias (a column bias, unless NULL), then out = GELU(pre) in the exact (erf) form. `out` may be `pre`:
// then only the result is kept.
void mk_bias_gelu(float *pre, const float *bias, float *out, size_t rows, size_t width);

// x[r][c] += bias[r]
void mk_add_row_bias(float *x, const float *bias, size_t rows, size_t width);
// x[r][c] += bias[c]
void mk_add_column_bias(float *x, const float *bias, size_t rows, size_t width);

// Whether every value is finite.
int mk_all_finite(const float *x, size_t count);

#ifdef __cplusplus
}
#endif
