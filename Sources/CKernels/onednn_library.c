// Finding oneDNN.
#include "onednn_library.h"

#include <dlfcn.h>
#include <pthread.h>

static onednn_library library;
static int is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void) {
  void *handle = dlopen("libdnnl.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return;
  int all = 1;
#define X(name, parameters) all &= (library.name = (int(*) parameters)dlsym(handle, "dnnl_" #name)) != NULL;
  ONEDNN_FUNCTIONS(X)
#undef X
  *(void **)&library.primitive_desc_query_md = dlsym(handle, "dnnl_primitive_desc_query_md");
  *(void **)&library.memory_desc_get_size = dlsym(handle, "dnnl_memory_desc_get_size");
  *(void **)&library.set_threads = dlsym(handle, "omp_set_num_threads");
  if (!all || !library.primitive_desc_query_md || !library.memory_desc_get_size) return;
  is_open = library.engine_create(&library.engine, ONEDNN_CPU, 0) == 0;
}

const onednn_library *mk_onednn_open(void) {
  pthread_once(&once, open_library);
  return is_open ? &library : NULL;
}
