// The definitions behind bfloat16.h: 14 × 32 outputs at a time, in 28 of the 32 registers, as in product_body.h, but
// with two inner positions in each step.
#include "bfloat16_pack.h"
#include "cumulative_fit16.h"

// Adds the product of one tile, m rows as they are laid out, and one panel, `pairs × 32`, to m rows of y, or stores it
// there. `part`: from one part of x to the next, in pairs.
#define TILE(m)                                                                                                      \
  static void KERNEL(tile_##m)(const uint32_t *x, size_t part, const mk_bfloat16 *panel, size_t pairs, float *y,     \
                               size_t stride, int adds) {                                                            \
    __m512 left[m], right[m];                                                                                        \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                                 \
      left[i] = right[i] = _mm512_setzero_ps();                                                                      \
      __builtin_prefetch(y + i * stride, 1);                                                                         \
      __builtin_prefetch(y + i * stride + 16, 1);                                                                    \
    }                                                                                                                \
    for (size_t done = 0; done < pairs; done += PART / 2, x += part) {                                               \
      const size_t count = pairs - done < PART / 2 ? pairs - done : PART / 2;                                        \
      for (size_t k = 0; k < count; k++, panel += 2 * MK_PANEL) {                                                    \
        const __m512bh a = (__m512bh)_mm512_loadu_si512(panel);                                                      \
        const __m512bh b = (__m512bh)_mm512_loadu_si512(panel + 32);                                                 \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                             \
          const __m512bh s = (__m512bh)_mm512_set1_epi32((int)x[k + i * (ROW / 2)]);                                 \
          left[i] = _mm512_dpbf16_ps(left[i], s, a);                                                                 \
          right[i] = _mm512_dpbf16_ps(right[i], s, b);                                                               \
        }                                                                                                            \
      }                                                                                                              \
    }                                                                                                                \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++, y += stride) {                                    \
      _mm512_storeu_ps(y, adds ? _mm512_add_ps(left[i], _mm512_loadu_ps(y)) : left[i]);                              \
      _mm512_storeu_ps(y + 16, adds ? _mm512_add_ps(right[i], _mm512_loadu_ps(y + 16)) : right[i]);                  \
    }                                                                                                                \
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

typedef void (*bfloat16_tile)(const uint32_t *x, size_t part, const mk_bfloat16 *panel, size_t pairs, float *y,
                              size_t stride, int adds);

static const bfloat16_tile bfloat16_tiles[TILE_ROWS + 1] = {
    0,
    KERNEL(tile_1), KERNEL(tile_2), KERNEL(tile_3), KERNEL(tile_4), KERNEL(tile_5), KERNEL(tile_6), KERNEL(tile_7),
    KERNEL(tile_8), KERNEL(tile_9), KERNEL(tile_10), KERNEL(tile_11), KERNEL(tile_12), KERNEL(tile_13), KERNEL(tile_14),
};

// Rows are spread evenly over the fewest tiles that hold them: 15 rows are 8 + 7, not 14 + 1. Tile `index` of `count`
// starts here.
static inline size_t KERNEL(tile_start)(size_t rows, size_t count, size_t index) { return rows * index / count; }

static inline size_t KERNEL(tile_count)(size_t rows) { return (rows + TILE_ROWS - 1) / TILE_ROWS; }

// GELU(x) = x Φ(x)
INLINE f32x16 KERNEL(gelu_rounded)(f32x16 x) {
  const __m512 limit = _mm512_set1_ps(CUMULATIVE_LIMIT), opposite = _mm512_set1_ps(-CUMULATIVE_LIMIT);
  return x * cumulative_fit16((f32x16)_mm512_max_ps(_mm512_min_ps((__m512)x, limit), opposite));
}

// Where the finished values go: to `y`, or rounded to `rounded`, row-major or, for `laid_rows` rows, laid out.
typedef struct {
  float *y;
  mk_bfloat16 *rounded;
  size_t stride;
  size_t laid_rows;
  const float *bias;
  int mode;
} bfloat16_target;

