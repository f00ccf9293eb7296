/* One request, the stub that took it, and what the stub answers; lives on a handler's stack. */
#ifndef EMPLOYEES_MOCK_EXCHANGE_H
#define EMPLOYEES_MOCK_EXCHANGE_H

#include "employees-mock/app.h"

struct exchange {
    struct app *app;
    struct http_request *http;
    const struct mock_request *request;
    struct stub *stub;
    const struct answer *answer;
    struct event *event; /* NULL: nothing keeps a journal */
};

/* Lets the reply wait as the answer and the settings say, and the event tell it. */
void exchange_delay(const struct exchange *x);

/* Appends a text of the answer, filled in where it is a template; as template_render. */
MUST_CHECK enum status exchange_fill(const struct exchange *x, const struct answer_text *text,
                                     struct buf *ret, struct why *why);

#endif
