// The product of bfloat16.h as its definition reads.
#include <math.h>
#include <stdlib.h>

#include "bfloat16.h"

static double widened(mk_bfloat16 x) {
  const uint32_t bits = (uint32_t)x << 16;
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

// The rounded values, for each row of a, or each column of b, those of the inner dimension one after another.
static double *rounded_values(mk_factor m, size_t lanes, size_t depth, int lanes_are_stored_rows) {
  double *values = malloc(lanes * depth * sizeof(double));
  for (size_t lane = 0; lane < lanes; lane++)
    for (size_t k = 0; k < depth; k++) {
      const size_t at = lanes_are_stored_rows ? lane * m.stride + k : k * m.stride + lane;
      mk_bfloat16 x;
      if (m.is_bfloat16) x = ((const mk_bfloat16 *)m.values)[at];
      else mk_bfloat16_round((const float *)m.values + at, &x, 1);
      values[lane * depth + k] = widened(x);
    }
  return values;
}

void mk_bfloat16_product_plain(mk_factor a, mk_factor b, const float *bias, float *y, size_t stride, size_t rows,
                               size_t depth, size_t columns, int mode) {
  double *left = rounded_values(a, rows, depth, !a.is_transposed);
  double *right = rounded_values(b, columns, depth, b.is_transposed);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      double sum = bias ? bias[c] : 0;
      for (size_t k = 0; k < depth; k++) sum += left[r * depth + k] * right[c * depth + k];
      if (mode == MK_ADD) sum += y[r * stride + c];
      if (mode == MK_GELU) sum = 0.5 * sum * (1 + erf(sum * 0.70710678118654752));
      y[r * stride + c] = (float)sum;
    }
  free(left);
  free(right);
}
