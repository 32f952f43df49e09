#include "onednn.h"

#include <pthread.h>
#include <stdlib.h>

#include "onednn_library.h"

// The library compiles its code for a number of rows, which takes milliseconds. Products are therefore put together
// from a few sizes, for each of which that happens once.
static const size_t sizes[] = {252, 126, 64, 32, 16, 8, 4, 2, 1};
#define SIZES (sizeof sizes / sizeof sizes[0])
// Bfloat16 values that mk_bfloat16_scratch provides room for, unless the rows have fewer or 14 of them have more.
#define SCRATCH_VALUES 258048
// Three modes in float32, and in bfloat16 (without adding).
#define KINDS 6

// A product compiled for a number of rows.
typedef struct {
  void *primitive;
  onednn_layout scratch;
  size_t scratch_size;
} compiled;

struct mk_onednn_weights {
  size_t outputs, inputs;
  int type;
  onednn_layout layout;
  void *values;
  // Made when first needed.
  compiled *products[SIZES][KINDS];
  pthread_mutex_t lock;
};

int mk_onednn_is_available(int in_bfloat16) {
  const onednn_library *dnn = mk_onednn_open();
  return dnn && (!in_bfloat16 || (dnn->get_effective_cpu_isa() & ONEDNN_ISA_BF16) == ONEDNN_ISA_BF16);
}

static int matrix(const onednn_library *dnn, onednn_layout *layout, size_t rows, size_t columns, int type, int tag) {
  const int64_t extent[] = {(int64_t)rows, (int64_t)columns};
  return dnn->memory_desc_init_by_tag(layout, 2, extent, type, tag);
}

// What is done after the product: nothing, adding what y has, or GELU.
static int attributes(const onednn_library *dnn, int mode, void **made) {
  void *chain = NULL;
  int status = dnn->primitive_attr_create(made);
  if (status) return status;
  // The library's own scratch memory belongs to the thread that made the primitive: no other could run it.
  status = dnn->primitive_attr_set_scratchpad_mode(*made, ONEDNN_SCRATCH_OF_CALLER);
  if (!status) status = dnn->post_ops_create(&chain);
  if (!status && mode == MK_ADD) status = dnn->post_ops_append_sum(chain, 1);
  if (!status && mode == MK_GELU) status = dnn->post_ops_append_eltwise(chain, 1, ONEDNN_GELU_ERF, 0, 0);
  if (!status) status = dnn->primitive_attr_set_post_ops(*made, chain);
  if (chain) dnn->post_ops_destroy(chain);
  return status;
}

// The description of a product; with `layout` NULL the library chooses the order of the weights.
static int describe(const onednn_library *dnn, const mk_onednn_weights *w, const onednn_layout *layout, size_t rows,
                    int mode, int rounded, void **made) {
  onednn_layout x, any, bias, y;
  onednn_operation operation;
  void *options = NULL;
  int status = matrix(dnn, &x, rows, w->inputs, w->type, ONEDNN_AB);
  if (!status) status = matrix(dnn, &any, w->inputs, w->outputs, w->type, ONEDNN_ANY);
  if (!status) status = matrix(dnn, &bias, 1, w->outputs, ONEDNN_F32, ONEDNN_AB);
  if (!status) status = matrix(dnn, &y, rows, w->outputs, rounded ? ONEDNN_BF16 : ONEDNN_F32, ONEDNN_AB);
  if (!status) status = dnn->matmul_desc_init(&operation, &x, layout ? layout : &any, &bias, &y);
  if (!status) status = attributes(dnn, mode, &options);
  if (!status) status = dnn->primitive_desc_create(made, &operation, options, dnn->engine, NULL);
  if (options) dnn->primitive_attr_destroy(options);
  return status;
}

static int run(const onednn_library *dnn, void *primitive, const onednn_argument *arguments, int count) {
  void *stream = NULL;
  int status = dnn->stream_create(&stream, dnn->engine, ONEDNN_IN_ORDER);
  if (!status) status = dnn->primitive_execute(primitive, stream, count, arguments);
  if (!status) status = dnn->stream_wait(stream);
  if (stream) dnn->stream_destroy(stream);
  return status;
}

