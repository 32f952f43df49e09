// Which of a kernel's copies runs: the widest instruction set that the processor has, found at the first call.
#pragma once

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
