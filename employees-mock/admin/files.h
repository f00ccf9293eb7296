/* /__admin/files: the files of answers. */
#ifndef EMPLOYEES_MOCK_ADMIN_FILES_H
#define EMPLOYEES_MOCK_ADMIN_FILES_H

#include "common/http.h"

void body_file_list(struct http_request *req);
void body_file_read(struct http_request *req);
void body_file_write(struct http_request *req);
void body_file_delete(struct http_request *req);

#endif
