/* The web page of the admin port: files that are part of the program. */
#ifndef INTERCEPTOR_PAGE_H
#define INTERCEPTOR_PAGE_H

#include "common/http.h"

/* Answers with the file that the path names; the page's own safety headers go with it. */
void page_get(struct http_request *req);

#endif
