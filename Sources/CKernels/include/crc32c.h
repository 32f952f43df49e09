// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected; RFC 3720 §B.4), as hardware computes it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The checksum of `count` bytes that follow those of which `crc` is the checksum; start with 0.
// mk_crc32c(mk_crc32c(0, a), b) is the checksum of a followed by b. "123456789" gives 0xE3069283.
uint32_t mk_crc32c(uint32_t crc, const void *bytes, size_t count);

// The same by table, whatever the processor has: the twin that the other is tested against.
uint32_t mk_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
