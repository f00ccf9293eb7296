#include "employees-mock/mapping_reader.h"

#include "common/file.h"
#include "common/json.h"
#include "employees-mock/bind.h"
#include "employees-mock/json_line.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/stub_ids.h"
#include "employees-mock/yaml_json.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 256 << 20, DEPTH_MAX = 32, PLACE_MAX = 160, PLACE_NAME_MAX = 130 };

static bool ends_with(const char *name, const char *end)
{
    size_t len = strlen(name);
    size_t end_len = strlen(end);

    return len > end_len && strcmp(name + len - end_len, end) == 0;
}

static bool is_yaml(const char *name)
{
    return ends_with(name, ".yaml") || ends_with(name, ".yml");
}

/* ---- one file ---- */

struct reading {
    const struct stub_rules *rules;
    struct stub_list *ret;
    struct stub_ids ids; /* of those in it */
    struct why *why;
};

/* "FILE:LINE"; of a long file name the end is what tells. */
static void set_place(char ret[PLACE_MAX], const char *file, size_t line)
{
    size_t len = strlen(file);

    snprintf(ret, PLACE_MAX, "%.*s:%zu", PLACE_NAME_MAX,
             len > PLACE_NAME_MAX ? file + len - PLACE_NAME_MAX : file, line);
}

/* A file that is being read, and its text in UTF-8. */
struct source {
    const char *file;
    struct slice text;
};

static enum status refuse(struct reading *r, const struct source *source, enum status st,
                          const struct match_fault *fault)
{
    char place[PLACE_MAX];

    if (st == ST_NO_MEMORY)
        return fail_memory(r->why);
    set_place(place, source->file,
              json_line_of(source->text, fault->pointer, is_yaml(source->file)));
    return fail_at(r->why, st == ST_CONFLICT ? st : ST_BAD_INPUT, place, "%s: %s", fault->pointer,
                   fault->detail);
}

static enum status put(struct reading *r, struct stub *s)
{
    struct stub_list *list = r->ret;

    if (!stub_ids_make_room(&r->ids, list))
        return fail_memory(r->why);
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        struct stub **items = realloc(list->items, cap * sizeof *items);

        if (!items)
            return fail_memory(r->why);
        list->items = items;
        list->cap = cap;
    }
    s->order = list->count;
    list->items[list->count++] = stub_hold(s);
    stub_ids_put(&r->ids, s);
    return ST_OK;
}

/* Two stubs with one id can't both be served; which of them is meant, nobody knows. */
static enum status check_id(struct reading *r, const struct source *source, const struct bind *b,
                            const struct stub *s)
{
    const struct stub *other = stub_ids_find(&r->ids, s->id);

    if (!other || bind_fail(b->fault, b->pointer, bind_any(b, "uuid") ? "uuid" : "id",
                            "ID of the provided stub mapping '%s' is already taken by another stub "
                            "mapping, in %s",
                            s->id, other->file) == ST_OK)
        return ST_OK;
    return refuse(r, source, ST_CONFLICT, b->fault);
}

static enum status read_one(struct reading *r, const struct source *source, const json_t *mapping,
                            const char *pointer, bool shared)
{
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};
    struct bind b = {mapping, pointer, &fault};
    enum status st = json_is_null(mapping)
                         ? bind_fail(&fault, pointer, NULL, "null is no stub mapping")
                         : stub_parse(mapping, pointer, r->rules, &s, &fault);

    if (st != ST_OK)
        return refuse(r, source, st, &fault);
    st = check_id(r, source, &b, s);
    if (st != ST_OK)
        return st;
    s->file = strdup(source->file);
    s->file_is_shared = shared;
    return s->file ? put(r, s) : fail_memory(r->why);
}

static enum status read_many(struct reading *r, const struct source *source, const json_t *list)
{
    enum status st = ST_OK;
    size_t i;
    json_t *one;

    json_array_foreach ((json_t *)list, i, one) {
        char pointer[64];

        snprintf(pointer, sizeof pointer, "/mappings/%zu", i);
        st = read_one(r, source, one, pointer, true);
        if (st != ST_OK)
            break;
    }
    return st;
}

