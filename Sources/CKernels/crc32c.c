#include "crc32c.h"

#include <string.h>

// Eight tables for eight bytes a step ("slicing-by-8", Kounavis & Berry 2005); 1 once they are filled.
static uint32_t tables[8][256];
static int tables_ready;

static void fill_tables(void) {
  // Two threads that race here write the same values.
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78u : 0);
    __atomic_store_n(&tables[0][byte], crc, __ATOMIC_RELAXED);
  }
  for (int table = 1; table < 8; table++)
    for (uint32_t byte = 0; byte < 256; byte++) {
      uint32_t previous = tables[table - 1][byte];
      __atomic_store_n(&tables[table][byte], (previous >> 8) ^ tables[0][previous & 255], __ATOMIC_RELAXED);
    }
  __atomic_store_n(&tables_ready, 1, __ATOMIC_RELEASE);
}

uint32_t mk_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
  if (!__atomic_load_n(&tables_ready, __ATOMIC_ACQUIRE)) fill_tables();
  const unsigned char *p = bytes;
  crc = ~crc;
  for (; count >= 8; p += 8, count -= 8) {
    uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    crc = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^ tables[4][low >> 24] ^
          tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
  }
  while (count--) crc = (crc >> 8) ^ tables[0][(crc ^ *p++) & 255];
  return ~crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  uint64_t state = ~crc;
  for (; count >= 8; p += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = _mm_crc32_u64(state, word);
  }
  uint32_t rest = (uint32_t)state;
  while (count--) rest = _mm_crc32_u8(rest, *p++);
  return ~rest;
}
#endif

uint32_t mk_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__x86_64__)
  // Reads a variable that the C runtime fills at start: cheap enough for every call.
  if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(crc, bytes, count);
#endif
  return mk_crc32c_portable(crc, bytes, count);
}
