/* POST /apigator/protect/v1/dataset: envelope, manifest, rules, engine, answer. */
#ifndef INTERCEPTOR_DATASET_H
#define INTERCEPTOR_DATASET_H

#include "common/http.h"

void dataset_post(struct http_request *req);

#endif