// The last step on a tile while it is in the first cache: `sums` may be the tile of y itself.
static void KERNEL(finish_tile)(const float *sums, size_t sums_stride, const bfloat16_target *to, size_t row,
                                size_t column, size_t rows, size_t columns) {
  const __mmask16 left = KERNEL(first16)(columns), right = columns > 16 ? KERNEL(first16)(columns - 16) : 0;
  // Whoever reads what is laid out expects zeros behind the last column.
  const __mmask32 both = to->laid_rows ? 0xFFFFFFFFu : KERNEL(first32)(columns);
  const float *bias = to->bias ? to->bias + column : NULL;
  const f32x16 left_bias = bias ? (f32x16)_mm512_maskz_loadu_ps(left, bias) : (f32x16){0};
  const f32x16 right_bias = bias && right ? (f32x16)_mm512_maskz_loadu_ps(right, bias + 16) : (f32x16){0};
  for (size_t r = 0; r < rows; r++, sums += sums_stride) {
    f32x16 a = (f32x16)_mm512_maskz_loadu_ps(left, sums) + left_bias;
    f32x16 b = (f32x16)_mm512_maskz_loadu_ps(right, sums + 16) + right_bias;
    if (to->rounded) {
      if (to->mode == MK_GELU) a = KERNEL(gelu_rounded)(a), b = KERNEL(gelu_rounded)(b);
      const size_t at =
          to->laid_rows ? KERNEL(place)(to->laid_rows, row + r, column) : (row + r) * to->stride + column;
      _mm512_mask_storeu_epi16(to->rounded + at, both, (__m512i)KERNEL(rounded)(a, b));
    } else {
      if (to->mode == MK_GELU) a = gelu16(a), b = gelu16(b);
      float *y = to->y + (row + r) * to->stride + column;
      _mm512_mask_storeu_ps(y, left, (__m512)a);
      if (right) _mm512_mask_storeu_ps(y + 16, right, (__m512)b);
    }
  }
}

// A piece of the product's inner dimension.
typedef struct {
  const uint32_t *x;
  size_t part, pairs;
  // Whether the sums are added to what y has, and whether nothing more will be.
  int adds, is_last;
} bfloat16_step;

// One tile and one panel.
static void KERNEL(run_tile)(const bfloat16_step *step, size_t x_row, const mk_bfloat16 *panel,
                             const bfloat16_target *to, size_t row, size_t column, size_t rows, size_t columns) {
  const uint32_t *x = step->x + x_row * (ROW / 2);
  const int finishes = step->is_last && (to->rounded || to->bias || to->mode == MK_GELU);
  float *y = to->y ? to->y + row * to->stride + column : NULL;
  if (y && columns == MK_PANEL) {
    bfloat16_tiles[rows](x, step->part, panel, step->pairs, y, to->stride, step->adds);
    if (finishes) KERNEL(finish_tile)(y, to->stride, to, row, column, rows, columns);
    return;
  }
  // A narrow panel, or a result that is not kept in float32, goes through a tile of its own.
  float sums[TILE_ROWS * MK_PANEL] __attribute__((aligned(64)));
  bfloat16_tiles[rows](x, step->part, panel, step->pairs, sums, MK_PANEL, 0);
  if (step->adds)
    for (size_t r = 0; r < rows; r++)
      for (size_t c = 0; c < columns; c++) sums[r * MK_PANEL + c] += y[r * to->stride + c];
  const bfloat16_target plain = {to->y, NULL, to->stride, 0, NULL, MK_STORE};
  KERNEL(finish_tile)(sums, MK_PANEL, finishes ? to : &plain, row, column, rows, columns);
}

// `block` rows, from `first` on, of which step.x holds the first.
static void KERNEL(run_block)(const bfloat16_step *step, const mk_bfloat16 *panels, size_t panel_stride,
                              const bfloat16_target *to, size_t first, size_t block, size_t columns) {
  const size_t count = KERNEL(tile_count)(block);
  for (size_t column = 0; column < columns; column += MK_PANEL, panels += panel_stride) {
    const size_t left = columns - column < MK_PANEL ? columns - column : MK_PANEL;
    for (size_t t = 0; t < count; t++) {
      const size_t row = KERNEL(tile_start)(block, count, t), next = KERNEL(tile_start)(block, count, t + 1);
      KERNEL(run_tile)(step, row, panels, to, first + row, column, next - row, left);
    }
  }
}

void mk_bfloat16_pack(mk_factor b, mk_bfloat16 *panels, size_t depth, size_t columns) {
  for (size_t column = 0; column < columns; column += MK_PANEL, panels += MK_PANEL * even(depth))
    KERNEL(pack_panel)(&b, column, columns, 0, depth, panels);
}

