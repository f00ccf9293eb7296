/* Members of a JSON document, taken as WireMock's Jackson binds them: null counts as absent, text
 * and numbers turn into each other where they can, unknown members are refused.
 *
 * Pure. Every refusal fills a match_fault that points at the member. */
#ifndef EMPLOYEES_MOCK_BIND_H
#define EMPLOYEES_MOCK_BIND_H

#include "common/status.h"
#include "common/uuid.h"
#include "employees-mock/match/match.h"

#include <jansson.h>
#include <stdbool.h>

/* A kind of object: its members and the name by which a refusal calls it. */
struct bind_class {
    const char *name;           /* "stubbing.StubMapping", behind WireMock's package */
    const char *const *members; /* NULL at the end; NULL: any are allowed */
};

/* Where an object stands in its document. */
struct bind {
    const json_t *object;
    const char *pointer; /* "" or "/response" */
    struct match_fault *fault;
};

/* `value` as an object of that class. ST_BAD_INPUT: it is none, or has a member that the class does
 * not know. ret is unchanged for null, whose object is then NULL. */
MUST_CHECK enum status bind_object(const json_t *value, const char *pointer,
                                   const struct bind_class *class, struct bind *ret,
                                   struct match_fault *fault);

/* A member; absent and null leave *ret as it is, and so does blank text where a number or a
 * boolean belongs, which becomes null. Text is borrowed from the document, or from a string that
 * was put in the place of a number there. */
MUST_CHECK enum status bind_text(const struct bind *b, const char *name, const char **ret);
/* In lower case; empty text counts as absent. */
MUST_CHECK enum status bind_uuid(const struct bind *b, const char *name, char ret[UUID_SIZE]);
/* Within Java's int, unless java_type is "long"; fractions are cut off. */
MUST_CHECK enum status bind_int(const struct bind *b, const char *name, const char *java_type,
                                long long *ret);
MUST_CHECK enum status bind_double(const struct bind *b, const char *name, double *ret);
/* java_type: "boolean" or JAVA_BOOLEAN. */
#define JAVA_BOOLEAN "java.lang.Boolean"
MUST_CHECK enum status bind_bool(const struct bind *b, const char *name, const char *java_type,
                                 bool *ret);
MUST_CHECK enum status bind_array(const struct bind *b, const char *name, const char *java_type,
                                  const json_t **ret);
/* Whether null is among its items, which WireMock takes, and stumbles over later. */
bool bind_has_null(const json_t *list);
/* A list of texts; other scalars in it become texts in the document itself. */
MUST_CHECK enum status bind_texts(const struct bind *b, const char *name, const json_t **ret);
/* An object with any members: a Java map, or an own class like one, by its name with the types of
 * its items and without. */
MUST_CHECK enum status bind_map(const struct bind *b, const char *name, const char *java_type,
                                const char *java_type_of_items, const json_t **ret);
/* The words of a Java enumeration, in its order. */
struct bind_enum {
    const char *name; /* as bind_class's */
    const char *const *words;
    size_t count;
};
/* Sets *ret to the word's place; a number is one itself. Absent and null leave it as it is. */
MUST_CHECK enum status bind_word(const struct bind *b, const char *name,
                                 const struct bind_enum *all, size_t *ret);
/* The member whatever it is; NULL for absent and null. */
const json_t *bind_any(const struct bind *b, const char *name);

/* An object in which something is wrong: of several things Jackson tells that which comes first in
 * the document; then what is wrong with all of it, whose pointer is its own. `read` is asked to
 * bind more and more of the members, until it refuses one; what it makes it forgets. last: the
 * class whose unknown members come behind all that (Java makes its objects through a constructor),
 * or NULL. known: what binding the whole gave; it stands where nothing else is found. */
typedef enum status bind_read_fn(void *ctx, const json_t *object, struct match_fault *fault);
MUST_CHECK enum status bind_first_fault(const struct bind *b, const struct bind_class *last,
                                        bind_read_fn *read, void *ctx, enum status known);

/* Fills the fault: pointer is base + "/" + member (member NULL: base itself, "/" when empty). */
MUST_CHECK enum status bind_fail(struct match_fault *fault, const char *base, const char *member,
                                 const char *format, ...) PRINTF_LIKE(4, 5);
MUST_CHECK enum status bind_fail_memory(struct match_fault *fault);

#endif
