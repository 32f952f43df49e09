#include "CCurl.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct http_connection {
  CURL *handle;
};

typedef struct {
  http_response *response;
  size_t capacity;
  size_t limit;
  bool is_too_large;
} body_buffer;

typedef struct {
  bool (*is_cancelled)(void *);
  void *context;
} cancellation;

static void initialize(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

http_connection *http_connection_new(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, initialize);
  http_connection *connection = malloc(sizeof *connection);
  if (!connection) return NULL;
  connection->handle = curl_easy_init();
  if (!connection->handle) {
    free(connection);
    return NULL;
  }
  return connection;
}

void http_connection_free(http_connection *connection) {
  if (!connection) return;
  curl_easy_cleanup(connection->handle);
  free(connection);
}

static size_t append(char *bytes, size_t size, size_t count, void *context) {
  body_buffer *buffer = context;
  http_response *response = buffer->response;
  size_t added = size * count;
  if (added > buffer->limit - response->body_size) {
    buffer->is_too_large = true;
    return 0;
  }
  if (response->body_size + added > buffer->capacity) {
    size_t capacity = (response->body_size + added) * 2;
    char *body = realloc(response->body, capacity);
    if (!body) return 0;
    response->body = body;
    buffer->capacity = capacity;
  }
  memcpy(response->body + response->body_size, bytes, added);
  response->body_size += added;
  return added;
}

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  (void)a, (void)b, (void)c, (void)d;
  cancellation *asked = context;
  return asked->is_cancelled(asked->context) ? 1 : 0;
}

static http_outcome outcome_of(CURLcode code, const body_buffer *buffer) {
  switch (code) {
    case CURLE_OK: return HTTP_ANSWERED;
    case CURLE_OPERATION_TIMEDOUT: return HTTP_TIMED_OUT;
    case CURLE_ABORTED_BY_CALLBACK: return HTTP_CANCELLED;
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return HTTP_CANNOT_CONNECT;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return HTTP_CUT;
    case CURLE_WRITE_ERROR: return buffer->is_too_large ? HTTP_TOO_LARGE : HTTP_FAILED;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE: return HTTP_UNTRUSTED;
    default: return HTTP_FAILED;
  }
}

void http_post(
  http_connection *connection, const char *url, const char *const *headers, size_t header_count, const void *body,
  size_t body_size, long timeout_milliseconds, size_t body_limit, bool (*is_cancelled)(void *context), void *context,
  http_response *response) {
  memset(response, 0, sizeof *response);
  CURL *handle = connection->handle;
  curl_easy_reset(handle);  // Keeps the connection open.

  struct curl_slist *lines = NULL;
  for (size_t i = 0; i < header_count; i++) {
    struct curl_slist *longer = curl_slist_append(lines, headers[i]);
    if (!longer) {
      curl_slist_free_all(lines);
      response->outcome = HTTP_FAILED;
      strcpy(response->message, "out of memory");
      return;
    }
    lines = longer;
  }
  char message[CURL_ERROR_SIZE] = "";
  body_buffer buffer = {response, 0, body_limit, false};
  cancellation asked = {is_cancelled, context};
  curl_easy_setopt(handle, CURLOPT_URL, url);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_size);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout_milliseconds);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // Several threads: no SIGALRM for DNS.
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &buffer);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &asked);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message);

  CURLcode code = curl_easy_perform(handle);
  response->outcome = outcome_of(code, &buffer);
  if (code == CURLE_OK) {
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &response->status);
    struct curl_header *header;
    if (curl_easy_header(handle, "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
      strncpy(response->retry_after, header->value, sizeof response->retry_after - 1);
    }
  } else {
    const char *reason = message[0] ? message : curl_easy_strerror(code);
    strncpy(response->message, reason, sizeof response->message - 1);
  }
  // The buffers it points to end with this call.
  curl_easy_reset(handle);
  curl_slist_free_all(lines);
}

void http_response_free(http_response *response) {
  free(response->body);
  response->body = NULL;
  response->body_size = 0;
}
