#include "tests/unit/interceptor_fixture.h"

#include "interceptor/config.h"
#include "interceptor/snapshot.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>

#define TENANT   "{'name':'t','apiKey':'k','clients':[{'id':'c','secret':'s'}]}"
#define MANIFEST "{'name':'M','attributes':[{'path':'a'},{'path':'b','classification':'x'}]}"
#define RULE     "{'name':'r','manifests':['M'],'classifications':['x']}"

static enum status compile(const char *document, int64_t revision, struct snapshot **ret,
                           struct why *why)
{
    auto_master struct master *master = any_master(1);
    auto_json json_t *value = parse(document);
    auto_policy_items struct policy_items items = {0};
    static struct quota_book *book;
    enum status st = config_read(value, "f.json", NULL, master, &items, why);

    if (!book)
        assert_ok(quota_book_new(&book, why), why);
    if (st != ST_OK)
        return st;
    return snapshot_new(&items, master, book, NULL, revision, ret, why);
}

static struct snapshot *compiled(const char *document, int64_t revision)
{
    struct snapshot *s = NULL;
    struct why why = {0};

    assert_ok(compile(document, revision, &s, &why), &why);
    return s;
}

static void what_was_configured_is_found(void **state)
{
    auto_snapshot struct snapshot *s =
        compiled("{'tenants':[" TENANT "],'manifests':[" MANIFEST "],'rules':[" RULE "]}", 3);
    const struct account *account = snapshot_account(s, SLICE("t"));

    (void)state;
    assert_int_equal(snapshot_revision(s), 3);
    assert_non_null(account);
    assert_ptr_equal(snapshot_account_by_key(s, account->tenant->key_hash), account);
    assert_non_null(tenant_find_client(account->tenant, SLICE("c")));
    assert_null(tenant_find_client(account->tenant, SLICE("C")));
    assert_null(snapshot_account(s, SLICE("T")));
    assert_non_null(snapshot_ward(s, SLICE("M")));
    assert_null(snapshot_ward(s, SLICE("m")));
    assert_null(snapshot_ward(s, SLICE("")));
}

static void rules_grant_what_they_cover(void **state)
{
    auto_snapshot struct snapshot *s =
        compiled("{'tenants':[" TENANT "],'manifests':[" MANIFEST "],'rules':[" RULE "]}", 1);
    const struct ward *ward = snapshot_ward(s, SLICE("M"));
    const struct rule_request known = {.country = "GB", .owner = "IT"};
    const struct rule_request unknown = {.country = "GB"};
    bool granted[2] = {true, true};

    (void)state;
    assert_true(grants_decide(ward->grants, &known, granted));
    assert_false(granted[0]);
    assert_true(granted[1]);
    assert_false(grants_decide(ward->grants, &unknown, granted));
    assert_false(granted[0] || granted[1]);
}

/* Notes the rules that it is told of, one letter each. */
static bool note_rule(void *ctx, const struct rule *rule, enum rule_outcome outcome)
{
    (void)outcome;
    buf_put_text(ctx, rule_name(rule));
    return true;
}

