// The definitions behind elementwise.h. No include guard: elementwise.c includes this once for each instruction
// set, with KERNEL(name) giving each copy its own names.
#include "vector16.h"

static void KERNEL(layernorm)(const float *x, const float *weight, const float *bias, float *y, float *mean,
                              float *rstd, size_t rows, size_t width, float epsilon) {
  const size_t body = width & ~(size_t)15, tail = width - body;
  for (size_t r = 0; r < rows; r++, x += width, y += width) {
    f32x16 sum = {0}, more = {0};
    size_t i = 0;
    for (; i + 32 <= body; i += 32) {
      sum += load16(x + i);
      more += load16(x + i + 16);
    }
    for (; i < body; i += 16) sum += load16(x + i);
    if (tail) sum += load_tail(x + body, tail);
    const float m = sum16(sum + more) / (float)width;

    // A second pass over a row that is still in the first cache: subtracting first keeps what the textbook
    // E[x²] − E[x]² would lose.
    f32x16 squares = {0}, more_squares = {0};
    for (i = 0; i + 32 <= body; i += 32) {
      const f32x16 a = load16(x + i) - m, b = load16(x + i + 16) - m;
      squares += a * a;
      more_squares += b * b;
    }
    for (; i < body; i += 16) {
      const f32x16 a = load16(x + i) - m;
      squares += a * a;
    }
    float variance = sum16(squares + more_squares);
    for (i = body; i < width; i++) variance += (x[i] - m) * (x[i] - m);
    const float s = 1.0f / __builtin_sqrtf(variance / (float)width + epsilon);

    for (i = 0; i < body; i += 16) store16(y + i, (load16(x + i) - m) * s * load16(weight + i) + load16(bias + i));
    for (; i < width; i++) y[i] = (x[i] - m) * s * weight[i] + bias[i];
    if (mean) mean[r] = m;
    if (rstd) rstd[r] = s;
  }
}

static void KERNEL(bias_gelu)(float *pre, const float *bias, float *out, size_t rows, size_t width) {
  const size_t body = width & ~(size_t)15, tail = width - body;
  const int keeps_pre = pre != out && bias != NULL;
  for (size_t r = 0; r < rows; r++, pre += width, out += width) {
    for (size_t i = 0; i < body; i += 16) {
      f32x16 v = load16(pre + i);
      if (bias) v += load16(bias + i);
      if (keeps_pre) store16(pre + i, v);
      store16(out + i, gelu16(v));
    }
    if (tail) {
      f32x16 v = load_tail(pre + body, tail);
      if (bias) v += load_tail(bias + body, tail);
      if (keeps_pre) store_tail(pre + body, v, tail);
      store_tail(out + body, gelu16(v), tail);
    }
  }
}

// To nearest, ties to even; a NaN stays one, and subnormal values become zero, as the processor's own rounding has it.
static void KERNEL(round_to_bfloat16)(const float *x, mk_bfloat16 *y, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    const uint32_t magnitude = bits & 0x7FFFFFFFu, upper = bits >> 16;
    uint32_t rounded = (bits + 0x7FFFu + (upper & 1)) >> 16;
    rounded = magnitude > 0x7F800000u ? (upper | 0x40) : rounded;
    rounded = magnitude < 0x00800000u ? (upper & 0x8000) : rounded;
    y[i] = (mk_bfloat16)rounded;
  }
}

static void KERNEL(add_row_bias)(float *x, const float *bias, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) {
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(x + i, load16(x + i) + bias[r]);
    for (; i < width; i++) x[i] += bias[r];
  }
}

static void KERNEL(add_column_bias)(float *x, const float *bias, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) {
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(x + i, load16(x + i) + load16(bias + i));
    for (; i < width; i++) x[i] += bias[i];
  }
}

static int KERNEL(all_finite)(const float *x, size_t count) {
  // x · 0 is 0 for finite x and NaN otherwise; a sum keeps a NaN.
  f32x16 a = {0}, b = {0};
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    a += load16(x + i) * 0.0f;
    b += load16(x + i + 16) * 0.0f;
  }
  float rest = sum16(a + b);
  for (; i < count; i++) rest += x[i] * 0.0f;
  return rest == 0.0f;
}
