/* docs/masking.md shows what the engine does: its tables are made anew and compared. With --write
 * they are put into the document. */
#include "tests/unit/engine_fixture.h"

#include "common/cleanup.h"
#include "common/file.h"
#include "interceptor/engine/base62.h"

static const char document[] = "docs/masking.md";

static const char *const type_names[VALUE_TYPES] = {"string", "date", "number", "boolean"};

/* Values as JSON literals, with the attribute's type. */
static const struct example {
    enum value_type type;
    const char *literal;
} examples[] = {
    {TYPE_STRING, "\"Robert\""},
    {TYPE_STRING, "\"Zo\xc3\xab\""},
    {TYPE_STRING, "\"\""},
    {TYPE_STRING, "-12.50e3"},
    {TYPE_STRING, "true"},
    {TYPE_DATE, "\"18/12/1965\""},
    {TYPE_DATE, "\"12/18/1965\""},
    {TYPE_DATE, "\"18-12-1965\""},
    {TYPE_DATE, "\"18.12.1965\""},
    {TYPE_DATE, "\"1965-12-18\""},
    {TYPE_DATE, "\"1965/12/18\""},
    {TYPE_DATE, "\"1965-12-18T10:11:12.345Z\""},
    {TYPE_DATE, "\"1965-12-18 10:11:12+02:00\""},
    {TYPE_DATE, "\"31/02/1965\""},
    {TYPE_NUMBER, "51"},
    {TYPE_NUMBER, "-12.50e3"},
    {TYPE_NUMBER, "\"fifty\""},
    {TYPE_BOOLEAN, "true"},
};

enum { EXAMPLES = sizeof examples / sizeof *examples };

static const struct technique_example {
    const char *technique;
    enum value_type type;
    const char *literal;
} technique_examples[] = {
    {"keepFirst:2", TYPE_STRING, "\"Robert\""},
    {"keepFirst:2", TYPE_STRING, "\"Zo\""},
    {"keepLast:4", TYPE_STRING, "\"4111 1111 1111 1111\""},
    {"keepLast:4", TYPE_STRING, "12345"},
    {"email", TYPE_STRING, "\"robert@example.com\""},
    {"email", TYPE_STRING, "\"robert\""},
    {"card", TYPE_STRING, "\"4111 1111 1111 1111\""},
    {"card", TYPE_STRING, "\"4111 1111 1111 1112\""},
    {"dateShift", TYPE_DATE, "\"18/12/1965\""},
    {"dateShift", TYPE_DATE, "\"1965-12-18T10:11:12Z\""},
    {"dateShift", TYPE_DATE, "\"in winter\""},
    {"year", TYPE_DATE, "\"18/12/1965\""},
    {"year", TYPE_DATE, "\"1965-12-18T10:11:12Z\""},
    {"null", TYPE_STRING, "\"Robert\""},
    {"null", TYPE_NUMBER, "51"},
    {"fixed:unknown", TYPE_STRING, "\"Robert\""},
    {"fixed:unknown", TYPE_NUMBER, "51"},
    {"shape", TYPE_STRING, "\"AB-12 cd \xc3\x89\xc3\xa9\""},
    {"shape", TYPE_NUMBER, "51"},
};

/* The value at "v" of the last answer, {"v": VALUE} laid out. */
static struct slice value_of(const struct fixture *f)
{
    static const char before[] = "{\n  \"v\": ", behind[] = "\n}";
    struct slice text = f->text;

    assert_true(text.len >= sizeof before + sizeof behind - 2);
    return (struct slice){text.data + sizeof before - 1,
                          text.len - (sizeof before - 1) - (sizeof behind - 1)};
}

static struct slice protect_value(struct fixture *f, struct slice literal)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);

    buf_put_text(&text, "{\"v\":");
    buf_put_slice(&text, literal);
    buf_put_text(&text, "}");
    fixture_protect(f, buf_slice(&text));
    return value_of(f);
}

static void use_attribute(struct fixture *f, enum value_type type, const char *technique)
{
    f->attributes[0].type = type;
    f->attributes[0].technique = technique;
    fixture_replan(f);
}

static void put_code(struct buf *out, struct slice literal)
{
    buf_put_text(out, " `");
    buf_put_slice(out, literal);
    buf_put_text(out, "` |");
}

static void put_head(struct buf *out, const char *columns, int count)
{
    buf_printf(out, "\n| %s |\n|", columns);
    while (count-- > 0)
        buf_put_text(out, "---|");
    buf_put_char(out, '\n');
}

/* What another run would make differently is described, once it is what it should be. */
static void put_result(struct fixture *f, struct slice literal, struct buf *out)
{
    struct slice inside = {literal.data + 1, literal.len > 2 ? literal.len - 2 : 0};

    if (f->call.job == JOB_ENCRYPT && slice_starts(inside, SLICE("enc:v1:")))
        put_code(out, SLICE("\"enc:v1:\xe2\x80\xa6\""));
    else if (f->call.job == JOB_PSEUDONYMISE && f->memory.calls > 0 && base62_is(inside))
        buf_printf(out, " %zu letters and digits |", inside.len);
    else
        put_code(out, literal);
    f->memory.calls = 0;
}

static void put_protecting_job(struct fixture *f, enum job job, struct buf *out)
{
    put_head(out, "attribute | value | becomes | with `preserveStringLength`", 4);
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct slice literal = slice_of(examples[i].literal);

        use_attribute(f, examples[i].type, NULL);
        f->call.job = job;
        buf_printf(out, "| %s |", type_names[examples[i].type]);
        put_code(out, literal);
        for (int preserve = 0; preserve < 2; preserve++) {
            f->call.preserve_string_length = preserve;
            put_result(f, protect_value(f, literal), out);
        }
        buf_put_char(out, '\n');
    }
}

