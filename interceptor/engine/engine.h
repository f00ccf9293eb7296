/* The engine: a data set in, the protected data set out.
 *
 * Pure: no HTTP, no SQL, no clock. Linear in the text; memory for the answer and the depth only
 * (and for the names of the objects that are open). Section 3 of docs/contract.md is its law. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/engine/job.h"
#include "interceptor/engine/plan.h"
#include "interceptor/engine/token_store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENGINE_DEPTH_MAX = 512 };

enum data_set_type { DATA_SET_JSON, DATA_SET_XML, DATA_SET_SQL, DATA_SET_TYPES };

/* "JSON", "XML", "SQL" in any case. */
bool data_set_type_parse(struct slice text, enum data_set_type *ret);

enum sql_type {
    SQL_ORACLE,
    SQL_MYSQL,
    SQL_POSTGRESQL,
    SQL_SQLSERVER,
    SQL_H2,
    SQL_DREMIO,
    SQL_TYPES
};

/* "Oracle", "MySQL", ... in any case. */
bool sql_type_parse(struct slice text, enum sql_type *ret);

/* Working memory, handed from call to call. Any number of threads may use one engine. */
struct engine;

MUST_CHECK enum status engine_new(struct engine **ret, struct why *why);
void engine_free(struct engine *e);

DEFINE_CLEANUP(engine, struct engine *, engine_free)
#define auto_engine __attribute__((cleanup(cleanup_engine)))

/* A text that nobody needs behind the call: its memory may go while the answer grows. */
struct engine_spending {
    /* [from, to) is not read any more, nor is it by the caller; the same `from` may come again with
     * more behind it. */
    void (*release)(void *ctx, const char *from, const char *to);
    void *ctx;
    const char *room_end; /* of memory behind the text that may go as well; NULL: none */
    size_t after;         /* when the answer has so many bytes, */
    size_t step;          /* and each time that so many more are there */
};

/* All borrowed for the call. */
struct engine_call {
    const struct plan *plan; /* NULL: nothing is protected, the data set is only laid out */
    const bool *granted;     /* plan_count() outcomes of the rules; NULL: nothing is granted */
    enum job job;            /* not JOB_DEFAULT */
    enum data_set_type type;
    enum sql_type sql_type; /* for DATA_SET_SQL */
    struct slice restricted_text;
    bool protect_null_values;
    bool preserve_string_length;
    bool silent;                      /* values are counted, none is changed */
    const struct token_store *tokens; /* NULL: length-preserving pseudonyms are ST_UNSUPPORTED,
                                         and none are found */
    const struct engine_spending *spending; /* NULL: the data set stays as it is */
};

/* What happened to the values of one attribute. */
struct attribute_count {
    uint64_t protected; /* changed, or (silent) would have been */
    uint64_t granted;   /* left or given back in clear, since a rule allows it */
    uint64_t kept;      /* left as they were: null, or no token of this tenant */
};

/* Counts are added to what is there. plan_count() + 1 entries, the last for leaves that no path
 * holds; may be NULL. */
struct engine_result {
    struct attribute_count *counts;
};

/* Appends the whole answer, {"dataSet":"..."}, to ret; on failure ret is as before, and counts may
 * have been added to.
 * ST_BAD_INPUT: not a data set (words with a byte offset, never a value). ST_TOO_LARGE: the answer
 * would pass ret's ceiling. Others: memory, OpenSSL, or what the token store failed with. */
MUST_CHECK enum status engine_protect(struct engine *e, const struct engine_call *call,
                                      struct slice data_set, struct buf *ret,
                                      struct engine_result *result, struct why *why);

#endif
