// The definitions behind training_bfloat16.c. No include guard: it is included once for each instruction set, with
// KERNEL(name) giving each copy its own names.
#include "vector16.h"

#include "rounded16.h"
#include "softmax_row16.h"

// The lanes of the step from `i` on.
#define LANES(count, i) ((count) - (i) < 16 ? (count) - (i) : 16)

static void KERNEL(gelu_rounded)(const mk_bfloat16 *pre, mk_bfloat16 *out, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    const size_t lanes = LANES(count, i);
    const f32x16 x = load_rounded(pre + i, lanes);
    store_rounded(out + i, x * cumulative16(x), lanes);
  }
}

// GELU(x) = x Φ(x), GELU′(x) = Φ(x) + x φ(x) with φ(x) = e^(−x²/2) / √(2π).
static void KERNEL(gelu_backward_rounded)(mk_bfloat16 *pre, mk_bfloat16 *gradient, float *dbias, size_t rows,
                                          size_t width) {
  for (size_t r = 0; r < rows; r++, pre += width, gradient += width) {
    for (size_t i = 0; i < width; i += 16) {
      const size_t lanes = LANES(width, i);
      const f32x16 x = load_rounded(pre + i, lanes), cumulative = cumulative16(x);
      const f32x16 density = exp16(x * x * -0.5f) * 0.39894228040143268f;
      const f32x16 d = load_rounded(gradient + i, lanes) * (cumulative + x * density);
      store_rounded(pre + i, x * cumulative, lanes);
      store_rounded(gradient + i, d, lanes);
      if (lanes == 16) store16(dbias + i, load16(dbias + i) + d);
      else store_tail(dbias + i, load_tail(dbias + i, lanes) + d, lanes);
    }
  }
}

static void KERNEL(dropout_rounded)(mk_bfloat16 *x, size_t count, uint32_t key, uint32_t threshold, float scale) {
  const u32x16 order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (size_t i = 0; i < count; i += 16) {
    const size_t lanes = LANES(count, i);
    u32x16 h = (order + (uint32_t)i) * 0x9E3779B1u + key;
    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    h = (h ^ (h >> 16)) + key * 0x27D4EB2Fu;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = h ^ (h >> 16);
    store_rounded(x + i, select16((i32x16)(h < threshold), splat(0), load_rounded(x + i, lanes) * scale), lanes);
  }
}

static double KERNEL(softmax_cross_entropy_rounded)(float *logits, mk_bfloat16 *gradient, const int32_t *targets,
                                                    size_t rows, size_t width, float scale) {
  double loss = 0;
  for (size_t r = 0; r < rows; r++, logits += width, gradient += width) {
    const float sum = KERNEL(softmax_row)(logits, width, targets[r], &loss), factor = scale / sum;
    // The target's gradient is a difference that must not be taken between rounded numbers.
    logits[targets[r]] -= sum;
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store_rounded(gradient + i, load16(logits + i) * factor, 16);
    if (i < width) store_rounded(gradient + i, load_tail(logits + i, width - i) * factor, width - i);
  }
  return loss;
}

static void KERNEL(add_row_dots_rounded)(const mk_bfloat16 *x, const float *weight, float *sums, size_t rows,
                                         size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) {
    f32x16 lanes = {0};
    size_t i = 0;
    for (; i + 16 <= width; i += 16) lanes += load_rounded(x + i, 16) * load16(weight + i);
    if (i < width) lanes += load_rounded(x + i, width - i) * load_tail(weight + i, width - i);
    sums[r] += sum16(lanes);
  }
}

static void KERNEL(add_weighted_rows_rounded)(const mk_bfloat16 *x, const float *weight, float *sums, size_t rows,
                                              size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) {
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(sums + i, load16(sums + i) + load_rounded(x + i, 16) * weight[r]);
    if (i < width) {
      const size_t tail = width - i;
      store_tail(sums + i, load_tail(sums + i, tail) + load_rounded(x + i, tail) * weight[r], tail);
    }
  }
}

static void KERNEL(outer_rounded)(const float *a, const float *b, mk_bfloat16 *out, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, out += width) {
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store_rounded(out + i, load16(b + i) * a[r], 16);
    if (i < width) store_rounded(out + i, load_tail(b + i, width - i) * a[r], width - i);
  }
}

#undef LANES
