#include "product.h"

// Blocks of the two outer dimensions. A block of x in tiles (504 × 256 floats) and a panel's part (256 × 32) stay in
// the second cache while every tile meets every panel; measured on shapes of D = 256 and 512.
#define BLOCK_ROWS 504
#define BLOCK_DEPTH 256
#define TILE_ROWS 14

size_t mk_product_scratch(size_t rows) {
  // Up to half a block of rows, twice the depth may be used.
  const size_t block = 2 * rows < BLOCK_ROWS ? 2 * rows : BLOCK_ROWS;
  return block * BLOCK_DEPTH + 16 + BLOCK_DEPTH * MK_PANEL;
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define KERNEL(name) name##_product
#include "product_body.h"
#undef KERNEL
#pragma clang attribute pop

int mk_product_is_supported(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
int mk_product_is_supported(void) { return 0; }

void mk_pack_panels(const float *weight, float *panels, size_t outputs, size_t inputs) { __builtin_trap(); }

void mk_pack_panels_transposed(const float *weight, float *panels, size_t outputs, size_t inputs) { __builtin_trap(); }

void mk_panel_product(const float *x, const float *panels, const float *bias, float *y, size_t rows, size_t inputs,
                      size_t outputs, int mode, float *scratch) {
  __builtin_trap();
}

void mk_mix(const float *weight, size_t stride, const float *bias, const float *y, float *x, size_t rows,
            size_t positions, size_t width, int causal, float *scratch) {
  __builtin_trap();
}
#endif

int mk_product_is_fast(void) {
#if defined(__OPTIMIZE__)
  return mk_product_is_supported();
#else
  return 0;
#endif
}
