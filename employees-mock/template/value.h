/* What a template computes with: Java's values as WireMock's templates see them.
 *
 * A value is small and copied freely; what it points to lives in the rendering's arena or is
 * borrowed from the request, so it is good until the rendering ends. Kinds and styles are those
 * that a template can tell apart: by what an operation accepts, or by what toString() writes. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_VALUE_H
#define EMPLOYEES_MOCK_TEMPLATE_VALUE_H

#include "common/buf.h"
#include "employees-mock/template/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct java_pattern;
struct java_zone;
struct request_model;
struct part_model;

enum value_kind {
    V_NULL,
    V_BOOL,
    V_INT,     /* java.lang.Integer, in `integer` */
    V_LONG,    /* java.lang.Long, in `integer` */
    V_DOUBLE,  /* java.lang.Double, in `real` */
    V_DECIMAL, /* BigInteger and BigDecimal: their digits, in `text` */
    V_STRING,
    V_LIST,
    V_MAP,
    V_JSON, /* an object or array of JSON, not taken apart yet */
    V_DATE,
    V_XML,     /* a node that an XPath found */
    V_METHOD,  /* a RequestMethod, which is no string; its name in `text` */
    V_REQUEST, /* beans of the request model */
    V_REQUEST_LINE,
    V_PART,
};

enum value_style {
    STYLE_PLAIN,      /* ArrayList, LinkedHashMap: [a, b] and {a=b} */
    STYLE_SINGLE,     /* WireMock's ListOrSingle: the first item */
    STYLE_SMART,      /* json-smart's: an array writes itself as JSON, an object as {a=b} */
    STYLE_DATA,       /* WireMock's JsonData around the former: an object writes itself as JSON */
    STYLE_DATA_PLAIN, /* the same around STYLE_EXACT */
    STYLE_EXACT,      /* as STYLE_PLAIN, with fractions as BigDecimal instead of Double */
    STYLE_NOCASE,     /* a map whose names have no case */
    STYLE_PATH,       /* a path: its segments as a list or a map, its text in `text` */
    STYLE_HASH,       /* as STYLE_PLAIN; in Java a HashMap, ... */
    STYLE_PARAMETERS, /* ... WireMock's Parameters, ... */
    STYLE_VIEW,       /* ... and a view of another map: these differ in value_class() only */
};

struct value_date {
    int64_t ms;                         /* since 1970-01-01T00:00:00Z */
    struct slice format;                /* data NULL: none */
    const struct java_pattern *pattern; /* the format compiled; NULL for "epoch" and "unix" */
    const struct java_zone *zone;       /* NULL: none */
};

struct value_entry;

struct value_list {
    struct value *items;
    size_t count;
    struct slice text; /* STYLE_PATH */
};

struct value_map {
    struct value_entry *entries; /* in the order of iteration */
    size_t count;
    struct slice text; /* STYLE_PATH */
};

struct value_xml {
    struct slice name;
    struct slice text; /* text content */
    struct slice xml;  /* what toString() writes */
    struct value_map attributes;
    bool element;
};

struct value {
    uint8_t kind;  /* enum value_kind */
    uint8_t style; /* enum value_style */
    union {
        bool truth;
        int64_t integer;
        double real;
        struct slice text;
        const struct value_list *list;
        const struct value_map *map;
        const json_t *json;
        const struct value_date *date;
        const struct value_xml *xml;
        struct request_model *request;
        const struct part_model *part;
    };
};

struct value_entry {
    struct slice name;
    struct value value;
};

#define VALUE_NULL ((struct value){.kind = V_NULL})

static inline struct value value_bool(bool b)
{
    return (struct value){.kind = V_BOOL, .truth = b};
}

static inline struct value value_int(int32_t i)
{
    return (struct value){.kind = V_INT, .integer = i};
}

static inline struct value value_double(double d)
{
    return (struct value){.kind = V_DOUBLE, .real = d};
}

static inline struct value value_text(struct slice text)
{
    return (struct value){.kind = V_STRING, .text = text};
}

/* An Integer when it fits, else a Long. */
struct value value_whole(int64_t i);

/* A JSON value, borrowed (NULL is null); style says how Java would hold it. */
struct value value_json(const json_t *json, enum value_style style);

/* Room for a list or map with `count` places, all null; NULL when memory is out. */
struct value_list *value_new_list(struct arena *a, size_t count);
struct value_map *value_new_map(struct arena *a, size_t count);
struct value value_of_list(const struct value_list *list, enum value_style style);
struct value value_of_map(const struct value_map *map, enum value_style style);

static inline bool value_is_null(struct value v)
{
    return v.kind == V_NULL;
}

bool value_is_number(struct value v);   /* a java.lang.Number */
bool value_is_list(struct value v);     /* a java.util.List */
bool value_is_map(struct value v);      /* a java.util.Map */
bool value_is_iterable(struct value v); /* a java.lang.Iterable */

/* Number of items or members; 0 for what has none. */
size_t value_size(struct value v);
/* The item of anything iterable; null out of range. */
struct value value_item(struct value v, size_t i);
/* A member's value by name; null when there is none. */
struct value value_member(struct value map, struct slice name);
/* The members of a map in order; i below value_size(). O(1), but for V_JSON, where *cursor
 * (NULL at first) keeps the place. */
struct value_entry value_entry_at(struct value map, size_t i, void **cursor);

/* Handlebars.Utils.isEmpty: null, "", an empty collection (not a map), false, 0. */
bool value_is_falsy(struct value v);

/* intValue() and doubleValue() of a number. */
int32_t value_to_int(struct value v);
double value_to_double(struct value v);

/* Objects.equals(). */
bool value_equals(struct value a, struct value b);

/* What toString() writes; null writes "null". Depth is bounded by that of the value, which is. */
void value_write(struct value v, struct buf *ret);
/* The same as a slice: borrowed where the value is text, else in the arena. */
struct slice value_to_text(struct value v, struct arena *a);

/* As Jackson writes it. */
enum json_form {
    FORM_PRETTY = 1, /* { "a" : 1 } over several lines */
    FORM_NULLS = 2,  /* members that are null are written, as of a tree of nodes */
    FORM_PLAIN = 4,  /* decimals without exponent */
};
enum { FORM_WRITE = FORM_PRETTY | FORM_PLAIN }; /* WireMock's Json.write() */
void value_write_json(struct value v, unsigned form, struct buf *ret);
/* As json-smart writes it. */
void value_write_smart(struct value v, struct buf *ret);

/* The value as jansson's; NULL when memory is out. For the caller to json_decref. */
json_t *value_to_jansson(struct value v);

/* The class name as Java's messages name it, such as "java.lang.String". */
const char *value_class(struct value v);

#endif
