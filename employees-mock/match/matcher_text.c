/* Matchers of plain text: equalTo, contains, matches and their like. */
#include "employees-mock/base64.h"
#include "employees-mock/match/fields.h"
#include "employees-mock/match/levenshtein.h"
#include "employees-mock/match/matcher.h"
#include "employees-mock/match/path_template.h"
#include "employees-mock/match/regex.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- equalTo ---- */

/* The state of equalTo is one of these three, by its caseInsensitive member. */
static char case_unsaid, case_exact, case_any;

static enum status equal_to_compile(struct value_matcher *m, const json_t *operand,
                                    const json_t *node, const struct matcher_place *place)
{
    const json_t *any_case = json_object_get(node, "caseInsensitive");

    m->state = !any_case ? &case_unsaid : matcher_as_bool(any_case) ? &case_any : &case_exact;
    return matcher_take_text(m, operand, place);
}

static enum status equal_to_matches(const struct value_matcher *m, const struct value_input *in,
                                    bool *ret, struct why *why)
{
    (void)why;
    *ret = in->present && (m->state == &case_any ? slice_equal_nocase(m->text, in->text)
                                                 : slice_equal(m->text, in->text));
    return ST_OK;
}

static double equal_to_distance(const struct value_matcher *m, const struct value_input *in)
{
    return in->present ? levenshtein_normalised(m->text, in->text) : 1;
}

static json_t *equal_to_write(const struct value_matcher *m)
{
    json_t *object = json_pack("{s:s%}", "equalTo", m->text.data, m->text.len);

    if (m->state != &case_unsaid)
        json_object_set_new(object, "caseInsensitive", json_boolean(m->state == &case_any));
    return object;
}

const struct matcher_kind matcher_equal_to = {
    .name = "equalTo",
    .compile = equal_to_compile,
    .matches = equal_to_matches,
    .distance = equal_to_distance,
    .write = equal_to_write,
};

/* ---- contains, doesNotContain ---- */

static enum status text_compile(struct value_matcher *m, const json_t *operand, const json_t *node,
                                const struct matcher_place *place)
{
    (void)node;
    return matcher_take_text(m, operand, place);
}

static bool holds(const struct value_matcher *m, const struct value_input *in)
{
    return in->present &&
           (m->text.len == 0 ||
            (in->text.len > 0 && memmem(in->text.data, in->text.len, m->text.data, m->text.len)));
}

static enum status contains_matches(const struct value_matcher *m, const struct value_input *in,
                                    bool *ret, struct why *why)
{
    (void)why;
    *ret = holds(m, in);
    return ST_OK;
}

static enum status does_not_contain_matches(const struct value_matcher *m,
                                            const struct value_input *in, bool *ret,
                                            struct why *why)
{
    (void)why;
    *ret = !holds(m, in);
    return ST_OK;
}

const struct matcher_kind matcher_contains = {
    .name = "contains",
    .compile = text_compile,
    .matches = contains_matches,
};

const struct matcher_kind matcher_does_not_contain = {
    .name = "doesNotContain",
    .compile = text_compile,
    .matches = does_not_contain_matches,
};

/* ---- matches, doesNotMatch ---- */

static enum status regex_kind_compile(struct value_matcher *m, const json_t *operand,
                                      const json_t *node, const struct matcher_place *place)
{
    struct why why = {0};
    struct regex *re = NULL;
    enum status st = text_compile(m, operand, node, place);

    if (st != ST_OK)
        return st;
    st = regex_compile(m->text, REGEX_DOTALL, &re, &why);
    if (st != ST_OK)
        return matcher_refuse_why(place, st, &why);
    m->state = re;
    return ST_OK;
}

static enum status regex_kind_matches(const struct value_matcher *m, const struct value_input *in,
                                      bool *ret, struct why *why)
{
    *ret = false;
    return in->present ? regex_matches(m->state, in->text, ret, why) : ST_OK;
}

static enum status does_not_match_matches(const struct value_matcher *m,
                                          const struct value_input *in, bool *ret, struct why *why)
{
    enum status st = regex_kind_matches(m, in, ret, why);

    *ret = !*ret;
    return st;
}

static void regex_kind_release(struct value_matcher *m)
{
    regex_free(m->state);
}

const struct matcher_kind matcher_regex = {
    .name = "matches",
    .compile = regex_kind_compile,
    .matches = regex_kind_matches,
    .release = regex_kind_release,
};

const struct matcher_kind matcher_does_not_match = {
    .name = "doesNotMatch",
    .compile = regex_kind_compile,
    .matches = does_not_match_matches,
    .release = regex_kind_release,
};

/* ---- absent, anything ---- */

static enum status absent_compile(struct value_matcher *m, const json_t *operand,
                                  const json_t *node, const struct matcher_place *place)
{
    (void)operand;
    (void)node;
    return matcher_set_text(m, SLICE("(absent)"), place);
}

static enum status absent_matches(const struct value_matcher *m, const struct value_input *in,
                                  bool *ret, struct why *why)
{
    (void)m;
    (void)why;
    *ret = !in->present;
    return ST_OK;
}

static json_t *absent_write(const struct value_matcher *m)
{
    (void)m;
    return json_pack("{s:b}", "absent", 1);
}

