#include "tests/unit/interceptor_fixture.h"

#include "interceptor/config.h"
#include "interceptor/lookup.h"
#include "interceptor/placeholder.h"
#include "interceptor/policy.h"

/* ---- placeholders ---- */

static enum status find(void *ctx, const char *name, char **ret, struct why *why)
{
    (void)ctx;
    (void)why;
    if (strcmp(name, "SET") == 0)
        *ret = strdup("value");
    else if (strcmp(name, "EMPTY") == 0)
        *ret = strdup("");
    return ST_OK;
}

static const struct variables variables = {find, NULL};

static void fills(const char *text, const char *expected)
{
    auto_json json_t *value = json_string(text);
    auto_json json_t *filled = NULL;
    struct why why = {0};

    assert_ok(placeholder_fill(value, &variables, &filled, &why), &why);
    assert_string_equal(json_string_value(filled), expected);
}

static void placeholders_take_values_and_defaults(void **state)
{
    (void)state;
    fills("", "");
    fills("plain $ {x} }", "plain $ {x} }");
    fills("${SET}", "value");
    fills("a${SET}b${SET}", "avaluebvalue");
    fills("${NONE:-other}", "other");
    fills("${NONE:-}", "");
    fills("${EMPTY:-other}", "other");
    fills("${EMPTY}", "");
    fills("${SET:-other}", "value");
    fills("${NONE:-a:-b}", "a:-b");
    fills("$${SET}", "${SET}");
    fills("${NONE:-$}{SET}", "${SET}");
}

static void refuses_text(const char *text, const struct variables *from, const char *part)
{
    auto_json json_t *value = json_pack("{s:[s]}", "a", text);
    json_t *filled = NULL;
    struct why why = {0};

    assert_status(ST_BAD_INPUT, placeholder_fill(value, from, &filled, &why), &why);
    assert_string_equal(why.place, "a[0]");
    assert_contains(why.text, part);
}

static void placeholders_without_value_or_form_are_refused(void **state)
{
    (void)state;
    refuses_text("x${NONE}", &variables, "NONE is not set");
    refuses_text("${", &variables, "closing brace");
    refuses_text("${}", &variables, "placeholder");
    refuses_text("${1A}", &variables, "placeholder");
    refuses_text("${A B}", &variables, "placeholder");
    refuses_text("${A:-${B:-c}}", &variables, "other placeholder");
    refuses_text("${SET}", NULL, "files only");
}

static void what_is_escaped_fills_to_itself(void **state)
{
    static const char *const texts[] = {"${SET}", "a${", "$${X}", "$$${", "{$}", "${${"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        auto_json json_t *value = json_string(texts[i]);
        auto_json json_t *filled = NULL;
        struct why why = {0};

        assert_ok(placeholder_escape(value, &why), &why);
        assert_ok(placeholder_fill(value, NULL, &filled, &why), &why);
        assert_string_equal(json_string_value(filled), texts[i]);
    }
}

/* ---- files ---- */

static enum status read_path(const char *path, struct policy_items *items, struct why *why)
{
    auto_master struct master *master = any_master(1);

    return config_read_path(path, &variables, master, items, why);
}

#define ONE "{\"manifests\":[{\"name\":\"One\",\"attributes\":[]}]}"
#define TWO "{\"manifests\":[{\"name\":\"Two\",\"attributes\":[]}]}"

static void a_folder_is_all_its_json_files_in_order(void **state)
{
    const struct temp *temp = *state;
    auto_policy_items struct policy_items items = {0};
    struct why why = {0};

    temp_write(state, "b.json", TWO, sizeof TWO - 1);
    temp_write(state, "a.json", ONE, sizeof ONE - 1);
    temp_write(state, ".c.json", "{", 1);
    temp_write(state, "d.txt", "{", 1);
    assert_ok(read_path(temp->folder, &items, &why), &why);
    assert_int_equal(items.count, 2);
    assert_string_equal(items.items[0].name, "One");
    assert_contains(items.items[1].source, "b.json: manifests[0]");
}

