#include "interceptor/engine/suggest.h"

#include "interceptor/engine/json_item.h"
#include "interceptor/engine/suggest_inside.h"
#include "interceptor/engine/unescape.h"

#include <stdlib.h>

void sample_done(struct sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->places[i].path);
    free(s->places);
    buf_done(&s->path);
    buf_done(&s->text);
}

/* Records have their members in one order: the place is likely the one behind the last. */
static struct sample_place *find_place(struct sample *s, struct slice path)
{
    for (size_t i = 0; i < s->count; i++) {
        size_t at = (s->next + i) % s->count;

        if (slice_is(path, s->places[at].path)) {
            s->next = at + 1;
            return &s->places[at];
        }
    }
    return NULL;
}

static enum status new_place(struct sample *s, struct slice path, struct slice name,
                             struct sample_place **ret, struct why *why)
{
    struct sample_place *places;

    if (s->count == SAMPLE_PLACES_MAX)
        return fail(why, ST_TOO_LARGE, "more than %d different paths", SAMPLE_PLACES_MAX);
    places = realloc(s->places, (s->count + 1) * sizeof *places);
    if (!places)
        return fail_memory(why);
    s->places = places;
    *ret = &places[s->count];
    **ret = (struct sample_place){.path = slice_dup(path), .named = personal_of_name(name)};
    if (!(*ret)->path)
        return fail_memory(why);
    s->count++;
    return ST_OK;
}

static void count_matches(struct sample_place *place, struct slice text)
{
    bool personal = false;

    for (int kind = 0; kind < PERSONAL_KINDS; kind++) {
        bool matches = personal_is_value((enum personal)kind, text);

        place->matches[kind] += matches;
        personal |= matches;
    }
    place->personal += personal;
}

enum status sample_add(struct sample *s, struct slice name, struct value v, struct why *why)
{
    struct slice path = buf_slice(&s->path);
    struct sample_place *place;
    enum status st = buf_status(&s->path, why);

    if (st == ST_OK)
        st = buf_status(&s->text, why);
    if (st != ST_OK)
        return st;
    place = find_place(s, path);
    if (!place)
        st = new_place(s, path, name, &place, why);
    if (st != ST_OK || v.kind == VALUE_NULL || v.text.len == 0)
        return st;
    place->values++;
    place->of_kind[v.kind]++;
    count_matches(place, v.text);
    return ST_OK;
}

/* A name as a path has it: quoted where it holds what steers one. */
void sample_put_name(struct sample *s, struct slice name)
{
    bool bare = name.len > 0 && !slice_is(name, "$");

    for (size_t i = 0; i < name.len; i++)
        bare = bare && !memchr(".[]\"*@ \t\r\n\\", name.data[i], 11) && name.data[i] != '\0';
    if (s->path.len > 0)
        buf_put_char(&s->path, '.');
    if (bare) {
        buf_put_slice(&s->path, name);
        return;
    }
    buf_put_char(&s->path, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\')
            buf_put_char(&s->path, '\\');
        buf_put_char(&s->path, name.data[i]);
    }
    buf_put_char(&s->path, '"');
}

/* Whether at least so many values look like one kind. */
static bool look_alike(const struct sample_place *place, size_t count, enum personal *ret)
{
    for (int kind = 0; place->values > 0 && kind < PERSONAL_KINDS; kind++) {
        if (place->matches[kind] >= count) {
            *ret = (enum personal)kind;
            return true;
        }
    }
    return false;
}

static enum personal most_frequent(const struct sample_place *place)
{
    enum personal most = PERSONAL_EMAIL;

    for (int kind = 0; kind < PERSONAL_KINDS; kind++)
        if (place->matches[kind] > place->matches[most])
            most = (enum personal)kind;
    return most;
}

/* What its values look like; a few among many that do not ("n/a") make them no less personal. Where
 * they are of several kinds (mail or phone) no technique fits them all. */
static enum personal judge(const struct sample_place *place, struct suggestion *ret)
{
    enum personal kind = place->named;
    size_t most = place->values / 2 + 1;

    if (look_alike(place, place->values, &kind))
        ret->reason = "all of its values";
    else if (look_alike(place, most, &kind))
        ret->reason = "most of its values";
    else
        ret->reason = "its name";
    ret->technique = kind == PERSONAL_KINDS ? "" : personal_technique(kind);
    if (kind == PERSONAL_KINDS && place->personal >= most) {
        kind = most_frequent(place);
        ret->reason = "most of its values, of several kinds";
    }
    return kind;
}

static enum value_type type_of(const struct sample_place *place, enum personal kind)
{
    if (kind == PERSONAL_DATE && place->of_kind[VALUE_STRING] == place->values)
        return TYPE_DATE;
    if (place->values > 0 && place->of_kind[VALUE_NUMBER] == place->values)
        return TYPE_NUMBER;
    if (place->values > 0 && place->of_kind[VALUE_BOOLEAN] == place->values)
        return TYPE_BOOLEAN;
    return TYPE_STRING;
}

static void tell(const struct sample *s, bool (*each)(void *ctx, const struct suggestion *s),
                 void *ctx)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct sample_place *place = &s->places[i];
        struct suggestion found = {.path = place->path, .values = place->values};
        enum personal kind = judge(place, &found);

        if (kind == PERSONAL_KINDS)
            continue;
        found.type = type_of(place, kind);
        found.classification = personal_name(kind);
        if (found.type == TYPE_NUMBER || found.type == TYPE_BOOLEAN)
            found.technique = "";
        if (!each(ctx, &found))
            return;
    }
}

/* Layout alone checks the sample and gives it in the first encoding. */
static enum status lay_out(enum data_set_type type, struct slice text, struct buf *answer,
                           struct slice *ret, struct why *why)
{
    static const size_t opening = sizeof "{\"dataSet\":\"" - 1;
    struct engine_call call = {.type = type, .job = JOB_RESTRICT, .restricted_text = SLICE("")};
    auto_engine struct engine *e = NULL;
    const char *fault;
    enum status st = engine_new(&e, why);

    if (st == ST_OK)
        st = engine_protect(e, &call, text, answer, NULL, why);
    if (st != ST_OK)
        return st;
    if (!unescape_unchecked(answer->data + opening, answer->data + answer->len, ret, &fault))
        return fail(why, ST_INTERNAL, "%s", fault);
    return ST_OK;
}

enum status suggest_manifest(enum data_set_type type, struct slice sample,
                             bool (*each)(void *ctx, const struct suggestion *s), void *ctx,
                             struct why *why)
{
    auto_buf struct buf answer = BUF_INIT(SAMPLE_BYTES_MAX);
    struct sample s = {.path = BUF_INIT(SAMPLE_BYTES_MAX), .text = BUF_INIT(SAMPLE_BYTES_MAX)};
    struct slice text;
    enum status st;

    if (type == DATA_SET_SQL)
        return fail(why, ST_UNSUPPORTED, "a sample of SQL is not supported");
    st = lay_out(type, sample, &answer, &text, why);
    if (st == ST_OK)
        st =
            type == DATA_SET_XML ? sample_read_xml(&s, text, why) : sample_read_json(&s, text, why);
    if (st == ST_OK)
        tell(&s, each, ctx);
    sample_done(&s);
    return st;
}
