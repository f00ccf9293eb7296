/* Plain answers: the same bytes for every request, made ready when the first one asks. */
#ifndef EMPLOYEES_MOCK_READY_ANSWER_H
#define EMPLOYEES_MOCK_READY_ANSWER_H

#include "employees-mock/exchange.h"

/* Stores the reply. False: the answer is not plain, this request has it otherwise (gzip, chunks),
 * the journal keeps no more than a part of it, or memory is out; nothing is stored. The request
 * holds the stub. */
bool ready_answer_send(const struct exchange *x);

#endif
