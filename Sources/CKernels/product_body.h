// The definitions behind product.h for AVX-512: 14 × 32 outputs at a time, in 28 of the 32 registers.
#include "transpose16.h"
#include "vector16.h"

// Adds the product of one tile, `depth × m` with the m rows side by side, and one panel, `depth × 32`, to m rows of y,
// or stores it there.
#define TILE(m)                                                                                                 \
  static void KERNEL(tile_##m)(const float *x, const float *panel, size_t depth, float *y, size_t stride,      \
                               int adds) {                                                                      \
    f32x16 left[m], right[m];                                                                                   \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                            \
      left[i] = right[i] = (f32x16){0};                                                                         \
      __builtin_prefetch(y + i * stride, 1);                                                                    \
      __builtin_prefetch(y + i * stride + 16, 1);                                                               \
    }                                                                                                           \
    for (size_t k = 0; k < depth; k++) {                                                                        \
      const f32x16 a = load16(panel + k * MK_PANEL), b = load16(panel + k * MK_PANEL + 16);                     \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                          \
        const f32x16 s = splat(x[k * m + i]);                                                                   \
        left[i] += s * a;                                                                                       \
        right[i] += s * b;                                                                                      \
      }                                                                                                         \
    }                                                                                                           \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++, y += stride) {                               \
      store16(y, adds ? left[i] + load16(y) : left[i]);                                                         \
      store16(y + 16, adds ? right[i] + load16(y + 16) : right[i]);                                             \
    }                                                                                                           \
  }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
TILE(7)
TILE(8)
TILE(9)
TILE(10)
TILE(11)
TILE(12)
TILE(13)
TILE(14)
#undef TILE

typedef void (*tile_function)(const float *x, const float *panel, size_t depth, float *y, size_t stride, int adds);

static const tile_function tiles[TILE_ROWS + 1] = {
    0,
    KERNEL(tile_1), KERNEL(tile_2), KERNEL(tile_3), KERNEL(tile_4), KERNEL(tile_5), KERNEL(tile_6), KERNEL(tile_7),
    KERNEL(tile_8), KERNEL(tile_9), KERNEL(tile_10), KERNEL(tile_11), KERNEL(tile_12), KERNEL(tile_13), KERNEL(tile_14),
};

// Rows are spread evenly over the fewest tiles that hold them: 15 rows are 8 + 7, not 14 + 1. Tile `index` of `count`
// starts here.
static inline size_t tile_start(size_t rows, size_t count, size_t index) { return rows * index / count; }

static inline size_t tile_count(size_t rows) { return (rows + TILE_ROWS - 1) / TILE_ROWS; }

// Lays `rows` ≤ 16 rows of x side by side: out[k · out_stride + row]. Every k writes 16 values, so out_stride is the
// number of rows (the surplus is overwritten by the next k, and up to 16 values behind the last are lost) or ≥ 16.
static void KERNEL(pack_tile)(const float *x, size_t stride, size_t rows, size_t depth, float *out,
                              size_t out_stride) {
  size_t k = 0;
  for (; k + 16 <= depth; k += 16) {
    f32x16 r[16];
    for (size_t i = 0; i < 16; i++) r[i] = i < rows ? load16(x + i * stride + k) : (f32x16){0};
    MK_TRANSPOSE16(r)
    for (size_t i = 0; i < 16; i++) store16(out + (k + i) * out_stride, r[i]);
  }
  for (; k < depth; k++)
    for (size_t i = 0; i < rows; i++) out[k * out_stride + i] = x[i * stride + k];
}

// One tile with the columns of a panel that y has; fewer than 32 go through a buffer.
static void KERNEL(run_tile)(const float *x, const float *panel, size_t rows, size_t depth, float *y, size_t stride,
                             size_t columns, int adds) {
  if (columns == MK_PANEL) return tiles[rows](x, panel, depth, y, stride, adds);
  float whole[TILE_ROWS * MK_PANEL];
  tiles[rows](x, panel, depth, whole, MK_PANEL, 0);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++)
      y[r * stride + c] = adds ? whole[r * MK_PANEL + c] + y[r * stride + c] : whole[r * MK_PANEL + c];
}

// The last step on a tile of y, while it is in the first cache.
static void KERNEL(finish_tile)(float *y, size_t stride, size_t rows, size_t columns, const float *bias, int mode) {
  for (size_t r = 0; r < rows; r++, y += stride) {
    for (size_t c = 0; c < columns; c += 16) {
      const size_t count = columns - c < 16 ? columns - c : 16;
      f32x16 v = count == 16 ? load16(y + c) : load_tail(y + c, count);
      if (bias) v += count == 16 ? load16(bias + c) : load_tail(bias + c, count);
      if (mode == MK_GELU) v = gelu16(v);
      if (count == 16) store16(y + c, v);
      else store_tail(y + c, v, count);
    }
  }
}

void mk_pack_panels(const float *weight, float *panels, size_t outputs, size_t inputs) {
  for (size_t first = 0; first < outputs; first += MK_PANEL, panels += inputs * MK_PANEL) {
    if (outputs - first < MK_PANEL) memset(panels, 0, inputs * MK_PANEL * sizeof(float));
    for (size_t half = 0; half < MK_PANEL && first + half < outputs; half += 16) {
      const size_t left = outputs - first - half;
      KERNEL(pack_tile)(weight + (first + half) * inputs, inputs, left < 16 ? left : 16, inputs, panels + half,
                        MK_PANEL);
    }
  }
}

