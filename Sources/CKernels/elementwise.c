#include "elementwise.h"

#include "bfloat16.h"

#define BODY "elementwise_body.h"
#include "each_instruction_set.h"

const char *mk_instruction_set(void) {
  switch (instruction_set()) {
    case 3: return "avx512";
    case 2: return "avx2";
    default: return "baseline";
  }
}

void mk_layernorm(const float *x, const float *weight, const float *bias, float *y, float *mean, float *rstd,
                  size_t rows, size_t width, float epsilon) {
  DISPATCH(layernorm, x, weight, bias, y, mean, rstd, rows, width, epsilon)
}

void mk_bias_gelu(float *pre, const float *bias, float *out, size_t rows, size_t width) {
  DISPATCH(bias_gelu, pre, bias, out, rows, width)
}

void mk_bfloat16_round(const float *x, mk_bfloat16 *y, size_t count) { DISPATCH(round_to_bfloat16, x, y, count) }

void mk_add_row_bias(float *x, const float *bias, size_t rows, size_t width) {
  DISPATCH(add_row_bias, x, bias, rows, width)
}

void mk_add_column_bias(float *x, const float *bias, size_t rows, size_t width) {
  DISPATCH(add_column_bias, x, bias, rows, width)
}

int mk_all_finite(const float *x, size_t count) { DISPATCH(all_finite, x, count) }