static int reorder(const onednn_library *dnn, mk_onednn_weights *w, const float *weight) {
  onednn_layout stored;
  void *description = NULL, *primitive = NULL, *from = NULL, *to = NULL;
  int status = matrix(dnn, &stored, w->inputs, w->outputs, ONEDNN_F32, ONEDNN_BA);
  if (!status)
    status = dnn->reorder_primitive_desc_create(&description, &stored, dnn->engine, &w->layout, dnn->engine, NULL);
  if (!status) status = dnn->primitive_create(&primitive, description);
  if (!status) status = dnn->memory_create(&from, &stored, dnn->engine, (void *)weight);
  if (!status) status = dnn->memory_create(&to, &w->layout, dnn->engine, w->values);
  if (!status) status = run(dnn, primitive, (onednn_argument[]){{ONEDNN_FROM, from}, {ONEDNN_TO, to}}, 2);
  if (from) dnn->memory_destroy(from);
  if (to) dnn->memory_destroy(to);
  if (primitive) dnn->primitive_destroy(primitive);
  if (description) dnn->primitive_desc_destroy(description);
  return status;
}

mk_onednn_weights *mk_onednn_pack(const float *weight, size_t outputs, size_t inputs, int in_bfloat16) {
  const onednn_library *dnn = mk_onednn_open();
  mk_onednn_weights *w = dnn ? calloc(1, sizeof *w) : NULL;
  if (!w) return NULL;
  if (dnn->set_threads) dnn->set_threads(1);
  w->outputs = outputs;
  w->inputs = inputs;
  w->type = in_bfloat16 ? ONEDNN_BF16 : ONEDNN_F32;
  pthread_mutex_init(&w->lock, NULL);
  void *description = NULL;
  int status = describe(dnn, w, NULL, sizes[0], MK_STORE, 0, &description);
  if (!status) {
    w->layout = *dnn->primitive_desc_query_md(description, ONEDNN_WEIGHTS_LAYOUT, 0);
    dnn->primitive_desc_destroy(description);
    const size_t size = dnn->memory_desc_get_size(&w->layout);
    w->values = aligned_alloc(64, (size + 63) / 64 * 64);
    status = w->values ? reorder(dnn, w, weight) : -1;
  }
  if (!status) return w;
  mk_onednn_free(w);
  return NULL;
}

void mk_onednn_free(mk_onednn_weights *w) {
  if (!w) return;
  const onednn_library *dnn = mk_onednn_open();
  for (size_t size = 0; size < SIZES; size++)
    for (int kind = 0; kind < KINDS; kind++)
      if (w->products[size][kind]) {
        dnn->primitive_destroy(w->products[size][kind]->primitive);
        free(w->products[size][kind]);
      }
  pthread_mutex_destroy(&w->lock);
  free(w->values);
  free(w);
}

static int compile(const onednn_library *dnn, const mk_onednn_weights *w, size_t rows, int mode, int rounded,
                   compiled **made) {
  compiled *product = calloc(1, sizeof *product);
  void *description = NULL;
  int status = product ? describe(dnn, w, &w->layout, rows, mode, rounded, &description) : -1;
  if (!status) status = dnn->primitive_create(&product->primitive, description);
  if (!status) {
    product->scratch = *dnn->primitive_desc_query_md(description, ONEDNN_SCRATCH_LAYOUT, 0);
    product->scratch_size = dnn->memory_desc_get_size(&product->scratch);
    *made = product;
  } else {
    free(product);
  }
  if (description) dnn->primitive_desc_destroy(description);
  return status;
}

static int compiled_for(const onednn_library *dnn, mk_onednn_weights *w, size_t size, int mode, int rounded,
                        compiled **found) {
  compiled **slot = &w->products[size][mode + (rounded ? 3 : 0)];
  pthread_mutex_lock(&w->lock);
  const int status = *slot ? 0 : compile(dnn, w, sizes[size], mode, rounded, slot);
  *found = *slot;
  pthread_mutex_unlock(&w->lock);
  return status;
}

