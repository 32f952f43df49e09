#include "elementwise.h"

#pragma STDC FP_CONTRACT ON

#define KERNEL(name) name##_baseline
#include "elementwise_body.h"
#undef KERNEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNEL(name) name##_avx2
#include "elementwise_body.h"
#undef KERNEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define KERNEL(name) name##_avx512
#include "elementwise_body.h"
#undef KERNEL
#pragma clang attribute pop
#endif

// 1 baseline, 2 AVX2, 3 AVX-512; 0 before the first call. Two threads that race here write the same value.
static int detected;

static int instruction_set(void) {
  int set = __atomic_load_n(&detected, __ATOMIC_RELAXED);
  if (set) return set;
  set = 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    set = 3;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    set = 2;
#endif
  __atomic_store_n(&detected, set, __ATOMIC_RELAXED);
  return set;
}

#if defined(__x86_64__)
#define DISPATCH(name, ...)                              \
  switch (instruction_set()) {                           \
    case 3: return name##_avx512(__VA_ARGS__);           \
    case 2: return name##_avx2(__VA_ARGS__);             \
    default: return name##_baseline(__VA_ARGS__);        \
  }
#else
#define DISPATCH(name, ...) return name##_baseline(__VA_ARGS__);
#endif

const char *mk_instruction_set(void) {
  switch (instruction_set()) {
    case 3: return "avx512";
    case 2: return "avx2";
    default: return "baseline";
  }
}

void mk_layernorm(const float *x, const float *weight, const float *bias, float *y, float *mean, float *rstd,
                  size_t rows, size_t width, float epsilon) {
  DISPATCH(layernorm, x, weight, bias, y, mean, rstd, rows, width, epsilon)
}

void mk_bias_gelu(float *pre, const float *bias, float *out, size_t rows, size_t width) {
  DISPATCH(bias_gelu, pre, bias, out, rows, width)
}

void mk_add_row_bias(float *x, const float *bias, size_t rows, size_t width) {
  DISPATCH(add_row_bias, x, bias, rows, width)
}

void mk_add_column_bias(float *x, const float *bias, size_t rows, size_t width) {
  DISPATCH(add_column_bias, x, bias, rows, width)
}

int mk_all_finite(const float *x, size_t count) { DISPATCH(all_finite, x, count) }
