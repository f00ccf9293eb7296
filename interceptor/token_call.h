/* POST /apigator/identity/v1/token: client credentials or a refresh token in, tokens out. */
#ifndef INTERCEPTOR_TOKEN_CALL_H
#define INTERCEPTOR_TOKEN_CALL_H

#include "common/http.h"

void token_post(struct http_request *req);

#endif
