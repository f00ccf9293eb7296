/* /__admin/kv: the key-value stores that templates read and write. */
#ifndef EMPLOYEES_MOCK_ADMIN_KV_H
#define EMPLOYEES_MOCK_ADMIN_KV_H

#include "common/http.h"

void kv_stores_list(struct http_request *req);
void kv_stores_clear(struct http_request *req);
void kv_store_read(struct http_request *req);
void kv_store_clear(struct http_request *req);
void kv_entry_read(struct http_request *req);
void kv_entry_write(struct http_request *req);
void kv_entry_delete(struct http_request *req);

#endif
