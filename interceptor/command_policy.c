/* Subcommands that try a policy without a server. */
#include "interceptor/command.h"
#include "interceptor/commands.h"

#include "common/file.h"
#include "common/utf8.h"
#include "interceptor/config.h"
#include "interceptor/explain.h"
#include "interceptor/offline.h"
#include "interceptor/preview.h"
#include "interceptor/proposal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { INPUT_MAX = 64 << 20, ANSWER_MAX = 512 << 20, CLAIMS_MAX = 1000 };

/* ---- --check-config ---- */

static enum status check_paths(const struct settings *settings, struct why *why)
{
    const struct options *o = settings->options;
    static const uint8_t any_key[MASTER_KEY_MIN] = {0};
    auto_policy_items struct policy_items items = {0};
    auto_master struct master *master = NULL;
    auto_quota_book struct quota_book *quotas = NULL;
    auto_snapshot struct snapshot *snapshot = NULL;
    bool words = options_words(o) > 0;
    size_t count = words ? options_words(o) : options_count(o, SET_CONFIG);
    enum status st = master_new(any_key, sizeof any_key, &master, why);

    if (count == 0)
        return fail_at(why, ST_BAD_INPUT, "--check-config", "needs a path, or --config");
    for (size_t i = 0; i < count && st == ST_OK; i++)
        st = config_read_path(words ? options_word(o, i) : options_item(o, SET_CONFIG, i),
                              &environment_variables, master, &items, why);
    if (st == ST_OK)
        st = quota_book_new(&quotas, why);
    if (st == ST_OK)
        st = policy_items_remove(&items, POLICY_KEY, why); /* they need the true key file */
    if (st != ST_OK)
        return st;
    return snapshot_new(&items, master, quotas, NULL, 1, &snapshot, why);
}

int command_check_config(const struct settings *settings)
{
    struct why why = {0};
    enum status st = check_paths(settings, &why);

    if (st != ST_OK) {
        command_complain(st, &why);
        return EXIT_USAGE;
    }
    puts("configuration is valid");
    return EXIT_FINE;
}

/* ---- what the request is ---- */

struct asked {
    struct rule_request request;
    struct claim claims[CLAIMS_MAX];
    const char *manifest;
};

static enum status read_country(const char *text, const char *flag, char ret[3], struct why *why)
{
    if (text && !country_read(slice_of(text), ret))
        return fail_at(why, ST_BAD_INPUT, flag, "is no ISO 3166-1 alpha-2 code");
    return ST_OK;
}

static enum status read_claims(const struct options *o, struct asked *ret, struct why *why)
{
    size_t count = options_count(o, SET_CLAIM);

    if (count > CLAIMS_MAX)
        return fail_at(why, ST_TOO_LARGE, "--claim", "may be given %d times", CLAIMS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *item = options_item(o, SET_CLAIM, i);
        const char *equals = strchr(item, '=');

        if (!equals || equals == item)
            return fail_at(why, ST_BAD_INPUT, "--claim", "must be NAME=VALUE");
        if (!utf8_valid(slice_of(item)))
            return fail_at(why, ST_BAD_INPUT, "--claim", "is no UTF-8 text");
        ret->claims[i] = (struct claim){{item, (size_t)(equals - item)}, slice_of(equals + 1)};
    }
    ret->request.claims = ret->claims;
    ret->request.claim_count = count;
    return ST_OK;
}

static enum status read_usage(const struct options *o, struct rule_request *ret, struct why *why)
{
    const char *text = options_text(o, SET_USAGE);
    char *end;

    if (!text)
        return ST_OK;
    errno = 0;
    ret->usage_id = strtoll(text, &end, 10);
    ret->has_usage = true;
    if (end == text || *end != '\0' || errno != 0)
        return fail_at(why, ST_BAD_INPUT, "--usage", "must be an integer");
    return ST_OK;
}

static enum status read_asked(const struct settings *settings, struct asked *ret, struct why *why)
{
    const struct options *o = settings->options;
    const char *date = options_text(o, SET_SNAPSHOT_DATE);
    enum status st;