static void rules_are_told_in_their_order_and_each_once(void **state)
{
    auto_snapshot struct snapshot *s = compiled(
        "{'manifests':[{'name':'M','attributes':[{'path':'a'}]},"
        "{'name':'N','attributes':[{'path':'a'}]},{'name':'O','attributes':[{'path':'a'}]}],"
        "'rules':[{'name':'1','manifests':['N','M'],'attributes':['*']},"
        "{'name':'2','manifests':['*','M'],'attributes':['a']},"
        "{'name':'3','manifests':['M','N','M'],'attributes':['a']},"
        "{'name':'4','manifests':['M','M'],'attributes':['*']},"
        "{'name':'5','manifests':['N'],'attributes':['a']},"
        "{'name':'6','manifests':['M'],'attributes':['a']}]}",
        1);
    const struct rule_request request = {.country = "GB", .owner = "IT"};
    const struct {
        struct slice manifest;
        const char *rules;
    } rows[] = {{SLICE("M"), "12346"}, {SLICE("N"), "1235"}, {SLICE("O"), "2"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        auto_buf struct buf told = BUF_INIT(100);

        grants_explain(snapshot_ward(s, rows[i].manifest)->grants, 0, &request, note_rule, &told);
        assert_string_equal(buf_text(&told), rows[i].rules);
    }
}

static size_t bytes_in_use(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* As many manifests as rules, each of one manifest: what they take must not be their product. */
static void many_rules_take_memory_for_what_they_cover(void **state)
{
    enum { MANY = 3000 };
    auto_buf struct buf text = BUF_INIT(1 << 20);
    auto_snapshot struct snapshot *s = NULL;
    size_t before;

    (void)state;
    buf_put_text(&text, "{'manifests':[");
    for (int i = 0; i < MANY; i++)
        buf_printf(&text, "%s{'name':'m%d','attributes':[{'path':'a'}]}", i ? "," : "", i);
    buf_put_text(&text, "],'rules':[");
    for (int i = 0; i < MANY; i++)
        buf_printf(&text, "%s{'name':'r%d','manifests':['m%d'],'attributes':['a']}", i ? "," : "",
                   i, i);
    buf_put_text(&text, "]}");
    before = bytes_in_use();
    s = compiled(buf_text(&text), 1);
    assert_true(bytes_in_use() - before < (size_t)MANY * 8192);
}

static void a_plan_is_made_once(void **state)
{
    auto_snapshot struct snapshot *s =
        compiled("{'tenants':[" TENANT "],'manifests':[" MANIFEST "]}", 1);
    const struct account *account = snapshot_account(s, SLICE("t"));
    const struct ward *ward = snapshot_ward(s, SLICE("M"));
    const struct plan *first = NULL;
    const struct plan *second = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(snapshot_plan(s, account, ward, &first, &why), &why);
    assert_ok(snapshot_plan(s, account, ward, &second, &why), &why);
    assert_ptr_equal(first, second);
    assert_int_equal(plan_count(first), 2);
}

static void faults_of_the_whole_name_the_entry(void **state)
{
    static const struct {
        const char *document, *place;
    } cases[] = {
        {"{'tenants':[" TENANT ",{'name':'u','apiKey':'k'}]}", "f.json: tenants[1].apiKey"},
        {"{'tenants':[" TENANT "," TENANT "]}", "tenants[1].name"},
        {"{'rules':[{'name':'r','manifests':['*','N'],'attributes':['*']}]}",
         "f.json: rules[0].manifests[1]"},
        {"{'manifests':[" MANIFEST "],'rules':[{'name':'r','manifests':['M'],"
         "'attributes':['a','c']}]}",
         "f.json: rules[0].attributes[1]"},
        {"{'manifests':[{'name':'M','attributes':[{'path':'a'},{'path':'a'}]}]}",
         "manifests[0].attributes"},
        {"{'tenants':[{'name':'t','apiKey':'${X}'}]}", "tenants[0].apiKey"},
        {"{'tenant':[]}", "tenant"},
        {"{'keys':[{'id':2,'wrapped':'00'}]}", "keys[0].wrapped"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct snapshot *s = NULL;
        struct why why = {0};

        assert_int_not_equal(compile(cases[i].document, 1, &s, &why), ST_OK);
        assert_contains(why.place, cases[i].place);
    }
}

static void what_is_written_is_read_again_the_same(void **state)
{
    auto_master struct master *master = any_master(1);
    auto_json json_t *value =
        parse("{'tenants':[" TENANT "],'manifests':[" MANIFEST "],'rules':[" RULE "]}");
    auto_policy_items struct policy_items first = {0};
    auto_policy_items struct policy_items second = {0};
    auto_json json_t *written = NULL;
    auto_json json_t *again = NULL;
    auto_free char *text = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(config_read(value, NULL, NULL, master, &first, &why), &why);
    written = config_write(&first, master_fingerprint(master));
    text = json_dumps(written, 0);
    assert_null(strstr(text, "\"k\""));
    assert_null(strstr(text, "\"s\""));
    assert_ok(config_read(written, NULL, NULL, master, &second, &why), &why);
    again = config_write(&second, second.key_file);
    assert_true(json_equal(written, again));
}

/* ---- holders and publishers at once ---- */

enum { TURNS = 2000, READERS = 3 };

struct race {
    struct snapshot_box *box;
    atomic_bool over;
};

static void *hold_and_release(void *ctx)
{
    struct race *race = ctx;
    int64_t last = 0;

    while (!atomic_load(&race->over)) {
        struct snapshot *s = snapshot_hold(race->box);

        assert_true(snapshot_revision(s) >= last);
        last = snapshot_revision(s);
        assert_non_null(snapshot_account(s, SLICE("t")));
        snapshot_release(s);
    }
    return NULL;
}

static void holders_never_see_a_freed_snapshot(void **state)
{
    struct race race = {0};
    pthread_t readers[READERS];
    struct why why = {0};

    (void)state;
    assert_ok(snapshot_box_new(&race.box, &why), &why);
    assert_null(snapshot_hold(race.box));
    snapshot_publish(race.box, compiled("{'tenants':[" TENANT "]}", 1));
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, hold_and_release, &race), 0);
    for (int turn = 2; turn < TURNS; turn++)
        snapshot_publish(race.box, compiled("{'tenants':[" TENANT "]}", turn));
    atomic_store(&race.over, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    snapshot_box_free(race.box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_configured_is_found),
        cmocka_unit_test(rules_grant_what_they_cover),
        cmocka_unit_test(rules_are_told_in_their_order_and_each_once),
        cmocka_unit_test(many_rules_take_memory_for_what_they_cover),
        cmocka_unit_test(a_plan_is_made_once),
        cmocka_unit_test(faults_of_the_whole_name_the_entry),
        cmocka_unit_test(what_is_written_is_read_again_the_same),
        cmocka_unit_test(holders_never_see_a_freed_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
