#include "bfloat16.h"

// Positions in a part of the first factor, and values from row to row in it: an odd number of cache lines, so that the
// rows of a tile fall on different sets of the first cache.
#define PART 512
#define ROW 544
// A block of the first factor (548 KB) stays in the second cache while every tile meets every panel.
#define BLOCK_VALUES (126 * 4 * ROW)
#define TILE_ROWS 14
// A longer inner dimension is cut, where the result can be added up in y.
#define LONGEST_DEPTH 4096
#define BLOCK_DEPTH 2048

static inline size_t even(size_t depth) { return (depth + 1) & ~(size_t)1; }

// What laid out rows take.
static inline size_t laid_out(size_t rows, size_t depth) { return (depth + PART - 1) / PART * rows * ROW; }

// Rows of the first factor in a block: whole tiles, at least one.
static inline size_t block_rows(size_t depth) {
  const size_t tiles = BLOCK_VALUES / laid_out(TILE_ROWS, depth);
  return TILE_ROWS * (tiles < 1 ? 1 : tiles > 64 ? 64 : tiles);
}

size_t mk_bfloat16_panels(size_t depth, size_t columns) {
  return (columns + MK_PANEL - 1) / MK_PANEL * MK_PANEL * even(depth);
}

size_t mk_bfloat16_inner(size_t rows, size_t columns) { return laid_out(rows, columns); }

size_t mk_bfloat16_scratch(size_t rows, size_t depth) {
  const size_t tile = laid_out(TILE_ROWS, depth), most = tile > BLOCK_VALUES ? tile : BLOCK_VALUES;
  const size_t all = laid_out(rows, depth);
  // A block of the first factor, and a panel (for mixing).
  return sizeof(mk_bfloat16) * ((all < most ? all : most) + MK_PANEL * even(depth));
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), \
                             apply_to = function)
#define KERNEL(name) name##_bfloat16
#include "bfloat16_body.h"
#undef KERNEL
#pragma clang attribute pop

int mk_bfloat16_is_supported(void) {
  __builtin_cpu_init();
  return mk_product_is_supported() && __builtin_cpu_supports("avx512bf16");
}
#else
int mk_bfloat16_is_supported(void) { return 0; }

void mk_bfloat16_pack(mk_factor b, mk_bfloat16 *panels, size_t depth, size_t columns) { __builtin_trap(); }

void mk_bfloat16_product(mk_factor a, const mk_bfloat16 *panels, size_t panel_stride, const float *bias, float *y,
                         size_t stride, size_t rows, size_t depth, size_t columns, int mode, void *scratch) {
  __builtin_trap();
}

void mk_bfloat16_product_rounded(mk_factor a, const mk_bfloat16 *panels, size_t panel_stride, const float *bias,
                                 mk_bfloat16 *y, size_t stride, size_t rows, size_t depth, size_t columns, int mode,
                                 void *scratch) {
  __builtin_trap();
}

void mk_bfloat16_expand(mk_factor a, const mk_bfloat16 *panels, const float *bias, mk_bfloat16 *inner, size_t rows,
                        size_t depth, size_t columns, void *scratch) {
  __builtin_trap();
}

void mk_bfloat16_contract(const mk_bfloat16 *inner, const mk_bfloat16 *panels, const float *bias, float *y,
                          size_t stride, size_t rows, size_t depth, size_t columns) {
  __builtin_trap();
}

void mk_bfloat16_mix(mk_factor weight, const float *bias, const float *y, float *x, size_t rows, size_t positions,
                     size_t width, int causal, void *scratch) {
  __builtin_trap();
}
#endif

int mk_bfloat16_is_fast(void) {
#if defined(__OPTIMIZE__)
  return mk_bfloat16_is_supported();
#else
  return 0;
#endif
}
