// Transposing 16 × 16 values of 32 bits in registers: four rounds of swaps (Eklundh 1972).
#pragma once

// Swaps the off-diagonal blocks of `size` × `size` in every pair of rows `size` apart: doing so for 8, 4, 2 and 1
// transposes the whole.
#define MK_SWAP(r, size, ...)                                                          \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) {                    \
    if (i & size) continue;                                                            \
    const __typeof__(r[0]) upper = r[i], lower = r[i + size];                          \
    r[i] = __builtin_shufflevector(upper, lower, __VA_ARGS__);                         \
    r[i + size] = MK_SWAP_REST_##size(upper, lower);                                   \
  }
#define MK_SWAP_REST_8(a, b) __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define MK_SWAP_REST_4(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define MK_SWAP_REST_2(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define MK_SWAP_REST_1(a, b) __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)

// Transposes r[16], an array of vectors of 16 lanes.
#define MK_TRANSPOSE16(r)                                                              \
  MK_SWAP(r, 8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)                \
  MK_SWAP(r, 4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)              \
  MK_SWAP(r, 2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)              \
  MK_SWAP(r, 1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
