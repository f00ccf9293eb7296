/* Each allocation of the engine fails in turn: the call must say so and answer nothing. See
 * failing_memory.h. */
#include "tests/unit/engine_fixture.h"
#include "tests/unit/failing_memory.h"

#include "common/memory.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/engine/envelope.h"
#include "interceptor/engine/suggest.h"

struct scene {
    struct fixture fixture;
    const char *data_set;
    const char *secret;
};

/* The first allocation fails, then the second, until none is left to fail. */
static void walk(enum status (*scenario)(struct scene *scene), struct scene *scene, long at_least)
{
    enum status st = ST_NO_MEMORY;
    long n = 0;

    for (bool reached = true; reached; n++) {
        until_failure = n;
        st = scenario(scene);
        reached = until_failure < 0;
        until_failure = -1;
        assert_true(st == ST_NO_MEMORY || st == ST_OK);
    }
    assert_int_equal(st, ST_OK);
    assert_true(n > at_least);
}

/* A store whose own memory never fails, since it is no part of what is tested. */
static enum status careful_assign(void *context, struct token_request *requests, size_t count,
                                  struct why *why)
{
    long left = until_failure;
    enum status st;

    until_failure = -1;
    st = memory_assign(context, requests, count, why);
    until_failure = left;
    return st;
}

static enum status protect(struct scene *scene)
{
    struct fixture *f = &scene->fixture;
    struct buf answer = BUF_INIT(1 << 20);
    struct engine *engine = NULL;
    struct plan *plan = NULL;
    struct engine_call call = f->call;
    enum status st;

    memory_forget();
    st = plan_new(&f->spec, &plan, NULL);
    if (st == ST_OK)
        st = engine_new(&engine, NULL);
    call.plan = plan;
    if (st == ST_OK)
        st = engine_protect(engine, &call, slice_of(scene->data_set), &answer, NULL, NULL);
    assert_true(st == ST_OK || answer.len == 0);
    if (st == ST_OK && scene->secret)
        assert_null(memmem(answer.data, answer.len, scene->secret, strlen(scene->secret)));
    buf_done(&answer);
    plan_free(plan);
    engine_free(engine);
    return st == ST_OK ? st : memory_blame(st, NULL);
}

static void use(struct scene *scene, const char *data_set, enum data_set_type type, enum job job)
{
    static const struct plan_attribute attributes[] = {
        {"list[].name", TYPE_STRING, NULL, NULL},
        {"list[].born", TYPE_DATE, NULL, "dateShift:id"},
        {"list[].mail", TYPE_STRING, NULL, "email"},
        {"list[].other", TYPE_STRING, NULL, "fixed:x"},
        {NULL, TYPE_STRING, NULL, NULL},
    };

    *scene = (struct scene){.data_set = data_set, .secret = "Secret"};
    fixture_init(&scene->fixture, attributes);
    scene->fixture.store.assign = careful_assign;
    scene->fixture.call.type = type;
    scene->fixture.call.job = job;
}

static void json_survives(void **state)
{
    static const enum job jobs[] = {JOB_RESTRICT, JOB_DATA_MASKING, JOB_PSEUDONYMISE, JOB_ENCRYPT};
    struct scene scene;

    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        for (int preserve = 0; preserve < 2; preserve++) {
            use(&scene,
                "{\"list\":[{\"n\\u0061me\":\"Secret\\n\",\"born\":\"2020-01-01\",\"id\":7},"
                "{\"mail\":\"Secret@x.co\",\"other\":\"Secret\",\"x\":\"\\u0001\"}]}",
                DATA_SET_JSON, jobs[i]);
            scene.fixture.call.preserve_string_length = preserve;
            walk(protect, &scene, 30);
            fixture_done(&scene.fixture);
        }
    }
}

static void xml_and_sql_survive(void **state)
{
    struct scene scene;

    (void)state;
    use(&scene, "<list y='1'><name>Secret</name><mail/></list>", DATA_SET_XML, JOB_ENCRYPT);
    scene.fixture.call.protect_null_values = true;
    walk(protect, &scene, 30);
    fixture_done(&scene.fixture);
    use(&scene, "insert into a (name, id) values ('Secret', 7)", DATA_SET_SQL, JOB_PSEUDONYMISE);
    walk(protect, &scene, 30);
    fixture_done(&scene.fixture);
}

static enum status read_envelope(struct scene *scene)
{
    char body[1000];
    struct envelope e;
    enum envelope_fault fault;

    strcpy(body, scene->data_set);
    fault = envelope_read(body, strlen(body), false, &e, NULL);
    envelope_done(&e);
    assert_true(fault == ENVELOPE_FINE || fault == ENVELOPE_NO_MEMORY);
    return fault == ENVELOPE_FINE ? ST_OK : ST_NO_MEMORY;
}

static void envelopes_survive(void **state)
{
    struct scene scene = {
        .data_set =
            "{\"manifestName\":\"E\",\"jobType\":\"Restrict\",\"countryCode\":\"GB\","
            "\"protectNullValues\":true,\"preserveStringLength\":true,\"d\\u0061taSet\":\"x\","
            "\"matchingRule\":{\"claims\":[{\"a\":\"b\",\"\\u0063\":\"d\"}]}}"};

    (void)state;
    walk(read_envelope, &scene, 3);
}

static bool ignore(void *ctx, const struct suggestion *s)
{
    (void)ctx, (void)s;
    return true;
}

static enum status suggest(struct scene *scene)
{
    return suggest_manifest(DATA_SET_JSON, slice_of(scene->data_set), ignore, NULL, NULL);
}

static void suggestions_survive(void **state)
{
    struct scene scene = {.data_set = "{'a':[{'mail':'a@b.co','x':'\\n'}],'name':'Bob'}"};

    (void)state;
    walk(suggest, &scene, 8);
}

/* OpenSSL has memory for the fixture, and is then short of it. */
static enum status give_back(struct scene *scene)
{
    struct fixture *f = &scene->fixture;
    enum status st;

    memory_forget();
    st = fixture_try(f, slice_of(scene->data_set));
    if (st == ST_OK)
        assert_non_null(memmem(f->text.data, f->text.len, scene->secret, strlen(scene->secret)));
    return st;
}

static void a_pseudonym_that_was_not_looked_at_is_not_kept(void **state)
{
    static const bool granted[] = {true, true, true, true, true};
    struct scene scene;
    char *hidden;

    (void)state;
    use(&scene, "{\"list\":[{\"name\":\"Secret\"}]}", DATA_SET_JSON, JOB_PSEUDONYMISE);
    hidden = slice_dup(fixture_protect(&scene.fixture, slice_of(scene.data_set)));
    scene.data_set = hidden;
    scene.fixture.call.job = JOB_RECONSTRUCT;
    scene.fixture.call.granted = granted;
    walk(give_back, &scene, 5);
    fixture_done(&scene.fixture);
    free(hidden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_survives),
        cmocka_unit_test(xml_and_sql_survive),
        cmocka_unit_test(envelopes_survive),
        cmocka_unit_test(a_pseudonym_that_was_not_looked_at_is_not_kept),
        cmocka_unit_test(suggestions_survive),
    };

    crypt_watch_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