    *ret = (struct asked){.manifest = options_text(o, SET_MANIFEST)};
    ret->request.at.us = clock_now_us(&settings->clock);
    if (!ret->manifest)
        return fail_at(why, ST_BAD_INPUT, "--manifest", "is missing");
    if (!options_text(o, SET_COUNTRY))
        return fail_at(why, ST_BAD_INPUT, "--country", "is missing");
    if (!utf8_valid(slice_of(ret->manifest)))
        return fail_at(why, ST_BAD_INPUT, "--manifest", "is no UTF-8 text");
    st = read_country(options_text(o, SET_COUNTRY), "--country", ret->request.country, why);
    if (st == ST_OK)
        st = read_country(options_text(o, SET_OWNER), "--owner", ret->request.owner, why);
    if (st == ST_OK)
        st = read_claims(o, ret, why);
    if (st == ST_OK)
        st = read_usage(o, &ret->request, why);
    if (st == ST_OK && date && clock_parse_instant(slice_of(date), &ret->request.at, NULL) != ST_OK)
        st = fail_at(why, ST_BAD_INPUT, "--snapshot-date", "is no ISO 8601 instant with a zone");
    return st;
}

/* ---- explain ---- */

static void print_outcomes(const json_t *attribute)
{
    const json_t *rule;
    size_t i;

    printf("%s: %s", json_string_value(json_object_get(attribute, "path")),
           json_is_true(json_object_get(attribute, "granted")) ? "granted" : "not granted");
    if (json_is_string(json_object_get(attribute, "rule")))
        printf(" by \"%s\"", json_string_value(json_object_get(attribute, "rule")));
    else if (json_array_size(json_object_get(attribute, "rules")) == 0)
        printf(": no rule covers it");
    putchar('\n');
    json_array_foreach (json_object_get(attribute, "rules"), i, rule) {
        printf("    \"%s\": %s\n", json_string_value(json_object_get(rule, "rule")),
               json_string_value(json_object_get(rule, "outcome")));
    }
}

int command_explain(const struct settings *settings)
{
    auto_offline struct offline offline = {0};
    auto_json json_t *attributes = NULL;
    auto_free struct asked *asked = malloc(sizeof *asked);
    const struct ward *ward;
    const json_t *attribute;
    struct why why = {0};
    enum status st = asked ? read_asked(settings, asked, &why) : fail_memory(&why);
    size_t i;

    if (st == ST_OK)
        st = offline_open(settings, &offline, &why);
    if (st != ST_OK)
        return command_complain(st, &why);
    ward = snapshot_ward(offline.snapshot, slice_of(asked->manifest));
    if (!ward)
        return command_complain(
            fail_at(&why, ST_NOT_FOUND, "--manifest", "there is no such manifest"), &why);
    if (!ward->manifest->active)
        puts("the manifest is not active: calls that name it are refused");
    attributes = explain_write(ward, &asked->request);
    json_array_foreach (attributes, i, attribute) {
        print_outcomes(attribute);
    }
    return EXIT_FINE;
}

/* ---- preview and suggest ---- */

/* Faults that are told by the member of the document are told by the flag that filled it. */
static enum status name_flag(enum status st, struct why *why)
{
    static const struct {
        const char *member, *flag;
    } rows[] = {
        {"dataSet", "--input"}, {"jobType", "--job"},   {"manifestName", "--manifest"},
        {"name", "--manifest"}, {"tenant", "--tenant"},
    };

    for (size_t i = 0; st != ST_OK && i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(why->place, rows[i].member) == 0)
            snprintf(why->place, sizeof why->place, "%s", rows[i].flag);
    return st;
}

static enum status read_type(const struct options *o, enum data_set_type *ret, struct why *why)
{
    if (!data_set_type_parse(slice_of(options_text(o, SET_TYPE)), ret) || *ret == DATA_SET_SQL)
        return fail_at(why, ST_BAD_INPUT, "--type", "must be JSON or XML");
    return ST_OK;
}