static void faults_name_the_file(void **state)
{
    const struct temp *temp = *state;
    auto_policy_items struct policy_items items = {0};
    struct why why = {0};

    assert_status(ST_NOT_FOUND, read_path("/nowhere", &items, &why), &why);
    assert_status(ST_BAD_INPUT, read_path(temp->folder, &items, &why), &why);
    assert_contains(why.text, "no *.json");
    assert_ok(read_path(temp_write(state, "a.json", ONE, sizeof ONE - 1), &items, &why), &why);
    assert_status(ST_CONFLICT,
                  read_path(temp_write(state, "b.json", ONE, sizeof ONE - 1), &items, &why), &why);
    assert_contains(why.place, "b.json: manifests[0].name");
}

/* ---- changes ---- */

struct world {
    struct master *master;
    struct store *store;
    struct quota_book *book;
    struct snapshot_box *box;
    struct policy *policy;
};

static int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct why why = {0};

    w->master = any_master(1);
    assert_ok(store_open(":memory:", &w->store, &why), &why);
    assert_ok(quota_book_new(&w->book, &why), &why);
    assert_ok(snapshot_box_new(&w->box, &why), &why);
    assert_ok(policy_new(w->store, w->master, w->book, w->box, &w->policy, &why), &why);
    *state = w;
    return 0;
}

static int world_teardown(void **state)
{
    struct world *w = *state;

    policy_free(w->policy);
    snapshot_box_free(w->box);
    quota_book_free(w->book);
    store_close(w->store);
    master_free(w->master);
    free(w);
    return 0;
}

static enum status apply(struct world *w, const char *document, enum policy_apply how,
                         struct why *why)
{
    auto_json json_t *value = parse(document);
    auto_policy_items struct policy_items items = {0};
    enum status st = config_read(value, "f", NULL, w->master, &items, why);

    return st == ST_OK ? policy_apply(w->policy, &items, how, why) : st;
}

static bool has(struct world *w, const char *manifest)
{
    auto_snapshot struct snapshot *s = snapshot_hold(w->box);

    return snapshot_ward(s, slice_of(manifest)) != NULL;
}

#define M(name) "{'manifests':[{'name':'" name "','attributes':[]}]}"

static void files_replace_files_and_leave_what_was_added(void **state)
{
    struct world *w = *state;
    struct why why = {0};

    assert_ok(apply(w, M("Filed"), POLICY_FILES, &why), &why);
    assert_ok(apply(w, M("Added"), POLICY_ADD, &why), &why);
    assert_true(has(w, "Filed") && has(w, "Added"));
    assert_ok(apply(w, M("New"), POLICY_FILES, &why), &why);
    assert_true(has(w, "New") && has(w, "Added"));
    assert_false(has(w, "Filed"));
    assert_ok(apply(w, M("Only"), POLICY_REPLACE, &why), &why);
    assert_true(has(w, "Only"));
    assert_false(has(w, "New") || has(w, "Added"));
}

static void what_would_not_be_valid_changes_nothing(void **state)
{
    struct world *w = *state;
    struct why why = {0};

    assert_ok(apply(w, M("Kept"), POLICY_FILES, &why), &why);
    assert_status(ST_BAD_INPUT,
                  apply(w,
                        "{'manifests':[{'name':'X','attributes':[]}],"
                        "'rules':[{'name':'r','manifests':['Y'],'attributes':['*']}]}",
                        POLICY_FILES, &why),
                  &why);
    assert_string_equal(why.place, "f: rules[0].manifests[0]");
    assert_true(has(w, "Kept"));
    assert_false(has(w, "X"));
    assert_ok(policy_reload(w->policy, &why), &why);
    assert_true(has(w, "Kept"));
}

static void what_others_change_is_followed_once(void **state)
{
    struct world *w = *state;
    struct snapshot_box *box = NULL;
    struct policy *other = NULL;
    struct why why = {0};
    bool changed = true;

    assert_ok(apply(w, M("Kept"), POLICY_FILES, &why), &why);
    assert_ok(policy_follow(w->policy, &changed, &why), &why);
    assert_false(changed);
    assert_ok(snapshot_box_new(&box, &why), &why);
    assert_ok(policy_new(w->store, w->master, w->book, box, &other, &why), &why);
    assert_ok(policy_follow(other, &changed, &why), &why);
    assert_true(changed);
    assert_ok(policy_delete(other, POLICY_MANIFEST, "Kept", &why), &why);
    assert_true(has(w, "Kept"));
    assert_ok(policy_follow(w->policy, &changed, &why), &why);
    assert_true(changed);
    assert_false(has(w, "Kept"));
    assert_ok(policy_follow(w->policy, &changed, &why), &why);
    assert_false(changed);
    assert_status(ST_NOT_FOUND, policy_delete(other, POLICY_MANIFEST, "Kept", &why), &why);
    assert_ok(policy_follow(w->policy, &changed, &why), &why);
    assert_false(changed);
    policy_free(other);
    snapshot_box_free(box);
}

