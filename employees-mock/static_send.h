/* How a file's content goes out: whole, packed, in ranges, or not at all where the client has
 * it. */
#ifndef EMPLOYEES_MOCK_STATIC_SEND_H
#define EMPLOYEES_MOCK_STATIC_SEND_H

#include "employees-mock/app.h"

#include <stdint.h>

/* Stores the answer; content moves in. */
void static_send(struct app *app, struct http_request *req, struct buf *content, int64_t modified_s,
                 const char *type);

#endif
