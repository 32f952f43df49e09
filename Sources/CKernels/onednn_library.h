// The part of oneDNN 2's binary interface that is used here, declared by hand so that no header is needed.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The library's descriptors are plain structs of 696 and 2800 bytes in 2.6 that it fills in itself.
typedef struct { _Alignas(8) unsigned char bytes[1024]; } onednn_layout;
typedef struct { _Alignas(8) unsigned char bytes[4096]; } onednn_operation;
typedef struct { int arg; void *memory; } onednn_argument;

enum { ONEDNN_CPU = 1, ONEDNN_IN_ORDER = 1 };
enum { ONEDNN_BF16 = 2, ONEDNN_F32 = 3 };                         // dnnl_data_type_t
enum { ONEDNN_ANY = 1, ONEDNN_AB = 3, ONEDNN_BA = 22 };           // dnnl_format_tag_t
enum { ONEDNN_GELU_ERF = 48, ONEDNN_WEIGHTS_LAYOUT = 131, ONEDNN_SCRATCH_LAYOUT = 136 };
enum { ONEDNN_SCRATCH_OF_CALLER = 1 };                            // dnnl_scratchpad_mode_t
enum { ONEDNN_SRC = 1, ONEDNN_DST = 17, ONEDNN_WEIGHTS = 33, ONEDNN_BIAS = 41, ONEDNN_SCRATCH = 80 };
enum { ONEDNN_FROM = 1, ONEDNN_TO = 17 };
enum { ONEDNN_ISA_BF16 = 0xE7 };                                  // dnnl_cpu_isa_t, a set of bits

#define ONEDNN_FUNCTIONS(X)                                                                                          \
  X(engine_create, (void **engine, int kind, size_t index))                                                          \
  X(stream_create, (void **stream, void *engine, unsigned flags))                                                    \
  X(stream_destroy, (void *stream))                                                                                  \
  X(memory_desc_init_by_tag, (onednn_layout *, int rank, const int64_t *sizes, int type, int tag))                   \
  X(matmul_desc_init, (onednn_operation *, const onednn_layout *src, const onednn_layout *weights,                   \
                       const onednn_layout *bias, const onednn_layout *dst))                                         \
  X(primitive_attr_create, (void **attributes))                                                                      \
  X(primitive_attr_destroy, (void *attributes))                                                                      \
  X(primitive_attr_set_scratchpad_mode, (void *attributes, int mode))                                                \
  X(primitive_attr_set_post_ops, (void *attributes, void *chain))                                                    \
  X(post_ops_create, (void **chain))                                                                                 \
  X(post_ops_destroy, (void *chain))                                                                                 \
  X(post_ops_append_eltwise, (void *chain, float scale, int kind, float alpha, float beta))                          \
  X(post_ops_append_sum, (void *chain, float scale))                                                                 \
  X(primitive_desc_create, (void **made, const onednn_operation *, void *attributes, void *engine, void *hint))      \
  X(primitive_desc_destroy, (void *))                                                                                \
  X(reorder_primitive_desc_create, (void **made, const onednn_layout *from, void *from_engine,                       \
                                    const onednn_layout *to, void *to_engine, void *attributes))                     \
  X(primitive_create, (void **primitive, void *description))                                                         \
  X(primitive_destroy, (void *primitive))                                                                            \
  X(primitive_execute, (void *primitive, void *stream, int count, const onednn_argument *))                          \
  X(stream_wait, (void *stream))                                                                                     \
  X(memory_create, (void **memory, const onednn_layout *, void *engine, void *values))                               \
  X(memory_destroy, (void *memory))                                                                                  \
  X(get_effective_cpu_isa, (void))

typedef struct {
#define X(name, parameters) int(*name) parameters;
  ONEDNN_FUNCTIONS(X)
#undef X
  const onednn_layout *(*primitive_desc_query_md)(void *description, int what, int index);
  size_t (*memory_desc_get_size)(const onednn_layout *);
  // OpenMP's, which the library's threads come from; NULL where it is built without.
  void (*set_threads)(int count);
  void *engine;
} onednn_library;

// The library, opened at the first call; NULL where there is none.
const onednn_library *mk_onednn_open(void);
