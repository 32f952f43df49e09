// SentencePiece behind a C interface: the C++ library for Swift, with every exception caught.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sp_processor sp_processor;

// Every function that can fail returns false (or NULL) and stores a message in `*error`, to be released
// with sp_free_string. `error` must not be NULL.

// Loads a serialized SentencePiece model. Thread-safe to use afterwards.
sp_processor *sp_load(const void *model, size_t size, char **error);
void sp_release(sp_processor *processor);

int32_t sp_vocabulary_size(const sp_processor *processor);
int32_t sp_unknown_id(const sp_processor *processor);
int32_t sp_begin_id(const sp_processor *processor);    // −1 where the model has none
int32_t sp_end_id(const sp_processor *processor);      // −1 where the model has none
int32_t sp_padding_id(const sp_processor *processor);  // −1 where the model has none

// The piece of a token id in range, as a C string to be released with sp_free_string.
char *sp_piece(const sp_processor *processor, int32_t id);

// Encodes UTF-8 text. `*ids` is released with sp_free_ids.
bool sp_encode(const sp_processor *processor, const char *text, size_t size, int32_t **ids, size_t *count,
               char **error);
// Decodes token ids in range. `*text` (of `*size` bytes, not terminated) is released with sp_free_string.
bool sp_decode(const sp_processor *processor, const int32_t *ids, size_t count, char **text, size_t *size,
               char **error);

// Gives the next sentence: its bytes (valid until the next call) and size; false at the end.
typedef bool (*sp_next_sentence)(void *context, const char **text, size_t *size);

// Trains a model from a stream of sentences. `options` is SentencePiece's own flag string
// ("--vocab_size=4096 --model_type=bpe"). `*model` is released with sp_free_string.
bool sp_train(const char *options, sp_next_sentence next, void *context, char **model, size_t *size, char **error);

void sp_free_string(char *text);
void sp_free_ids(int32_t *ids);

#ifdef __cplusplus
}
#endif
