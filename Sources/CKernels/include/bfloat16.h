// Matrix products in bfloat16 for processors that multiply it natively (AVX512_BF16): twice the rate of float32.
//
// Factors are rounded to bfloat16 (to nearest, ties to even; subnormal values become zero) while they are brought into
// the order in which the processor multiplies them; sums are kept in float32. The second factor is put in panels of 32
// columns, once for weights, at load, or once a step in training. Each output value is one chain of sums in the order
// of the inner dimension, so a row's result is the same, to the bit, whatever rows are computed with it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "product.h"

#ifdef __cplusplus
extern "C" {
#endif

// The upper half of a float32.
typedef uint16_t mk_bfloat16;

// Whether the processor has what the functions below need, those at the end excepted; they must not be called
// otherwise.
int mk_bfloat16_is_supported(void);
// Whether they are also the fastest choice: not in a build without optimisation.
int mk_bfloat16_is_fast(void);

// A factor of a product, as it lies in memory.
typedef struct {
  // float, or mk_bfloat16 where `is_bfloat16` says so.
  const void *values;
  // From one stored row to the next, in values.
  size_t stride;
  int is_bfloat16;
  // Whether the factor is the transpose of what is stored.
  int is_transposed;
} mk_factor;

// How many bfloat16 values the panels of a `depth` × `columns` factor take.
size_t mk_bfloat16_panels(size_t depth, size_t columns);

// Puts b (depth × columns) into panels. A weight as PyTorch stores it, outputs × inputs, is the transpose of the factor
// with depth = inputs and columns = outputs.
void mk_bfloat16_pack(mk_factor b, mk_bfloat16 *panels, size_t depth, size_t columns);

// Bytes of scratch memory that a product of up to `rows` rows and up to `depth` needs; aligned to 64.
size_t mk_bfloat16_scratch(size_t rows, size_t depth);

// With p = a · b + bias (along each row, unless NULL): y = p, y += p, or y = GELU(p), as `mode` says.
// a: rows × depth (at least 1), b: depth × columns in panels, y: rows × columns with `stride` from row to row.
// `panels` may start in the middle of panels that hold more: a factor's rows from 2 i on start 64 i values after its
// panels. `panel_stride` is the distance between panels, 32 · (the packed depth rounded up to an even number).
void mk_bfloat16_product(mk_factor a, const mk_bfloat16 *panels, size_t panel_stride, const float *bias, float *y,
                         size_t stride, size_t rows, size_t depth, size_t columns, int mode, void *scratch);

// The same with a result in bfloat16, ready to be a factor of the next product. `mode` is MK_STORE or MK_GELU, the
// latter within 6e-5, which is far below the rounding of its arguments and result.
void mk_bfloat16_product_rounded(mk_factor a, const mk_bfloat16 *panels, size_t panel_stride, const float *bias,
                                 mk_bfloat16 *y, size_t stride, size_t rows, size_t depth, size_t columns, int mode,
                                 void *scratch);

// The two halves of a feed-forward, between which the activations lie in the order in which they are multiplied next.
// inner = GELU(a · b + bias), as above; it has room for mk_bfloat16_inner(rows, columns) values, aligned to 64 bytes.
// Panels are whole.
size_t mk_bfloat16_inner(size_t rows, size_t columns);
void mk_bfloat16_expand(mk_factor a, const mk_bfloat16 *panels, const float *bias, mk_bfloat16 *inner, size_t rows,
                        size_t depth, size_t columns, void *scratch);
// y += inner · b + bias, with the `rows` that inner was made with, `depth` being its columns.
void mk_bfloat16_contract(const mk_bfloat16 *inner, const mk_bfloat16 *panels, const float *bias, float *y,
                          size_t stride, size_t rows, size_t depth, size_t columns);

// x += weight · y + bias (one a row, unless NULL). weight: rows × positions, x: rows × width, y: positions × width;
// both factors are rounded here. With `causal`, rows = positions and weight is zero above its diagonal, most of which is
// then left out. Scratch as for a product of `rows` rows and depth `positions`.
void mk_bfloat16_mix(mk_factor weight, const float *bias, const float *y, float *x, size_t rows, size_t positions,
                     size_t width, int causal, void *scratch);

// These run on every processor.

// The rounding alone.
void mk_bfloat16_round(const float *x, mk_bfloat16 *y, size_t count);
// The product as its definition reads, in double, to compare with.
void mk_bfloat16_product_plain(mk_factor a, mk_factor b, const float *bias, float *y, size_t stride, size_t rows,
                               size_t depth, size_t columns, int mode);

#ifdef __cplusplus
}
#endif
