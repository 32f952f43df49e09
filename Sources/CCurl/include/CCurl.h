// One blocking HTTP POST over libcurl, whose own functions are variadic and so out of Swift's reach.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// A connection that is kept open between requests. One request at a time.
typedef struct http_connection http_connection;

typedef enum {
  HTTP_ANSWERED = 0,
  HTTP_TIMED_OUT,
  HTTP_CANCELLED,
  HTTP_CANNOT_CONNECT,  // also: unknown host
  HTTP_CUT,             // the connection ended before the answer did
  HTTP_TOO_LARGE,
  HTTP_UNTRUSTED,       // the certificate or TLS itself was refused
  HTTP_FAILED,
} http_outcome;

typedef struct {
  http_outcome outcome;
  long status;
  char *body;            // body_size bytes, NULL when empty
  size_t body_size;
  char retry_after[64];  // the header's value, empty without one
  char message[256];     // what libcurl says when it was not answered
} http_response;

// NULL when there is no memory.
http_connection *http_connection_new(void);
void http_connection_free(http_connection *connection);

// Posts `body`. `headers` are whole lines. `is_cancelled(context)` is asked about once a second and more often
// while bytes flow. The response's body is released with http_response_free.
void http_post(
  http_connection *connection, const char *url, const char *const *headers, size_t header_count, const void *body,
  size_t body_size, long timeout_milliseconds, size_t body_limit, bool (*is_cancelled)(void *context), void *context,
  http_response *response);
void http_response_free(http_response *response);
