#include "CSentencePiece.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// The public handle is an opaque name for the library's own class.
struct sp_processor {
  sentencepiece::SentencePieceProcessor library;
};

namespace {

char *copy(const std::string &text) {
  char *bytes = static_cast<char *>(std::malloc(text.size() + 1));
  if (bytes == nullptr) return nullptr;
  std::memcpy(bytes, text.data(), text.size());
  bytes[text.size()] = 0;
  return bytes;
}

// Runs `body` and turns a failed status or an exception into `*error`: nothing may unwind into Swift.
template <typename Body>
bool guarded(char **error, Body body) {
  *error = nullptr;
  try {
    const sentencepiece::util::Status status = body();
    if (status.ok()) return true;
    *error = copy(status.ToString());
  } catch (const std::exception &exception) {
    *error = copy(exception.what());
  } catch (...) {
    *error = copy("unknown C++ exception");
  }
  return false;
}

class CallbackIterator : public sentencepiece::SentenceIterator {
 public:
  CallbackIterator(sp_next_sentence next, void *context) : next_(next), context_(context) { Next(); }
  bool done() const override { return done_; }
  const std::string &value() const override { return value_; }
  sentencepiece::util::Status status() const override { return sentencepiece::util::Status(); }
  void Next() override {
    const char *text = nullptr;
    size_t size = 0;
    done_ = !next_(context_, &text, &size);
    if (!done_) value_.assign(text, size);
  }

 private:
  sp_next_sentence next_;
  void *context_;
  bool done_ = false;
  std::string value_;
};

// "--name=value --name=value" as the library's names and values.
std::unordered_map<std::string, std::string> named_options(const char *options) {
  std::unordered_map<std::string, std::string> result;
  std::istringstream words(options);
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    if (word.compare(0, 2, "--") != 0 || equals == std::string::npos) continue;
    result[word.substr(2, equals - 2)] = word.substr(equals + 1);
  }
  return result;
}

}  // namespace

extern "C" {

sp_processor *sp_load(const void *model, size_t size, char **error) {
  std::unique_ptr<sp_processor> processor;
  const bool loaded = guarded(error, [&] {
    processor = std::make_unique<sp_processor>();
    return processor->library.LoadFromSerializedProto(
        std::string_view(static_cast<const char *>(model), size));
  });
  return loaded ? processor.release() : nullptr;
}

void sp_release(sp_processor *processor) { delete processor; }

int32_t sp_vocabulary_size(const sp_processor *processor) { return processor->library.GetPieceSize(); }
int32_t sp_unknown_id(const sp_processor *processor) { return processor->library.unk_id(); }
int32_t sp_begin_id(const sp_processor *processor) { return processor->library.bos_id(); }
int32_t sp_end_id(const sp_processor *processor) { return processor->library.eos_id(); }
int32_t sp_padding_id(const sp_processor *processor) { return processor->library.pad_id(); }

char *sp_piece(const sp_processor *processor, int32_t id) { return copy(processor->library.IdToPiece(id)); }

bool sp_encode(const sp_processor *processor, const char *text, size_t size, int32_t **ids, size_t *count,
               char **error) {
  std::vector<int> encoded;
  *ids = nullptr;
  *count = 0;
  const bool done = guarded(error, [&] {
    return processor->library.Encode(std::string_view(text, size), &encoded);
  });
  if (!done || encoded.empty()) return done;
  *ids = static_cast<int32_t *>(std::malloc(encoded.size() * sizeof(int32_t)));
  if (*ids == nullptr) {
    *error = copy("out of memory");
    return false;
  }
  std::memcpy(*ids, encoded.data(), encoded.size() * sizeof(int32_t));
  *count = encoded.size();
  return true;
}

bool sp_decode(const sp_processor *processor, const int32_t *ids, size_t count, char **text, size_t *size,
               char **error) {
  std::string decoded;
  *text = nullptr;
  *size = 0;
  const bool done = guarded(error, [&] {
    return processor->library.Decode(std::vector<int>(ids, ids + count), &decoded);
  });
  if (!done) return false;
  *text = copy(decoded);
  *size = decoded.size();
  return *text != nullptr;
}

bool sp_train(const char *options, sp_next_sentence next, void *context, char **model, size_t *size, char **error) {
  std::string serialized;
  *model = nullptr;
  *size = 0;
  const bool done = guarded(error, [&] {
    CallbackIterator sentences(next, context);
    // Not as one string: that overload writes a line to standard error before it has read the log level.
    return sentencepiece::SentencePieceTrainer::Train(named_options(options), &sentences, &serialized);
  });
  if (!done) return false;
  *model = copy(serialized);
  *size = serialized.size();
  return *model != nullptr;
}

void sp_free_string(char *text) { std::free(text); }
void sp_free_ids(int32_t *ids) { std::free(ids); }
}