/* Each example is hidden by `first`, then reversed. */
static void put_reverse_job(struct fixture *f, enum job first, enum job job, struct buf *out)
{
    bool granted = true;

    put_head(out, "attribute | token of | not granted | granted", 4);
    f->call.preserve_string_length = false;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct slice literal = slice_of(examples[i].literal);
        auto_free char *token = NULL;
        size_t len;

        use_attribute(f, examples[i].type, NULL);
        f->call.job = first;
        len = protect_value(f, literal).len;
        token = slice_dup(value_of(f));
        f->call.job = job;
        buf_printf(out, "| %s |", type_names[examples[i].type]);
        put_code(out, literal);
        put_code(out, protect_value(f, (struct slice){token, len}));
        f->call.granted = &granted;
        put_code(out, protect_value(f, (struct slice){token, len}));
        assert_true(slice_equal(value_of(f), literal));
        f->call.granted = NULL;
        buf_put_char(out, '\n');
    }
}

static void put_nulls(struct fixture *f, struct buf *out)
{
    put_head(out, "attribute | Restrict | DataMasking | Pseudonymise | Encrypt", 5);
    f->call.protect_null_values = true;
    for (int type = 0; type < VALUE_TYPES; type++) {
        static const enum job jobs[] = {JOB_RESTRICT, JOB_DATA_MASKING, JOB_PSEUDONYMISE,
                                        JOB_ENCRYPT};

        use_attribute(f, (enum value_type)type, NULL);
        buf_printf(out, "| %s |", type_names[type]);
        for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
            f->call.job = jobs[i];
            put_result(f, protect_value(f, SLICE("null")), out);
        }
        buf_put_char(out, '\n');
    }
    f->call.protect_null_values = false;
}

static void put_techniques(struct fixture *f, struct buf *out)
{
    f->call.job = JOB_RESTRICT;
    f->call.preserve_string_length = false;
    put_head(out, "technique | what it does", 2);
    for (size_t i = 0; technique_usage_at(i); i++)
        buf_printf(out, "| `%s` | %s |\n", technique_usage_at(i), technique_help_at(i));
    put_head(out, "technique | attribute | value | becomes", 4);
    for (size_t i = 0; i < sizeof technique_examples / sizeof *technique_examples; i++) {
        const struct technique_example *e = &technique_examples[i];

        use_attribute(f, e->type, e->technique);
        buf_printf(out, "| `%s` | %s |", e->technique, type_names[e->type]);
        put_code(out, slice_of(e->literal));
        put_code(out, protect_value(f, slice_of(e->literal)));
        buf_put_char(out, '\n');
    }
}

static void put_section(struct fixture *f, struct slice name, struct buf *out)
{
    enum job job;

    if (slice_is(name, "Null"))
        put_nulls(f, out);
    else if (slice_is(name, "Techniques"))
        put_techniques(f, out);
    else if (!job_parse(name, &job))
        fail_msg("no table is called %.*s", (int)name.len, name.data);
    else if (job == JOB_RECONSTRUCT)
        put_reverse_job(f, JOB_PSEUDONYMISE, job, out);
    else if (job == JOB_DECRYPT)
        put_reverse_job(f, JOB_ENCRYPT, job, out);
    else
        put_protecting_job(f, job, out);
    buf_put_char(out, '\n');
}

/* Copies the document, each table behind its marker made anew; returns how many there are. */
static size_t remake(struct fixture *f, const char *text, struct buf *out)
{
    static const char opening[] = "<!-- ";
    size_t tables = 0;
    const char *marker;

    while ((marker = strstr(text, opening))) {
        const char *name = marker + sizeof opening - 1;
        const char *close = strstr(name, " -->\n");
        const char *rest = close + 5;

        buf_put(out, text, (size_t)(rest - text));
        put_section(f, (struct slice){name, (size_t)(close - name)}, out);
        while (*rest == '\n' || *rest == '|')
            rest = strchr(rest, '\n') + 1;
        text = rest;
        tables++;
    }
    buf_put_text(out, text);
    return tables;
}

static void init(struct fixture *f)
{
    static const struct plan_attribute attributes[] = {{"v", TYPE_STRING, "v", NULL},
                                                       {NULL, TYPE_STRING, NULL, NULL}};

    fixture_init(f, attributes);
}

static void the_document_shows_what_the_engine_does(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf made = BUF_INIT(1 << 20);
    auto_buf struct buf text = BUF_INIT(1 << 20);
    struct why why;

    (void)state;
    init(&f);
    if (file_read(document, &text, &why) != ST_OK)
        fail_msg("%s", why.text);
    assert_int_equal(remake(&f, buf_text(&text), &made), 8);
    assert_string_equal(buf_text(&made), buf_text(&text));
}

static int write_document(void)
{
    auto_fixture struct fixture f;
    auto_buf struct buf made = BUF_INIT(1 << 20);
    auto_buf struct buf text = BUF_INIT(1 << 20);
    FILE *out;

    init(&f);
    if (file_read(document, &text, NULL) != ST_OK)
        return 1;
    remake(&f, buf_text(&text), &made);
    out = fopen(document, "w");
    if (!out)
        return 1;
    fwrite(made.data, 1, made.len, out);
    return fclose(out) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_shows_what_the_engine_does),
    };

    if (argc > 1 && strcmp(argv[1], "--write") == 0)
        return write_document();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
