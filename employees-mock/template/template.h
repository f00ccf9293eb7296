/* Response templates: Handlebars.java's language with WireMock's helpers, parsed once, rendered
 * often.
 *
 * A struct template is immutable: any number of threads may render it at once. Caching parsed
 * templates is the caller's matter. Text is UTF-8; bytes that are not pass unchanged where a
 * template only copies them. Nothing is escaped, as WireMock configures it.
 * docs/employees-mock-templates.md lists every helper with an example. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_H
#define EMPLOYEES_MOCK_TEMPLATE_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct kv;
struct mock_request;
struct path_template;
struct template;

/* Parses. The text is copied where it is needed, so it may go away.
 * ST_BAD_INPUT: it does not parse; text is Handlebars.java's "LINE:COLUMN: reason", cut to fit,
 * place is "line L column C". ST_TOO_LARGE: nested too deep, or more parts than a template may
 * have. */
MUST_CHECK enum status template_parse(struct slice text, struct template **ret, struct why *why);
void template_free(struct template *t);
DEFINE_CLEANUP(template, struct template *, template_free)
#define auto_template __attribute__((cleanup(cleanup_template)))

/* Whether the text has a tag at all; one that has none renders to itself. */
bool template_is_plain(const struct template *t);

/* A further name at the root of the model: a request ("originalRequest" of a webhook) or any JSON
 * value; the one that is not NULL counts. */
struct template_name {
    const char *name;
    const struct mock_request *request;
    const json_t *json;
};

/* What outlives the requests: made once, shared by all renders. */
struct template_settings {
    const struct clock *clock;         /* NULL: the machine's */
    struct kv *kv;                     /* NULL: the kv helpers answer an error */
    const char *const *permitted_keys; /* regexes for systemValue's key, NULL at the end;
                                            NULL: "wiremock.*", as WireMock's default */
    void (*log)(void *context, const char *level, struct slice text); /* {{log}}; NULL: nowhere */
    void *log_context;
};

/* What a template sees. All is borrowed for the call. */
struct template_context {
    const struct template_settings *settings;  /* NULL: all defaults */
    const struct mock_request *request;        /* `request`; NULL: there is none */
    struct slice request_id;                   /* `request.id`; data NULL: none */
    const struct path_template *path_template; /* the stub's, names the segments; NULL: none */
    const json_t *parameters;                  /* `parameters`: an object; NULL: an empty one */
    const struct template_name *names;
    size_t name_count;
};

/* Appends the answer to ret; ret->max is the ceiling.
 * ST_BAD_INPUT: WireMock would answer 500, text/plain; what was appended is cut off again and the
 * words of that answer stand in its place, whole; why has as many of them as fit.
 * ST_TOO_LARGE: the answer passes the ceiling, or the template asks for more work than allowed
 * (loops, depth, memory). */
MUST_CHECK enum status template_render(const struct template *t,
                                       const struct template_context *context, struct buf *ret,
                                       struct why *why);

#endif
