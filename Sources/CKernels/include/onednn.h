// Products through oneDNN (libdnnl.so.2), where it is installed: the library is looked for at run time, so that a
// machine without it builds and runs all the same. Weights are brought into the library's own order once, at load.
//
// Each product runs on the calling thread: the library's team of threads (OpenMP) is set to one for it. A row's result
// may depend, in rounding, on the rows computed with it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "bfloat16.h"

#ifdef __cplusplus
extern "C" {
#endif

// Whether the library is there and, with `in_bfloat16`, multiplies bfloat16 natively on this processor.
int mk_onednn_is_available(int in_bfloat16);

typedef struct mk_onednn_weights mk_onednn_weights;

// Packs weight (outputs × inputs, as PyTorch stores it). NULL when the library refuses.
mk_onednn_weights *mk_onednn_pack(const float *weight, size_t outputs, size_t inputs, int in_bfloat16);
void mk_onednn_free(mk_onednn_weights *weights);

// As mk_panel_product, with x and y in bfloat16 where it says so (y then only with MK_STORE and MK_GELU; both only
// where the weights are). Scratch as for mk_bfloat16_product. Any number of threads may call it at once. 0, or the
// library's error.
int mk_onednn_product(mk_onednn_weights *weights, const void *x, int x_is_rounded, const float *bias, void *y,
                      int y_is_rounded, size_t rows, int mode, void *scratch);

#ifdef __cplusplus
}
#endif