static enum status read_input(const struct settings *settings, struct buf *ret, struct why *why)
{
    const char *file = options_text(settings->options, SET_INPUT);
    enum status st = file_read(file ? file : "/dev/stdin", ret, why);

    return file && st == ST_IO ? ST_BAD_INPUT : st; /* a wrong option, not a failure */
}

static json_t *claims_json(const struct rule_request *request)
{
    json_t *list = json_array();

    for (size_t i = 0; i < request->claim_count; i++) {
        const struct claim *c = &request->claims[i];

        json_array_append_new(list,
                              json_pack("{s:s%, s:s%}", "attributeName", c->name.data, c->name.len,
                                        "attributeValue", c->value.data, c->value.len));
    }
    return json_pack("{s:o}", "claims", list);
}

/* The document that preview.h reads. */
static json_t *preview_document(const struct settings *settings, const struct asked *asked,
                                struct slice data_set)
{
    const struct options *o = settings->options;
    const struct rule_request *r = &asked->request;
    json_t *document =
        json_pack("{s:s, s:s, s:s, s:s, s:s%, s:o, s:s*, s:s*}", "manifestName", asked->manifest,
                  "countryCode", r->country, "jobType", options_text(o, SET_JOB), "dataSetType",
                  options_text(o, SET_TYPE), "dataSet", data_set.data, data_set.len, "matchingRule",
                  claims_json(r), "snapshotDate", options_text(o, SET_SNAPSHOT_DATE), "tenant",
                  options_text(o, SET_TENANT));
    if (document && r->owner[0] != '\0')
        json_object_set_new(document, "dataOwningCountryCode", json_string(r->owner));
    if (document && r->has_usage)
        json_object_set_new(document, "dataUsageId", json_integer(r->usage_id));
    return document;
}

static enum status preview(const struct settings *settings, json_t **ret, struct why *why)
{
    auto_offline struct offline offline = {0};
    auto_engine struct engine *engine = NULL;
    auto_free struct asked *asked = malloc(sizeof *asked);
    auto_buf struct buf input = BUF_INIT(INPUT_MAX);
    auto_json json_t *document = NULL;
    struct preview_context context = {.answer_max = ANSWER_MAX};
    enum data_set_type type;
    enum status st = asked ? read_asked(settings, asked, why) : fail_memory(why);

    if (st == ST_OK)
        st = read_type(settings->options, &type, why);
    if (st == ST_OK)
        st = offline_open(settings, &offline, why);
    if (st == ST_OK)
        st = engine_new(&engine, why);
    if (st == ST_OK)
        st = read_input(settings, &input, why);
    if (st != ST_OK)
        return st;
    document = preview_document(settings, asked, buf_slice(&input));
    if (!document)
        return fail_at(why, ST_BAD_INPUT, "--input", "is no UTF-8 text");
    context.snapshot = offline.snapshot;
    context.engine = engine;
    context.now_us = clock_now_us(&settings->clock);
    return name_flag(preview_run(&context, document, ret, why), why);
}

int command_preview(const struct settings *settings)
{
    json_t *result = NULL;
    struct why why = {0};
    enum status st = preview(settings, &result, &why);

    return st == ST_OK ? command_print_json(result) : command_complain(st, &why);
}

int command_suggest(const struct settings *settings)
{
    const char *name = options_text(settings->options, SET_MANIFEST);
    auto_buf struct buf input = BUF_INIT(INPUT_MAX);
    enum data_set_type type = DATA_SET_JSON;
    json_t *result = NULL;
    struct why why = {0};
    enum status st = read_type(settings->options, &type, &why);

    if (st == ST_OK)
        st = read_input(settings, &input, &why);
    if (st == ST_OK)
        st = proposal_write(type, buf_slice(&input), name ? name : "Proposed", &result, &why);
    return st == ST_OK ? command_print_json(result) : command_complain(name_flag(st, &why), &why);
}
