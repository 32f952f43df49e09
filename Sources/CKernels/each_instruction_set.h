// Includes BODY once for each instruction set that dispatch.h knows, with KERNEL(name) giving each copy its own names,
// compiled for that set. Define BODY before, as the name of the file in quotes.
#include "dispatch.h"

#pragma STDC FP_CONTRACT ON

#define KERNEL(name) name##_baseline
#include BODY
#undef KERNEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNEL(name) name##_avx2
#include BODY
#undef KERNEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define KERNEL(name) name##_avx512
#include BODY
#undef KERNEL
#pragma clang attribute pop
#endif

#undef BODY
