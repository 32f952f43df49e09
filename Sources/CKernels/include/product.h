// Matrix products for processors with AVX-512, on weights that were put in panels once, at load or for a training step.
//
// A general library reorders both factors at every call. A mixer's weights never change (in training once a step), and
// a query has few rows: for these shapes the reordering costs OpenBLAS a tenth to a half of the time. Each output value is one chain of
// fused multiply-adds in the order of the inner dimension, so a row's result is the same, to the bit, whatever rows
// are computed with it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Columns in a panel.
#define MK_PANEL 32

// Whether the processor has what the functions below need; they must not be called otherwise.
int mk_product_is_supported(void);
// Whether they are also the fastest choice: not in a build without optimisation.
int mk_product_is_fast(void);

// Puts weight (outputs × inputs, as PyTorch stores it) into panels of 32 outputs, each `inputs` × 32; the last one is
// filled up with zeros. `panels` has room for inputs · (outputs rounded up to a multiple of 32).
void mk_pack_panels(const float *weight, float *panels, size_t outputs, size_t inputs);

// The same for a weight that is stored the other way round, inputs × outputs.
void mk_pack_panels_transposed(const float *weight, float *panels, size_t outputs, size_t inputs);

// Floats of scratch memory that a product of up to `rows` rows needs.
size_t mk_product_scratch(size_t rows);

enum { MK_STORE = 0, MK_ADD = 1, MK_GELU = 2 };

// With p = x · weightᵀ + bias (along each row, unless NULL): y = p, y += p, or y = GELU(p), as `mode` says.
// x: rows × inputs, y: rows × outputs, both contiguous.
void mk_panel_product(const float *x, const float *panels, const float *bias, float *y, size_t rows, size_t inputs,
                      size_t outputs, int mode, float *scratch);

// x += weight · y + bias (one a row, unless NULL). weight: rows × positions with `stride` between its rows, x:
// rows × width, y: positions × width. With `causal`, rows = positions and weight is zero above its diagonal, most of
// which is then left out.
void mk_mix(const float *weight, size_t stride, const float *bias, const float *y, float *x, size_t rows,
            size_t positions, size_t width, int causal, float *scratch);

#ifdef __cplusplus
}
#endif
