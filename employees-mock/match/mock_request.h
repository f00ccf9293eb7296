/* A request as matchers and templates see it, whatever it came by: a connection, the journal or
 * a JSON document.
 *
 * Everything that needs work (query, cookies, form, body as text, JSON, XML or parts) is done at
 * the first question and kept, so a const request still fills its cache: one thread at a time.
 * All text handed out lives as long as the request. Nothing here knows HTTP's framing. */
#ifndef EMPLOYEES_MOCK_MOCK_REQUEST_H
#define EMPLOYEES_MOCK_MOCK_REQUEST_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct json_path;
struct mock_request;

/* A header, cookie, query, form or path parameter; one element for each value, in their order. */
struct mock_field {
    struct slice name;
    struct slice value;
};

struct mock_fields {
    const struct mock_field *items;
    size_t count;
};

/* What a request is made of. All is borrowed and must outlive the request made of it. */
struct mock_source {
    struct slice method; /* "GET" */
    struct slice url;    /* path?query, raw; "/" at least */
    struct slice scheme; /* "http" or "https" */
    struct slice host;   /* without port */
    int port;            /* 0: unknown */
    struct slice client_ip;
    const struct mock_field *headers; /* as they came */
    size_t header_count;
    struct slice body;
};

/* Borrows all of source. NULL: memory is out. */
struct mock_request *mock_request_new(const struct mock_source *source);

/* From WireMock's JSON of a logged request (method, url, absoluteUrl, clientIp, headers, cookies,
 * queryParams, formParams, bodyAsBase64): what /__admin/near-misses/request takes. Holds its own
 * copy of all. As in WireMock nothing is derived from anything: there are no parts. */
MUST_CHECK enum status mock_request_from_json(const json_t *logged, struct mock_request **ret,
                                              struct why *why);
void mock_request_free(struct mock_request *r);
DEFINE_CLEANUP(mock_request, struct mock_request *, mock_request_free)
#define auto_mock_request __attribute__((cleanup(cleanup_mock_request)))

struct slice mock_request_method(const struct mock_request *r);
struct slice mock_request_url(const struct mock_request *r);  /* path?query, raw */
struct slice mock_request_path(const struct mock_request *r); /* up to '?', raw */
struct slice mock_request_scheme(const struct mock_request *r);
struct slice mock_request_host(const struct mock_request *r);
int mock_request_port(const struct mock_request *r);
/* The X-Forwarded-For header where there is one, as WireMock has it. */
struct slice mock_request_client_ip(const struct mock_request *r);
/* scheme://host[:port]path?query, the port left out where it is the scheme's own. */
struct slice mock_request_absolute_url(const struct mock_request *r);

struct mock_fields mock_request_headers(const struct mock_request *r); /* original spelling */
struct mock_fields mock_request_cookies(const struct mock_request *r);
struct mock_fields mock_request_query_params(const struct mock_request *r); /* decoded */
/* The same as matchers and the journal see them: none where the URL ends with a question mark. */
struct mock_fields mock_request_matched_params(const struct mock_request *r);
/* Of an application/x-www-form-urlencoded body; none for another content type. */
struct mock_fields mock_request_form_params(const struct mock_request *r);

/* The first field of that name at or behind *at; *at is then the place behind it. False: none. */
bool mock_fields_next(struct mock_fields fields, struct slice name, bool any_case, size_t *at,
                      struct slice *ret);
/* The first header's value; names in any case. data is NULL where there is none. */
struct slice mock_request_header(const struct mock_request *r, const char *name);

struct slice mock_request_body(const struct mock_request *r);
/* The body as text in UTF-8, decoded by the charset of the content type (UTF-8, ISO-8859-1,
 * US-ASCII, UTF-16); bytes that are none become U+FFFD. */
struct slice mock_request_body_text(const struct mock_request *r);
/* The body read by json_loose_read; NULL where it is no JSON. Borrowed. */
const json_t *mock_request_body_json(const struct mock_request *r);
/* As json_path_read_or_null() reads that, for a path and a body that json_path_read_text() takes.
 * ST_NOT_FOUND: the path leads nowhere. ST_UNSUPPORTED: mock_request_body_json() is to be asked, as
 * it also is once it was made, or is worth to be. */
MUST_CHECK enum status mock_request_read_path(const struct mock_request *r,
                                              const struct json_path *path, json_t **ret);

/* What a request out of JSON lacks: WireMock asks no matcher about a body that is not there, and
 * can't ask those of the others. Every other request has them all, be they empty. */
struct mock_lacks {
    bool headers, cookies, body;
};
struct mock_lacks mock_request_lacks(const struct mock_request *r);

/* One part of a multipart body. */
struct mock_part {
    struct slice name;     /* of Content-Disposition; data NULL: none */
    struct slice filename; /* the same */
    struct mock_fields headers;
    struct slice body;
};

/* ST_BAD_INPUT: the body is not the multipart or the form that its content type says, or in a
 * charset that nobody knows; why has the words of WireMock's exception. */
MUST_CHECK enum status mock_request_check(const struct mock_request *r, struct why *why);

/* Whether it has parts. */
bool mock_request_is_multipart(const struct mock_request *r);
/* Its parts; none where the body is no multipart or broken. At most 1000 are read. */
size_t mock_request_parts(const struct mock_request *r, const struct mock_part **ret);
/* A part's header, as mock_request_header. */
struct slice mock_part_header(const struct mock_part *part, const char *name);

/* From now on matching adds its notes (match_notes.h) there; borrowed; NULL: it leaves none. */
struct match_notes;
void mock_request_note_in(const struct mock_request *r, struct match_notes *notes);

#endif