static void what_a_rule_speaks_of_is_not_deleted(void **state)
{
    struct world *w = *state;
    struct why why = {0};

    assert_ok(apply(w,
                    "{'manifests':[{'name':'X','attributes':[]}],"
                    "'rules':[{'name':'r','manifests':['X'],'attributes':['*']}]}",
                    POLICY_FILES, &why),
              &why);
    assert_status(ST_CONFLICT, policy_delete(w->policy, POLICY_MANIFEST, "X", &why), &why);
    assert_ok(policy_delete(w->policy, POLICY_RULE, "r", &why), &why);
    assert_ok(policy_delete(w->policy, POLICY_MANIFEST, "X", &why), &why);
    assert_status(ST_NOT_FOUND, policy_delete(w->policy, POLICY_MANIFEST, "X", &why), &why);
    assert_false(has(w, "X"));
}

static void a_lookup_finds_what_was_added_and_nothing_else(void **state)
{
    char keys[500][8];
    struct lookup l;
    struct why why = {0};
    size_t number = 0;

    (void)state;
    assert_ok(lookup_init(&l, COUNT(keys), &why), &why);
    for (size_t i = 0; i < COUNT(keys); i++) {
        snprintf(keys[i], sizeof keys[i], "k%zu", i);
        assert_true(lookup_add(&l, slice_of(keys[i]), i));
    }
    assert_false(lookup_add(&l, SLICE("k7"), 1));
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_true(lookup_find(&l, slice_of(keys[i]), &number));
        assert_int_equal(number, i);
    }
    assert_false(lookup_find(&l, SLICE("k500"), &number));
    assert_false(lookup_find(&l, SLICE(""), &number));
    lookup_done(&l);
}

/* Item i of a kind has the name "n<i>", in each kind alike. */
static void assert_finds(const struct policy_items *items, size_t names, enum policy_kind without)
{
    for (size_t i = 0; i < names; i++) {
        char name[24];

        snprintf(name, sizeof name, "n%zu", i);
        for (int kind = 0; kind < POLICY_KINDS; kind++) {
            const struct policy_item *item = policy_items_find(items, (enum policy_kind)kind, name);

            if (kind == (int)without) {
                assert_null(item);
                continue;
            }
            assert_non_null(item);
            assert_int_equal(item->kind, kind);
            assert_string_equal(item->name, name);
        }
    }
    assert_null(policy_items_find(items, POLICY_RULE, "n"));
}

static void items_are_found_by_kind_and_name(void **state)
{
    enum { NAMES = 100 };
    auto_policy_items struct policy_items items = {0};
    struct why why = {0};

    (void)state;
    assert_null(policy_items_find(&items, POLICY_RULE, "n0"));
    for (int kind = 0; kind < POLICY_KINDS; kind++) {
        for (size_t i = 0; i < NAMES; i++) {
            char name[24];

            snprintf(name, sizeof name, "n%zu", i);
            assert_ok(policy_items_add(&items, (enum policy_kind)kind, name, "{}", NULL, &why),
                      &why);
        }
    }
    assert_finds(&items, NAMES, POLICY_KINDS);
    assert_ok(policy_items_remove(&items, POLICY_MANIFEST, &why), &why);
    assert_int_equal(items.count, (POLICY_KINDS - 1) * NAMES);
    assert_finds(&items, NAMES, POLICY_MANIFEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_found_by_kind_and_name),
        cmocka_unit_test(placeholders_take_values_and_defaults),
        cmocka_unit_test(placeholders_without_value_or_form_are_refused),
        cmocka_unit_test(what_is_escaped_fills_to_itself),
        cmocka_unit_test_setup_teardown(a_folder_is_all_its_json_files_in_order, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(faults_name_the_file, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(files_replace_files_and_leave_what_was_added, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(what_would_not_be_valid_changes_nothing, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(what_others_change_is_followed_once, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(what_a_rule_speaks_of_is_not_deleted, world_setup,
                                        world_teardown),
        cmocka_unit_test(a_lookup_finds_what_was_added_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
