/* /__admin/files: the files of answers. */
#ifndef EMPLOYEES_MOCK_ADMIN_FILES_H
#define EMPLOYEES_MOCK_ADMIN_FILES_H

#include "common/http.h"

void files_list(struct http_request *req);
void file_read(struct http_request *req);
void file_write(struct http_request *req);
void file_delete(struct http_request *req);

#endif
