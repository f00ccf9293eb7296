#include "employees-mock/admin/import.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/bind.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/respond.h"

#include <stdio.h>
#include <string.h>

static const char *const option_members[] = {"duplicatePolicy", "deleteAllNotInImport", NULL};

/* Options without a policy keep what is there; no options at all overwrite it. */
static enum status read_policy(const struct bind *b, bool *ret_keep_old)
{
    static const char *const words[] = {"OVERWRITE", "IGNORE"};
    static const struct bind_enum policy = {"stubbing.StubImport$Options$DuplicatePolicy", words,
                                            2};
    size_t chosen = 1;
    enum status st = bind_word(b, "duplicatePolicy", &policy, &chosen);

    if (st == ST_OK)
        *ret_keep_old = chosen == 1;
    return st;
}

static enum status read_options(const json_t *options, struct stub_import *ret,
                                struct match_fault *fault)
{
    static const struct bind_class class = {"stubbing.StubImport$Options", option_members};
    struct bind b;
    enum status st = bind_object(options, "/importOptions", &class, &b, fault);

    if (st != ST_OK || !b.object)
        return st;
    st = read_policy(&b, &ret->keep_old);
    return st == ST_OK
               ? bind_bool(&b, "deleteAllNotInImport", JAVA_BOOLEAN, &ret->delete_all_others)
               : st;
}

static enum status read_stubs(const struct app *app, const json_t *list, struct stub_list *ret,
                              struct match_fault *fault)
{
    size_t i;
    json_t *one;

    ret->items = calloc(json_array_size(list) + 1, sizeof(struct stub *));
    if (!ret->items)
        return bind_fail_memory(fault);
    json_array_foreach ((json_t *)list, i, one) {
        char pointer[64];
        enum status st;

        snprintf(pointer, sizeof pointer, "/mappings/%zu", i);
        st = stub_parse(one, pointer, &app->rules, &ret->items[ret->count], fault);
        if (st != ST_OK)
            return st;
        ret->count++;
    }
    return ST_OK;
}

static enum status read_import(const struct app *app, const json_t *body, struct stub_list *stubs,
                               struct stub_import *how, struct match_fault *fault)
{
    /* any other member is taken, such as the "meta" of a list of mappings */
    static const struct bind_class class = {"stubbing.StubImport", NULL};
    const json_t *list = NULL;
    struct bind b;
    enum status st = bind_object(body, "", &class, &b, fault);

    if (st == ST_OK)
        st = bind_array(&b, "mappings",
                        "java.util.ArrayList<com.github.tomakehurst.wiremock.stubbing.StubMapping>",
                        &list);
    if (st == ST_OK)
        st = read_stubs(app, list, stubs, fault);
    return st == ST_OK ? read_options(bind_any(&b, "importOptions"), how, fault) : st;
}

/* A stub that takes the place of another goes on in that one's file. */
static enum status inherit_files(struct app *app, const struct stub_list *stubs, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < stubs->count && st == ST_OK; i++) {
        auto_stub struct stub *old = stub_store_get(app->stubs, stubs->items[i]->id);

        if (old)
            st = mapping_files_inherit(app->mappings, stubs->items[i], old, why);
    }
    return st;
}

/* What was taken is saved, and what had to go leaves no file. What fails keeps nothing else from it. */
static enum status settle_files(struct app *app, const struct stub_list *stubs,
                                const struct stub_list *before, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < stubs->count; i++) {
        auto_stub struct stub *held = stub_store_get(app->stubs, stubs->items[i]->id);
        enum status noted =
            held == stubs->items[i] ? mapping_files_note(app->mappings, held, why) : ST_OK;

        st = st == ST_OK ? noted : st;
    }
    for (size_t i = 0; i < before->count; i++) {
        auto_stub struct stub *held = stub_store_get(app->stubs, before->items[i]->id);

        if (!held)
            mapping_files_note_removed(app->mappings, before->items[i]);
    }
    return st;
}

static enum status import_all(struct app *app, const struct stub_list *stubs,
                              struct stub_import how, struct why *why)
{
    auto_stub_list struct stub_list before = {0};
    enum status st = how.keep_old ? ST_OK : inherit_files(app, stubs, why);

    if (st == ST_OK && how.delete_all_others)
        st = stub_store_list(app->stubs, &before, why);
    if (st == ST_OK)
        st = stub_store_import(app->stubs, stubs->items, stubs->count, how, why);
    if (st == ST_OK)
        st = settle_files(app, stubs, &before, why);
    return st;
}

void mappings_import(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    auto_stub_list struct stub_list stubs = {0};
    struct stub_import how = {0};
    struct match_fault fault = {0};
    struct why why = {0};

    if (!admin_read_something(
            req, (struct admin_null_use){"stubbing.StubImport.getMappings()", "stubImport"}, &body))
        return;
    if (read_import(app, body, &stubs, &how, &fault) != ST_OK) {
        admin_fault(req, &fault);
        return;
    }
    if (!json_is_array(json_object_get(body, "mappings"))) {
        respond_exception(req, "java.lang.NullPointerException: Cannot invoke "
                               "\"java.util.List.size()\" because \"mappings\" is null");
        return;
    }
    if (bind_has_null(json_object_get(body, "mappings"))) {
        respond_exception(req, "java.lang.NullPointerException: a stub of the import is missing");
        return;
    }
    json_decref(take(body)); /* what stubs of a store are made of belongs to nobody else */
    if (import_all(app, &stubs, how, &why) != ST_OK)
        respond_exception(req, why.text);
    else
        admin_empty(req, 200);
}