/* What is no stub's, but may stand in a file: WireMock reads over these in all its documents. */
static void forget_members_of_files(json_t *document)
{
    static const char *const names[] = {"mappings", "meta", "multi", "mappingOrMappings"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_object_del(document, names[i]);
}

/* Beside `mappings` the members of a stub may stand, which is then not served. */
static enum status read_document(struct reading *r, const struct source *source, json_t *document)
{
    auto_json json_t *mappings = json_incref(json_object_get(document, "mappings"));
    auto_stub struct stub *beside = NULL;
    struct match_fault fault = {0};
    struct bind b = {document, "", &fault};
    const json_t *list = NULL;
    enum status st = bind_array(
        &b, "mappings", "java.util.ArrayList<com.github.tomakehurst.wiremock.stubbing.StubMapping>",
        &list);

    forget_members_of_files(document);
    if (st == ST_OK && !list)
        return read_one(r, source, document, "", false);
    if (st == ST_OK)
        st = stub_parse(document, "", r->rules, &beside, &fault);
    return st == ST_OK ? read_many(r, source, mappings) : refuse(r, source, st, &fault);
}

static enum status parse(const char *file, struct slice text, json_t **ret, struct why *why)
{
    char place[PLACE_MAX];
    struct why inner = {0};
    size_t line = 1;
    enum status st =
        is_yaml(file) ? yaml_read(text, ret, &inner) : json_loose_read(text, ret, &inner);

    if (st == ST_OK)
        return ST_OK;
    if (sscanf(inner.place, "line %zu", &line) != 1)
        line = 1;
    set_place(place, file, line);
    return fail_at(why, st, place, "%s", inner.text);
}

/* By its byte order mark, else by where the first character has its zero bytes, as Jackson does. */
static enum charset charset_of(struct slice text)
{
    static const struct {
        struct slice start;
        enum charset charset;
    } marks[] = {{{"\0\0\xfe\xff", 4}, CHARSET_UTF_32},
                 {{"\xff\xfe\0\0", 4}, CHARSET_UTF_32},
                 {{"\xff\xfe", 2}, CHARSET_UTF_16},
                 {{"\xfe\xff", 2}, CHARSET_UTF_16},
                 {{"\0\0\0", 3}, CHARSET_UTF_32BE}};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_starts(text, marks[i].start))
            return marks[i].charset;
    if (text.len >= 4 && memcmp(text.data + 1, "\0\0", 3) == 0)
        return CHARSET_UTF_32LE;
    if (text.len >= 2 && !text.data[0] && text.data[1])
        return CHARSET_UTF_16BE;
    if (text.len >= 2 && text.data[0] && !text.data[1])
        return CHARSET_UTF_16LE;
    return CHARSET_UTF_8;
}

/* JSON in UTF-8 without its mark; libyaml looks for itself. */
static enum status decode(const char *file, struct slice text, struct buf *room, struct slice *ret,
                          struct why *why)
{
    static const struct slice mark = {"\xef\xbb\xbf", 3};
    enum charset charset = is_yaml(file) ? CHARSET_UTF_8 : charset_of(text);

    *ret = text;
    if (charset != CHARSET_UTF_8) {
        charset_decode(charset, text, room);
        *ret = buf_slice(room);
    } else if (!is_yaml(file) && slice_starts(text, mark)) {
        *ret = slice_from(text, mark.len);
    }
    return buf_status(room, why);
}

static enum status read_file(struct reading *r, const char *file)
{
    auto_buf struct buf bytes = BUF_INIT(FILE_MAX);
    auto_buf struct buf decoded = BUF_INIT(FILE_MAX);
    auto_json json_t *document = NULL;
    struct source source = {.file = file};
    enum status st = file_read(file, &bytes, r->why);

    if (st == ST_OK)
        st = decode(file, buf_slice(&bytes), &decoded, &source.text, r->why);
    if (st == ST_OK)
        st = parse(file, source.text, &document, r->why);
    return st == ST_OK ? read_document(r, &source, document) : st;
}

/* ---- the folder ---- */

static bool is_mapping(const char *name)
{
    return ends_with(name, ".json") || is_yaml(name);
}

static enum status read_folder(struct reading *r, const char *folder, int depth)
{
    struct dirent **entries;
    int count = depth < DEPTH_MAX ? scandir(folder, &entries, NULL, alphasort) : -1;
    enum status st = ST_OK;

    if (count < 0 && depth < DEPTH_MAX && errno != ENOENT)
        return errno == ENOMEM
                   ? fail_memory(r->why)
                   : fail_at(r->why, ST_BAD_INPUT, folder, "can't be read: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        struct stat about;
        const char *name = entries[i]->d_name;

        if (st == ST_OK && name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MAX &&
            stat(path, &about) == 0) {
            if (S_ISDIR(about.st_mode))
                st = read_folder(r, path, depth + 1);
            else if (S_ISREG(about.st_mode) && is_mapping(name))
                st = read_file(r, path);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return st;
}

/* What was saved is tried as it was when it was saved. As WireMock has it, of the others what is
 * read later is tried first. */
static int compare_order(const void *a, const void *b)
{
    const struct stub *x = *(struct stub *const *)a;
    const struct stub *y = *(struct stub *const *)b;

    if (x->order_said != y->order_said)
        return x->order_said > y->order_said ? -1 : 1;
    return x->order > y->order ? -1 : x->order < y->order;
}

enum status mapping_reader_folder(const char *folder, const struct stub_rules *rules,
                                  struct stub_list *ret, struct why *why)
{
    struct reading r = {.rules = rules, .ret = ret, .why = why};
    enum status st = read_folder(&r, folder, 0);

    stub_ids_done(&r.ids);
    if (ret->count > 0)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_order);
    return st;
}
