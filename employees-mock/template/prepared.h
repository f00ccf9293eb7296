/* Arguments of helpers in the form in which they are used: compiled JSON paths, XPaths, regular
 * expressions and date patterns. Literals are prepared when the template is parsed, all else when
 * it is met. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_PREPARED_H
#define EMPLOYEES_MOCK_TEMPLATE_PREPARED_H

#include "employees-mock/template/arena.h"

struct java_pattern;
struct java_zone;
struct json_path;
struct regex;
struct xpath;

enum prepared_kind {
    PREPARED_NONE,
    PREPARED_JSON_PATH,
    PREPARED_XPATH,
    PREPARED_SOAP_XPATH, /* within /Envelope/Body/ */
    PREPARED_REGEX,
    PREPARED_PATTERN, /* of SimpleDateFormat or DateTimeFormatter */
    PREPARED_ZONE,
};

struct prepared {
    enum prepared_kind kind;
    enum status status; /* ST_BAD_INPUT: the argument is wrong; then the pointer is NULL */
    struct why why;
    struct prepared *next;
    union {
        void *any;
        struct json_path *json_path;
        struct xpath *xpath;
        struct regex *regex;
        struct java_pattern *pattern;
        const struct java_zone *zone; /* not owned: zones are kept for good */
    };
};

/* Compiles; the result hangs itself into *list and lives until prepared_free_all(). NULL only when
 * memory is out. */
const struct prepared *prepared_make(struct arena *a, struct prepared **list,
                                     enum prepared_kind kind, struct slice text);
void prepared_free_all(struct prepared *list);

#endif
