/* The description of both APIs (OpenAPI 3.0), made from the route tables. */
#ifndef INTERCEPTOR_OPENAPI_H
#define INTERCEPTOR_OPENAPI_H

#include "common/http.h"
#include "common/json.h"

void openapi_get(struct http_request *req);

/* The whole document; NULL when memory is out. */
json_t *openapi_write(void);

/* "components": schemas and security schemes; openapi_schemas.json. */
json_t *openapi_components(void);

#endif
