/* The admin API, /admin/v1: who may use it, and what its handlers share.
 *
 * With an admin token set, every call needs "Authorization: Bearer TOKEN"; without one only reads
 * are allowed, and only from loopback. Bodies are JSON. */
#ifndef INTERCEPTOR_ADMIN_H
#define INTERCEPTOR_ADMIN_H

#include "common/http.h"
#include "common/json.h"
#include "common/status.h"
#include "interceptor/store.h"

#include <stdbool.h>

/* Checks of routes. */
bool admin_may_read(struct http_request *req);
bool admin_may_write(struct http_request *req);

/* The body as any JSON value. False: the error is answered. */
bool admin_body(struct http_request *req, json_t **ret);
/* A query parameter as an integer from 0; *ret keeps what it is where there is none. False: the
 * error is answered. */
bool admin_query_number(struct http_request *req, const char *name, int64_t *ret);
/* What is stored. False: the error is answered. */
bool admin_load(struct http_request *req, struct policy_items *ret);

/* The answer to a change: 200 or 201 with `value` (taken over), or the fault. Keeps a record:
 * 503 where the trail can't take it. */
void admin_reply_change(struct http_request *req, enum status st, const struct why *why,
                        bool created, json_t *value);

/* A client without "secret" and "secretHash" keeps those that are stored. */
void admin_keep_secret(json_t *client, const json_t *stored);

/* ---- handlers ---- */

void policy_list(struct http_request *req); /* tenants, manifests, rules alike */
void policy_get(struct http_request *req);
void policy_put_one(struct http_request *req);
void policy_delete_one(struct http_request *req);

void clients_list(struct http_request *req);
void client_get(struct http_request *req);
void client_put(struct http_request *req);
void client_delete(struct http_request *req);

void config_export(struct http_request *req);
void config_replace(struct http_request *req);
void config_add(struct http_request *req);

void preview_post(struct http_request *req);
void suggest_post(struct http_request *req);

void calls_list(struct http_request *req);
void calls_delete(struct http_request *req);
void audit_list(struct http_request *req);
void audit_check(struct http_request *req);

void envoy_get(struct http_request *req); /* Envoy's statistics, as it tells them */

void faults_get(struct http_request *req);
void faults_put(struct http_request *req);
void faults_delete(struct http_request *req);

void keys_list(struct http_request *req);
void keys_rotate(struct http_request *req);
void keys_retire(struct http_request *req);

#endif