// Scratch memory of this thread, freed when it ends.
typedef struct {
  size_t size;
  void *values;
} thread_memory;

static pthread_key_t memory_key;
static pthread_once_t memory_once = PTHREAD_ONCE_INIT;

static void free_memory(void *memory) {
  free(((thread_memory *)memory)->values);
  free(memory);
}

static void make_memory_key(void) { pthread_key_create(&memory_key, free_memory); }

static void *memory_of_thread(size_t size) {
  pthread_once(&memory_once, make_memory_key);
  thread_memory *memory = pthread_getspecific(memory_key);
  if (!memory) {
    memory = calloc(1, sizeof *memory);
    if (!memory || pthread_setspecific(memory_key, memory)) return NULL;
  }
  if (memory->size < size || !memory->values) {
    free(memory->values);
    memory->size = (size + 4096) / 64 * 64;
    memory->values = aligned_alloc(64, memory->size);
  }
  return memory->values;
}

static int product(const onednn_library *dnn, mk_onednn_weights *w, size_t size, const void *x, const float *bias,
                   void *y, int rounded, int mode) {
  compiled *product = NULL;
  onednn_layout x_layout, bias_layout, y_layout;
  int status = compiled_for(dnn, w, size, mode, rounded, &product);
  if (!status) status = matrix(dnn, &x_layout, sizes[size], w->inputs, w->type, ONEDNN_AB);
  if (!status) status = matrix(dnn, &bias_layout, 1, w->outputs, ONEDNN_F32, ONEDNN_AB);
  if (!status)
    status = matrix(dnn, &y_layout, sizes[size], w->outputs, rounded ? ONEDNN_BF16 : ONEDNN_F32, ONEDNN_AB);
  if (status) return status;
  void *scratch = memory_of_thread(product->scratch_size);
  if (!scratch) return -1;
  const struct { int arg; const onednn_layout *layout; const void *values; } uses[] = {
      {ONEDNN_SRC, &x_layout, x}, {ONEDNN_BIAS, &bias_layout, bias}, {ONEDNN_DST, &y_layout, y},
      {ONEDNN_WEIGHTS, &w->layout, w->values}, {ONEDNN_SCRATCH, &product->scratch, scratch}};
  enum { USES = sizeof uses / sizeof uses[0] };
  onednn_argument arguments[USES] = {{0, NULL}};
  for (int i = 0; !status && i < USES; i++) {
    arguments[i].arg = uses[i].arg;
    status = dnn->memory_create(&arguments[i].memory, uses[i].layout, dnn->engine, (void *)uses[i].values);
  }
  if (!status) status = run(dnn, product->primitive, arguments, USES);
  for (int i = 0; i < USES; i++)
    if (arguments[i].memory) dnn->memory_destroy(arguments[i].memory);
  return status;
}

int mk_onednn_product(mk_onednn_weights *w, const void *x, int x_is_rounded, const float *bias, void *y,
                      int y_is_rounded, size_t rows, int mode, void *scratch) {
  const onednn_library *dnn = mk_onednn_open();
  if (dnn->set_threads) dnn->set_threads(1);
  const int rounds = w->type == ONEDNN_BF16 && !x_is_rounded;
  const size_t x_row = w->inputs * (x_is_rounded ? 2 : 4), y_row = w->outputs * (y_is_rounded ? 2 : 4);
  for (size_t size = 0; rows > 0 && size < SIZES; size++) {
    const size_t count = sizes[size];
    if (rounds && count > 8 && count * w->inputs > SCRATCH_VALUES) continue;
    for (; rows >= count; rows -= count) {
      if (rounds) mk_bfloat16_round(x, scratch, count * w->inputs);
      const int status = product(dnn, w, size, rounds ? scratch : x, bias, y, y_is_rounded, mode);
      if (status) return status;
      x = (const char *)x + count * x_row;
      y = (char *)y + count * y_row;
    }
  }
  return 0;
}
