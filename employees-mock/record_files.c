#include "employees-mock/record_files.h"

#include "common/json.h"
#include "common/uuid.h"
#include "employees-mock/event_json.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/record_stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_ID = 5, PATH_PART_MAX = 150 };

/* ---- what the mapping says ---- */

static bool is_listed(const char *list, struct slice name)
{
    while (list && *list) {
        size_t len = strcspn(list, ",");

        if (slice_equal_nocase(slice_trim((struct slice){list, len}), name))
            return true;
        list += len + (list[len] == ',');
    }
    return false;
}

/* The headers to ask for, as the request spells them. */
static json_t *capture_of(const struct event *e, const char *match_headers)
{
    json_t *capture = json_object();

    for (size_t i = 0; i < e->request.header_count; i++) {
        auto_free char *name = slice_dup(e->request.headers[i].name);

        if (name && is_listed(match_headers, e->request.headers[i].name))
            json_object_set_new(capture, name, json_object());
    }
    return capture;
}

static json_t *mapping_of(const struct app *app, const struct event *e, struct record_file *file)
{
    auto_json json_t *capture = capture_of(e, app->flags->match_headers);
    struct record_spec spec = {0};
    json_t *mapping;
    json_t *request;

    if (record_spec_read(NULL, &spec, NULL) != ST_OK)
        return NULL;
    spec.capture = capture;
    spec.text_threshold = spec.binary_threshold = 0;
    json_object_clear(spec.text_flags);
    mapping = record_stub_json(e, &spec, file);
    request = json_object_get(mapping, "request");
    json_object_set_new(request, "url", text_json(e->request.url));
    json_object_del(request, "urlPath");
    json_object_del(request, "queryParameters");
    json_object_del(mapping, "name");
    record_spec_done(&spec);
    return mapping;
}

/* ---- names ---- */

static void make_short_id(char ret[SHORT_ID + 1])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char bytes[SHORT_ID];

    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < SHORT_ID; i++)
        ret[i] = letters[bytes[i] % (sizeof letters - 1)];
    ret[SHORT_ID] = '\0';
}

/* "/a/b" as "a-b", what names of files have not as "_". */
static void make_path_part(struct slice url, char ret[PATH_PART_MAX + 1])
{
    size_t len = 0;

    for (size_t i = 0; i < url.len && url.data[i] != '?' && len < PATH_PART_MAX; i++) {
        char c = url.data[i];
        bool ends = c == '/';

        if (ends && (len == 0 || ret[len - 1] == '-'))
            continue;
        ret[len++] = ends ? '-' : strchr(",~:#[]@!$&'()*+;=", c) ? '_' : c;
    }
    while (len > 0 && ret[len - 1] == '-')
        len--;
    ret[len] = '\0';
    if (len == 0)
        memcpy(ret, "(root)", sizeof "(root)");
}

static void make_names(struct slice url, json_t *mapping, struct record_file *file,
                       char *ret_mapping, size_t size)
{
    const char *dot = strrchr(file->name, '.');
    char id[SHORT_ID + 1];
    char path[PATH_PART_MAX + 1];
    char body[sizeof file->name];

    make_short_id(id);
    make_path_part(url, path);
    snprintf(ret_mapping, size, "mapping-%s-%s.json", path, id);
    if (!dot)
        return;
    snprintf(body, sizeof body, "body-%s-%s%.20s", path, id, dot);
    memcpy(file->name, body, sizeof body);
    json_object_set_new(json_object_get(mapping, "response"), "bodyFileName", json_string(body));
}

/* ---- once ---- */

static bool says_the_same(const struct app *app, const struct event *e, const struct event *other,
                          const json_t *mapping)
{
    auto_record_file struct record_file file = {.name = ""};
    auto_json json_t *its = NULL;

    if (other == e || !other->answer || !other->answer->proxy_base.text ||
        !slice_equal(e->request.url, other->request.url))
        return false;
    its = mapping_of(app, other, &file);
    return its &&
           json_loose_equal(json_object_get(its, "request"), json_object_get(mapping, "request"));
}

static bool is_recorded(struct app *app, const struct event *e, const json_t *mapping)
{
    auto_journal_list struct journal_list events = {0};
    bool found = false;

    if (journal_list(app->journal, &events, NULL) != ST_OK)
        return true;
    for (size_t i = 0; i < events.count && !found; i++)
        found = says_the_same(app, e, events.items[i], mapping);
    return found;
}

void record_files_note(struct app *app, const struct event *event)
{
    auto_record_file struct record_file file = {.name = ""};
    auto_json json_t *mapping = NULL;
    char name[PATH_PART_MAX + 64];
    struct why why = {0};
    enum status st = ST_OK;

    if (!app->flags->record_mappings)
        return;
    mapping = mapping_of(app, event, &file);
    if (!mapping || is_recorded(app, event, mapping))
        return;
    make_names(event->request.url, mapping, &file, name, sizeof name);
    if (file.name[0])
        st = body_files_write(app->files, file.name, file.content, &why);
    if (st == ST_OK)
        st = mapping_files_write(app->mappings, mapping, name, &why);
    if (st != ST_OK)
        log_write(&app->log, LOG_ERROR, "not recorded", LOG_TEXT("reason", why.text));
}