const struct matcher_kind matcher_absent = {
    .name = "absent",
    .compile = absent_compile,
    .matches = absent_matches,
    .write = absent_write,
};

static enum status anything_matches(const struct value_matcher *m, const struct value_input *in,
                                    bool *ret, struct why *why)
{
    (void)m;
    (void)in;
    (void)why;
    *ret = true;
    return ST_OK;
}

static json_t *anything_write(const struct value_matcher *m)
{
    (void)m;
    return json_pack("{s:s}", "anything", "anything");
}

const struct matcher_kind matcher_anything = {
    .name = "anything",
    .compile = text_compile,
    .matches = anything_matches,
    .write = anything_write,
};

/* ---- matchesPathTemplate ---- */

static enum status path_template_kind_compile(struct value_matcher *m, const json_t *operand,
                                              const json_t *node, const struct matcher_place *place)
{
    struct why why = {0};
    struct path_template *t = NULL;
    enum status st = text_compile(m, operand, node, place);

    if (st != ST_OK)
        return st;
    st = path_template_compile(m->text, &t, &why);
    if (st != ST_OK)
        return matcher_refuse_why(place, st, &why);
    m->state = t;
    return ST_OK;
}

static enum status path_template_kind_matches(const struct value_matcher *m,
                                              const struct value_input *in, bool *ret,
                                              struct why *why)
{
    (void)why;
    *ret = in->present && path_template_matches(m->state, in->text);
    return ST_OK;
}

static double path_template_kind_distance(const struct value_matcher *m,
                                          const struct value_input *in)
{
    auto_buf struct buf blank = BUF_INIT(m->text.len + 1);

    if (!in->present)
        return 1;
    if (path_template_matches(m->state, in->text))
        return 0;
    path_template_write_blank(m->state, &blank);
    return levenshtein_normalised(buf_slice(&blank), in->text);
}

static void path_template_kind_release(struct value_matcher *m)
{
    path_template_free(m->state);
}

const struct matcher_kind matcher_path_template = {
    .name = "matchesPathTemplate",
    .compile = path_template_kind_compile,
    .matches = path_template_kind_matches,
    .distance = path_template_kind_distance,
    .release = path_template_kind_release,
};

/* ---- binaryEqualTo: the text is the operand, the state the bytes ---- */

static enum status refuse_base64(const json_t *operand, const struct matcher_place *place)
{
    const char *text = json_string_value(operand);
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    size_t good = strspn(text, digits);

    if (text[good])
        return matcher_refuse(place, "Illegal base64 character %x", (unsigned char)text[good]);
    return matcher_refuse(place, "Input byte array has wrong 4-byte ending unit");
}

static enum status binary_compile(struct value_matcher *m, const json_t *operand,
                                  const json_t *node, const struct matcher_place *place)
{
    struct buf *bytes;
    auto_buf struct buf written = BUF_INIT(64 << 20);
    size_t len;
    char *decoded;

    (void)node;
    if (!json_is_string(operand))
        return matcher_refuse(place, "Cannot invoke \"String.getBytes(java.nio.charset.Charset)\" "
                                     "because \"src\" is null");
    decoded = fields_decode_base64(
        (struct slice){json_string_value(operand), json_string_length(operand)}, &len);
    if (!decoded)
        return refuse_base64(operand, place);
    bytes = calloc(1, sizeof *bytes);
    if (!bytes) {
        free(decoded);
        return matcher_out_of_memory(place);
    }
    *bytes = (struct buf){.data = decoded, .len = len, .cap = len + 1, .max = len};
    m->state = bytes;
    base64_encode((struct slice){decoded, len}, &written); /* as it is written back */
    return matcher_set_text(m, buf_slice(&written), place);
}

static enum status binary_matches(const struct value_matcher *m, const struct value_input *in,
                                  bool *ret, struct why *why)
{
    (void)why;
    *ret = slice_equal(buf_slice(m->state), in->text);
    return ST_OK;
}

static void binary_release(struct value_matcher *m)
{
    buf_done(m->state);
    free(m->state);
}

const struct matcher_kind matcher_binary_equal_to = {
    .name = "binaryEqualTo",
    .compile = binary_compile,
    .matches = binary_matches,
    .release = binary_release,
};

/* ---- basic authentication: "Basic " in any case, then the credentials exactly ---- */

enum { BASIC_LEN = 6 };

static enum status basic_matches(const struct value_matcher *m, const struct value_input *in,
                                 bool *ret, struct why *why)
{
    if (in->present && in->text.len < BASIC_LEN)
        return fail(why, ST_BAD_INPUT,
                    "java.lang.StringIndexOutOfBoundsException: begin 0, end %d, length %zu",
                    BASIC_LEN, in->text.len);
    *ret =
        in->present && in->text.len == m->text.len &&
        strncasecmp(in->text.data, m->text.data, BASIC_LEN) == 0 &&
        memcmp(in->text.data + BASIC_LEN, m->text.data + BASIC_LEN, m->text.len - BASIC_LEN) == 0;
    return ST_OK;
}

const struct matcher_kind matcher_basic_auth = {
    .name = "prefix",
    .matches = basic_matches,
    .distance = equal_to_distance,
};
