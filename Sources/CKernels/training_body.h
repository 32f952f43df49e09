// The definitions behind training.c. No include guard: training.c includes this once for each instruction set, with
// KERNEL(name) giving each copy its own names.
#include "vector16.h"

#include "softmax_row16.h"

static void KERNEL(layernorm_again)(const float *x, const float *weight, const float *bias, const float *mean,
                                    const float *rstd, float *y, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width, y += width) {
    const float m = mean[r], s = rstd[r];
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(y + i, (load16(x + i) - m) * s * load16(weight + i) + load16(bias + i));
    for (; i < width; i++) y[i] = (x[i] - m) * s * weight[i] + bias[i];
  }
}

// With x̂ = (x − mean) · rstd and g = dy · weight: dx += rstd · (g − mean(g) − x̂ · mean(g · x̂)).
static void KERNEL(layernorm_backward)(const float *x, const float *weight, const float *mean, const float *rstd,
                                       const float *dy, float *dx, float *dweight, float *dbias, size_t rows,
                                       size_t width) {
  const size_t body = width & ~(size_t)15;
  for (size_t r = 0; r < rows; r++, x += width, dy += width, dx += width) {
    const float m = mean[r], s = rstd[r];
    f32x16 sums = {0}, products = {0};
    size_t i = 0;
    for (; i < body; i += 16) {
      const f32x16 hat = (load16(x + i) - m) * s, d = load16(dy + i), g = d * load16(weight + i);
      sums += g;
      products += g * hat;
      store16(dweight + i, load16(dweight + i) + d * hat);
      store16(dbias + i, load16(dbias + i) + d);
    }
    float sum = sum16(sums), product = sum16(products);
    for (; i < width; i++) {
      const float hat = (x[i] - m) * s, g = dy[i] * weight[i];
      sum += g;
      product += g * hat;
      dweight[i] += dy[i] * hat;
      dbias[i] += dy[i];
    }
    sum /= (float)width;
    product /= (float)width;
    for (i = 0; i < body; i += 16) {
      const f32x16 hat = (load16(x + i) - m) * s, g = load16(dy + i) * load16(weight + i);
      store16(dx + i, load16(dx + i) + s * (g - sum - hat * product));
    }
    for (; i < width; i++) {
      const float hat = (x[i] - m) * s, g = dy[i] * weight[i];
      dx[i] += s * (g - sum - hat * product);
    }
  }
}

// GELU(x) = x Φ(x), GELU′(x) = Φ(x) + x φ(x) with φ(x) = e^(−x²/2) / √(2π).
static void KERNEL(gelu_backward)(float *pre, float *gradient, float *dbias, size_t rows, size_t width) {
  const size_t body = width & ~(size_t)15, tail = width - body;
  for (size_t r = 0; r < rows; r++, pre += width, gradient += width) {
    for (size_t i = 0; i < body; i += 16) {
      const f32x16 x = load16(pre + i);
      const f32x16 cumulative = 0.5f + 0.5f * erf16(x * 0.70710678118654752f);
      const f32x16 density = exp16(x * x * -0.5f) * 0.39894228040143268f;
      const f32x16 d = load16(gradient + i) * (cumulative + x * density);
      store16(pre + i, x * cumulative);
      store16(gradient + i, d);
      store16(dbias + i, load16(dbias + i) + d);
    }
    if (tail) {
      const f32x16 x = load_tail(pre + body, tail);
      const f32x16 cumulative = 0.5f + 0.5f * erf16(x * 0.70710678118654752f);
      const f32x16 density = exp16(x * x * -0.5f) * 0.39894228040143268f;
      const f32x16 d = load_tail(gradient + body, tail) * (cumulative + x * density);
      store_tail(pre + body, x * cumulative, tail);
      store_tail(gradient + body, d, tail);
      store_tail(dbias + body, load_tail(dbias + body, tail) + d, tail);
    }
  }
}

static void KERNEL(with_row_bias)(const float *x, const float *bias, float *out, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(out + i, load16(x + i) + bias[r]);
    for (; i < width; i++) out[i] = x[i] + bias[r];
  }
}

static void KERNEL(with_column_bias)(const float *x, const float *bias, float *out, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(out + i, load16(x + i) + load16(bias + i));
    for (; i < width; i++) out[i] = x[i] + bias[i];
  }
}