void mk_pack_panels_transposed(const float *weight, float *panels, size_t outputs, size_t inputs) {
  for (size_t first = 0; first < outputs; first += MK_PANEL)
    for (size_t k = 0; k < inputs; k++, panels += MK_PANEL) {
      const float *from = weight + k * outputs + first;
      if (outputs - first >= MK_PANEL) {
        store16(panels, load16(from));
        store16(panels + 16, load16(from + 16));
      } else {
        for (size_t c = 0; c < MK_PANEL; c++) panels[c] = first + c < outputs ? from[c] : 0.0f;
      }
    }
}

void mk_panel_product(const float *x, const float *panels, const float *bias, float *y, size_t rows, size_t inputs,
                      size_t outputs, int mode, float *scratch) {
  const int finishes = bias != NULL || mode == MK_GELU;
  // A depth of up to two blocks is done in one go, with half the rows: no pass over y is repeated.
  const int is_short = inputs <= 2 * BLOCK_DEPTH;
  const size_t block_rows = inputs > BLOCK_DEPTH && is_short ? BLOCK_ROWS / 2 : BLOCK_ROWS;
  const size_t block_depth = is_short ? inputs : BLOCK_DEPTH;
  for (size_t first = 0; first < rows; first += block_rows) {
    const size_t block = rows - first < block_rows ? rows - first : block_rows;
    const size_t count = tile_count(block);
    for (size_t k = 0; k < inputs; k += block_depth) {
      const size_t depth = inputs - k < block_depth ? inputs - k : block_depth;
      const int is_last = k + depth == inputs;
      for (size_t t = 0; t < count; t++) {
        const size_t row = tile_start(block, count, t), next = tile_start(block, count, t + 1);
        KERNEL(pack_tile)(x + (first + row) * inputs + k, inputs, next - row, depth, scratch + row * depth,
                          next - row);
      }
      for (size_t column = 0; column < outputs; column += MK_PANEL) {
        const size_t columns = outputs - column < MK_PANEL ? outputs - column : MK_PANEL;
        const float *panel = panels + column * inputs + k * MK_PANEL;
        for (size_t t = 0; t < count; t++) {
          const size_t row = tile_start(block, count, t), next = tile_start(block, count, t + 1);
          float *target = y + (first + row) * outputs + column;
          KERNEL(run_tile)(scratch + row * depth, panel, next - row, depth, target, outputs, columns,
                           mode == MK_ADD || k > 0);
          if (is_last && finishes)
            KERNEL(finish_tile)(target, outputs, next - row, columns, bias ? bias + column : NULL, mode);
        }
      }
    }
  }
}

void mk_mix(const float *weight, size_t stride, const float *bias, const float *y, float *x, size_t rows,
            size_t positions, size_t width, int causal, float *scratch) {
  for (size_t first = 0; first < rows; first += BLOCK_ROWS) {
    const size_t block = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
    const size_t count = tile_count(block);
    float *panel = scratch + block * BLOCK_DEPTH + 16;
    const size_t end = causal ? first + block : positions;
    for (size_t k = 0; k < end; k += BLOCK_DEPTH) {
      const size_t depth = end - k < BLOCK_DEPTH ? end - k : BLOCK_DEPTH;
      for (size_t t = 0; t < count; t++) {
        const size_t row = tile_start(block, count, t), next = tile_start(block, count, t + 1);
        KERNEL(pack_tile)(weight + (first + row) * stride + k, stride, next - row, depth, scratch + row * depth,
                          next - row);
      }
      for (size_t column = 0; column < width; column += MK_PANEL) {
        const size_t columns = width - column < MK_PANEL ? width - column : MK_PANEL;
        for (size_t d = 0; d < depth; d++) {
          const float *from = y + (k + d) * width + column;
          if (columns == MK_PANEL) {
            store16(panel + d * MK_PANEL, load16(from));
            store16(panel + d * MK_PANEL + 16, load16(from + 16));
          } else {
            for (size_t c = 0; c < MK_PANEL; c++) panel[d * MK_PANEL + c] = c < columns ? from[c] : 0.0f;
          }
        }
        for (size_t t = 0; t < count; t++) {
          const size_t row = tile_start(block, count, t), next = tile_start(block, count, t + 1);
          // A causal tile reads the positions up to its own last row.
          size_t reach = depth;
          if (causal && first + next < k + depth) {
            if (first + next <= k) continue;
            reach = first + next - k;
          }
          KERNEL(run_tile)(scratch + row * depth, panel, next - row, reach, x + (first + row) * width + column, width,
                           columns, 1);
        }
      }
    }
  }
  if (bias)
    for (size_t r = 0; r < rows; r++) {
      float *row = x + r * width;
      size_t i = 0;
      for (; i + 16 <= width; i += 16) store16(row + i, load16(row + i) + bias[r]);
      for (; i < width; i++) row[i] += bias[r];
    }
}
