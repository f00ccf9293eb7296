/* /__admin/mappings: list, create, read, edit, delete, import, metadata, unmatched, save. */
#ifndef EMPLOYEES_MOCK_ADMIN_MAPPINGS_H
#define EMPLOYEES_MOCK_ADMIN_MAPPINGS_H

#include "common/http.h"

void mappings_list(struct http_request *req);
void mappings_create(struct http_request *req);
void mappings_edit(struct http_request *req); /* the id is the stub's own */
void mappings_delete_all(struct http_request *req);
void mappings_remove(struct http_request *req); /* the one that a body describes */
void mappings_save(struct http_request *req);
void mappings_reset(struct http_request *req); /* back to those of the files */
void mappings_unmatched(struct http_request *req);
void mappings_delete_unmatched(struct http_request *req);
void mappings_find_by_metadata(struct http_request *req);
void mappings_remove_by_metadata(struct http_request *req);
void mapping_read(struct http_request *req);
void mapping_edit(struct http_request *req);
void mapping_delete(struct http_request *req);

#endif