static void KERNEL(add_row_sums)(const float *x, float *sums, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) {
    f32x16 lanes = {0};
    size_t i = 0;
    for (; i + 16 <= width; i += 16) lanes += load16(x + i);
    float sum = sum16(lanes);
    for (; i < width; i++) sum += x[i];
    sums[r] += sum;
  }
}

static void KERNEL(transpose)(const float *x, float *y, size_t rows, size_t columns) {
  // In tiles whose rows and columns both stay in the first cache.
  for (size_t r = 0; r < rows; r += 16) {
    const size_t height = rows - r < 16 ? rows - r : 16;
    for (size_t c = 0; c < columns; c += 16) {
      const size_t width = columns - c < 16 ? columns - c : 16;
      for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < height; i++) y[(c + j) * rows + r + i] = x[(r + i) * columns + c + j];
    }
  }
}

static void KERNEL(accumulate)(float *x, const float *y, size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) store16(x + i, load16(x + i) + load16(y + i));
  for (; i < count; i++) x[i] += y[i];
}

static void KERNEL(add_column_sums)(const float *x, float *sums, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) KERNEL(accumulate)(sums, x, width);
}

static double KERNEL(softmax_cross_entropy)(float *logits, const int32_t *targets, size_t rows, size_t width,
                                            float scale) {
  double loss = 0;
  for (size_t r = 0; r < rows; r++, logits += width) {
    const float factor = scale / KERNEL(softmax_row)(logits, width, targets[r], &loss);
    size_t i = 0;
    for (; i + 16 <= width; i += 16) store16(logits + i, load16(logits + i) * factor);
    for (; i < width; i++) logits[i] *= factor;
    logits[targets[r]] -= scale;
  }
  return loss;
}

// A counter-based generator: each index is hashed with the key by the finalizer of MurmurHash3, twice.
static void KERNEL(dropout)(float *x, size_t count, uint32_t key, uint32_t threshold, float scale) {
  for (size_t i = 0; i < count; i++) {
    uint32_t h = (uint32_t)i * 0x9E3779B1u + key;
    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    h = (h ^ (h >> 16)) + key * 0x27D4EB2Fu;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = h ^ (h >> 16);
    x[i] = h < threshold ? 0.0f : x[i] * scale;
  }
}

static double KERNEL(sum_of_squares)(const float *x, size_t count) {
  double total = 0;
  // Blocks short enough that their float sums lose nothing that matters.
  while (count > 0) {
    const size_t block = count < 1024 ? count : 1024;
    f32x16 lanes = {0};
    size_t i = 0;
    for (; i + 16 <= block; i += 16) lanes += load16(x + i) * load16(x + i);
    float sum = sum16(lanes);
    for (; i < block; i++) sum += x[i] * x[i];
    total += sum;
    x += block;
    count -= block;
  }
  return total;
}

static double KERNEL(take_gradient)(float *x, float *y, size_t count) {
  double total = 0;
  while (count > 0) {
    const size_t block = count < 1024 ? count : 1024;
    f32x16 lanes = {0};
    size_t i = 0;
    for (; i + 16 <= block; i += 16) {
      const f32x16 v = load16(x + i) + load16(y + i);
      store16(x + i, v);
      store16(y + i, splat(0));
      lanes += v * v;
    }
    float sum = sum16(lanes);
    for (; i < block; i++) {
      x[i] += y[i];
      y[i] = 0;
      sum += x[i] * x[i];
    }
    total += sum;
    x += block;
    y += block;
    count -= block;
  }
  return total;
}

static void KERNEL(adamw)(float *parameter, float *gradient, float *m, float *v, size_t count, float scale,
                          float beta1, float beta2, float epsilon, float keep, float rate, float root) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const f32x16 g = load16(gradient + i) * scale;
    const f32x16 first = beta1 * load16(m + i) + (1.0f - beta1) * g;
    const f32x16 second = beta2 * load16(v + i) + (1.0f - beta2) * g * g;
    store16(m + i, first);
    store16(v + i, second);
    const f32x16 step = rate * first / (__builtin_elementwise_sqrt(second) * root + epsilon);
    store16(parameter + i, load16(parameter + i) * keep - step);
    store16(gradient + i, splat(0));
  }
  for (; i < count; i++) {
    const float g = gradient[i] * scale;
    m[i] = beta1 * m[i] + (1.0f - beta1) * g;
    v[i] = beta2 * v[i] + (1.0f - beta2) * g * g;
    parameter[i] = parameter[i] * keep - rate * m[i] / (__builtin_sqrtf(v[i]) * root + epsilon);
    gradient[i] = 0;
  }
}