static void KERNEL(product)(const mk_factor *a, const mk_bfloat16 *panels, size_t panel_stride,
                            const bfloat16_target *to, size_t rows, size_t depth, size_t columns, void *scratch) {
  // What is not kept in float32 cannot be added up over several parts of the depth.
  const size_t block_depth = depth <= LONGEST_DEPTH || to->rounded ? depth : BLOCK_DEPTH;
  const size_t most = block_rows(block_depth);
  for (size_t first = 0; first < rows; first += most) {
    const size_t block = rows - first < most ? rows - first : most;
    for (size_t k = 0; k < depth; k += block_depth) {
      const size_t left = depth - k < block_depth ? depth - k : block_depth;
      KERNEL(lay_out)(a, first, block, k, left, scratch);
      const bfloat16_step step = {
          scratch, block * (ROW / 2), even(left) / 2, to->mode == MK_ADD || k > 0, k + left == depth};
      KERNEL(run_block)(&step, panels + k * MK_PANEL, panel_stride, to, first, block, columns);
    }
  }
}

void mk_bfloat16_product(mk_factor a, const mk_bfloat16 *panels, size_t panel_stride, const float *bias, float *y,
                         size_t stride, size_t rows, size_t depth, size_t columns, int mode, void *scratch) {
  const bfloat16_target to = {y, NULL, stride, 0, bias, mode};
  KERNEL(product)(&a, panels, panel_stride, &to, rows, depth, columns, scratch);
}

void mk_bfloat16_product_rounded(mk_factor a, const mk_bfloat16 *panels, size_t panel_stride, const float *bias,
                                 mk_bfloat16 *y, size_t stride, size_t rows, size_t depth, size_t columns, int mode,
                                 void *scratch) {
  const bfloat16_target to = {NULL, y, stride, 0, bias, mode};
  KERNEL(product)(&a, panels, panel_stride, &to, rows, depth, columns, scratch);
}

void mk_bfloat16_expand(mk_factor a, const mk_bfloat16 *panels, const float *bias, mk_bfloat16 *inner, size_t rows,
                        size_t depth, size_t columns, void *scratch) {
  const bfloat16_target to = {NULL, inner, 0, rows, bias, MK_GELU};
  KERNEL(product)(&a, panels, MK_PANEL * even(depth), &to, rows, depth, columns, scratch);
}

void mk_bfloat16_contract(const mk_bfloat16 *inner, const mk_bfloat16 *panels, const float *bias, float *y,
                          size_t stride, size_t rows, size_t depth, size_t columns) {
  const bfloat16_target to = {y, NULL, stride, 0, bias, MK_ADD};
  const size_t most = block_rows(depth);
  for (size_t first = 0; first < rows; first += most) {
    const bfloat16_step step = {
        (const uint32_t *)(inner + first * ROW), rows * (ROW / 2), even(depth) / 2, 1, 1};
    KERNEL(run_block)(&step, panels, MK_PANEL * even(depth), &to, first, rows - first < most ? rows - first : most,
                      columns);
  }
}

void mk_bfloat16_mix(mk_factor weight, const float *bias, const float *y, float *x, size_t rows, size_t positions,
                     size_t width, int causal, void *scratch) {
  const mk_factor states = {y, width, 0, 0};
  const bfloat16_target to = {x, NULL, width, 0, NULL, MK_ADD};
  const size_t most = block_rows(positions);
  for (size_t first = 0; first < rows; first += most) {
    const size_t block = rows - first < most ? rows - first : most;
    const size_t count = KERNEL(tile_count)(block), depth = causal ? first + block : positions;
    mk_bfloat16 *panel = (mk_bfloat16 *)scratch + laid_out(block, depth);
    KERNEL(lay_out)(&weight, first, block, 0, depth, scratch);
    for (size_t column = 0; column < width; column += MK_PANEL) {
      const size_t columns = width - column < MK_PANEL ? width - column : MK_PANEL;
      KERNEL(pack_panel)(&states, column, width, 0, depth, panel);
      for (size_t t = 0; t < count; t++) {
        const size_t row = KERNEL(tile_start)(block, count, t), next = KERNEL(tile_start)(block, count, t + 1);
        // A causal tile reads the positions up to its own last row.
        const size_t reach = causal ? first + next : depth;
        const bfloat16_step step = {scratch, block * (ROW / 2), even(reach) / 2, 1, 1};
        KERNEL(run_tile)(&step, row, panel, &to, first + row, column, next - row, columns);
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
