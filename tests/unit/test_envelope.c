#include "interceptor/engine/envelope.h"

#include "common/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* The mandatory fields but the data set. */
#define FIELDS                                                                                     \
    "\"manifestName\":\"Employee\",\"jobType\":\"Restrict\",\"countryCode\":\"GB\","               \
    "\"protectNullValues\":false,\"preserveStringLength\":true"
#define BODY(more) "{" FIELDS ",\"dataSet\":\"{}\"" more "}"

/* Reads a copy, whose bytes stay for the fields until the next call. */
static enum envelope_fault read_bytes(struct slice text, bool sql, struct envelope *ret,
                                      struct why *why)
{
    static char *body;

    free(body);
    body = slice_dup(text);
    assert_non_null(body);
    return envelope_read(body, text.len, sql, ret, why);
}

static enum envelope_fault read_text(const char *text, struct envelope *ret)
{
    struct why why = {0};

    return read_bytes(slice_of(text), false, ret, &why);
}

static void assert_slice(struct slice s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.data, expected, s.len);
}

static void assert_malformed(const char *text)
{
    auto_envelope struct envelope e = {0};

    if (read_text(text, &e) != ENVELOPE_MALFORMED)
        fail_msg("taken: %s", text);
}

static void assert_fault(const char *text, bool sql, enum envelope_fault fault, const char *field)
{
    auto_envelope struct envelope e = {0};
    struct why why = {0};

    if (read_bytes(slice_of(text), sql, &e, &why) != fault || strcmp(why.place, field) != 0)
        fail_msg("%s: place is \"%s\", not \"%s\"", text, why.place, field);
}

static void assert_invalid(const char *text, const char *field)
{
    assert_fault(text, false, ENVELOPE_INVALID, field);
}

static void reads_every_field(void **state)
{
    auto_envelope struct envelope e = {0};

    (void)state;
    assert_int_equal(
        read_text(
            "{\"manifestName\":\"Employee\",\"jobType\":\"dataMASKING\",\"countryCode\":\"gb\","
            "\"protectNullValues\":\"true\",\"preserveStringLength\":false,"
            "\"dataSet\":\"{\\\"a\\\":1}\",\"dataOwningCountryCode\":\"it\","
            "\"snapshotDate\":\"2023-03-20T00:00:00Z\",\"restrictedText\":\"\","
            "\"dataUsageId\":-9223372036854775808,"
            "\"matchingRule\":{\"claims\":[{\"attributeName\":\"Role\",\"attributeValue\":"
            "\"Admin\"},{\"adgroup\":\"A\\u00e9\",\"x\":null,\"Region\":\"EMEA\"}]},"
            "\"thirdPartyIdentifer\":{\"thirdPartyName\":null,\"thirdPartyId\":7},"
            "\"sqlType\":\"postgresql\",\"classificationModel\":\"m\",\"other\":[{}]}",
            &e),
        ENVELOPE_FINE);
    assert_slice(e.manifest_name, "Employee");
    assert_int_equal(e.job, JOB_DATA_MASKING);
    assert_string_equal(e.country, "GB");
    assert_string_equal(e.owner, "IT");
    assert_true(e.protect_null_values);
    assert_false(e.preserve_string_length);
    assert_slice(e.data_set, "{\"a\":1}");
    assert_true(e.has_snapshot);
    assert_int_equal(e.snapshot.us, 1679270400000000);
    assert_non_null(e.restricted_text.data);
    assert_int_equal(e.restricted_text.len, 0);
    assert_true(e.has_usage);
    assert_true(e.usage_id == INT64_MIN);
    assert_int_equal(e.claim_count, 3);
    assert_slice(e.claims[0].name, "Role");
    assert_slice(e.claims[0].value, "Admin");
    assert_slice(e.claims[1].name, "adgroup");
    assert_slice(e.claims[1].value, "A\xc3\xa9");
    assert_slice(e.claims[2].name, "Region");
    assert_true(e.has_third_party_id);
    assert_int_equal(e.third_party_id, 7);
    assert_null(e.third_party_name.data);
    assert_int_equal(e.sql_type, SQL_POSTGRESQL);
    assert_slice(e.classification_model, "m");
}

static void absent_fields_have_defaults(void **state)
{
    auto_envelope struct envelope e = {0};

    (void)state;
    assert_int_equal(
        read_text(BODY(",\"snapshotDate\":null,\"matchingRule\":null,\"sqlType\":null"), &e),
        ENVELOPE_FINE);
    assert_slice(e.restricted_text, "*********");
    assert_string_equal(e.owner, "");
    assert_false(e.has_snapshot);
    assert_false(e.has_usage);
    assert_false(e.has_sql_type);
    assert_false(e.has_third_party_id);
    assert_int_equal(e.claim_count, 0);
}

static void raw_breaks_and_escaped_apostrophes_are_themselves(void **state)
{
    auto_envelope struct envelope e = {0};

    (void)state;
    assert_int_equal(read_text("{" FIELDS ",\"restrictedText\":\"a\n\r\t\\'b\","
                               "\"dataSet\":\"{\n\t\\'a\\':\r\\\"b\\\"}\"}",
                               &e),
                     ENVELOPE_FINE);
    assert_slice(e.restricted_text, "a\n\r\t'b");
    assert_slice(e.data_set, "{\n\t'a':\r\"b\"}");
}

static void escapes_are_decoded(void **state)
{
    auto_envelope struct envelope e = {0};

    (void)state;
    assert_int_equal(read_text("{" FIELDS ",\"dataSet\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9"
                               "\\u20ac\\ud83d\\ude00 end of it, longer than sixteen\\n.\"}",
                               &e),
                     ENVELOPE_FINE);
    assert_slice(e.data_set,
                 "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 end of it, longer "
                 "than sixteen\n.");
    assert_int_equal(read_text("{" FIELDS ",\"d\\u0061taSet\":\"x\"}", &e), ENVELOPE_FINE);
    assert_slice(e.data_set, "x");
}

/* Runs of all lengths between escapes of all widths, up to the body's end and before more of it. */
static void escapes_between_runs_are_decoded(void **state)
{
    static const char *const escapes[][2] = {{"\\\"", "\""},
                                             {"\\n", "\n"},
                                             {"\n", "\n"},
                                             {"\\u0041", "A"},
                                             {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"}};
    auto_buf struct buf body = BUF_INIT(1 << 20), expected = BUF_INIT(1 << 20);
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        auto_envelope struct envelope e = {0};

        buf_clear(&body);
        buf_clear(&expected);
        buf_put_text(&body, "{" FIELDS ",\"dataSet\":\"");
        for (int part = 0; part < round % 40; part++) {
            uint32_t run = (seed = seed * 1664525 + 1013904223) >> 8;
            const char *const *escape = escapes[run % (sizeof escapes / sizeof *escapes)];

            for (uint32_t i = 0; i < run / 7 % (run % 3 ? 9 : 70); i++) {
                buf_put_char(&body, (char)('a' + i % 26));
                buf_put_char(&expected, (char)('a' + i % 26));
            }
            buf_put_text(&body, escape[0]);
            buf_put_text(&expected, escape[1]);
        }
        buf_put_text(&body, round % 2 ? "\"}" : "\",\"dataOwningCountryCode\":\"IT\"}");
        assert_int_equal(read_bytes(buf_slice(&body), false, &e, NULL), ENVELOPE_FINE);
        assert_slice(e.data_set, buf_text(&expected));
    }
}

/* They are faults of the data set, which the engine tells after all others. */
static void faults_inside_the_data_set_are_left_to_the_engine(void **state)
{
    auto_envelope struct envelope e = {0};

    (void)state;
    assert_int_equal(read_text("{" FIELDS ",\"dataSet\":\"a\xff\"}", &e), ENVELOPE_FINE);
    assert_slice(e.data_set, "a\xff");
    assert_int_equal(read_text("{" FIELDS ",\"dataSet\":\"\\ud800\\u0041\\udc00\"}", &e),
                     ENVELOPE_FINE);
    assert_slice(e.data_set, "\xed\xa0\x80"
                             "A\xed\xb0\x80");
    assert_int_equal(read_text("{" FIELDS ",\"dataSet\":\"\"}", &e), ENVELOPE_FINE);
    assert_int_equal(e.data_set.len, 0);
}

static void refuses_what_is_not_one_object(void **state)
{
    static const char *const bodies[] = {"",
                                         " ",
                                         "null",
                                         "[]",
                                         "\"a\"",
                                         "{",
                                         "{\"a\"",
                                         "{\"a\":",
                                         "{\"a\":1",
                                         "{\"a\":1,}",
                                         "{,}",
                                         "{a:1}",
                                         "{'a':1}",
                                         "{\"a\":1}x",
                                         "{\"a\":01}",
                                         "{\"a\":+1}",
                                         "{\"a\":1.}",
                                         "{\"a\":tru}",
                                         "{\"a\":\"\x01\"}",
                                         "{\"a\":\"\\x\"}",
                                         "{\"a\":\"\\u12\"}",
                                         "{\"a\":\"\xff\"}",
                                         "{\"a\":\"\\ud800\"}",
                                         "{\"a\":[1 2]}",
                                         "{\"a\":[1,]}",
                                         "{\"a\":{\"b\"}}",
                                         "{\"a\":[}",
                                         "{\"a\":1 \"b\":2}",
                                         "{\"dataSet\":\"\\q\"}",
                                         "{\"dataSet\":\"\x02\"}",
                                         "{\"dataSet\":\"a",
                                         "\xef\xbb\xbf{}"};

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_malformed(bodies[i]);
}

static void refuses_a_member_given_twice(void **state)
{
    (void)state;
    assert_malformed(BODY(",\"dataSet\":\"{}\""));
    assert_malformed(BODY(",\"dataSe\\u0074\":\"{}\""));
    assert_malformed(BODY(",\"dataUsageId\":null,\"dataUsageId\":1"));
    assert_malformed(BODY(",\"matchingRule\":{},\"matchingRule\":{}"));
    assert_malformed(BODY(",\"x\":1,\"x\":1"));
    assert_malformed(BODY(",\"x\":1,\"\\u0078\":1"));
    assert_malformed(BODY(",\"x\":[{\"a\":1,\"b\":2,\"a\":1}]"));
    assert_malformed(BODY(",\"matchingRule\":{\"claims\":[{\"a\":\"1\",\"a\":\"1\"}]}"));
}

/* `levels` arrays inside each other, as an unknown field of a whole body. */
static void nest(size_t levels, char *ret)
{
    size_t at = (size_t)sprintf(ret, "%s", "{" FIELDS ",\"dataSet\":\"{}\",\"x\":");

    memset(ret + at, '[', levels);
    memset(ret + at + levels, ']', levels);
    strcpy(ret + at + 2 * levels, "}");
}

static void nesting_ends_at_512(void **state)
{
    auto_envelope struct envelope e = {0};
    char body[2048];

    (void)state;
    nest(511, body);
    assert_int_equal(read_text(body, &e), ENVELOPE_FINE);
    nest(512, body);
    assert_malformed(body);
}

static void tells_the_first_missing_field_of_the_table(void **state)
{
    (void)state;
    assert_fault("{}", false, ENVELOPE_MISSING, "manifestName");
    assert_fault("{\"manifestName\":1}", false, ENVELOPE_MISSING, "jobType");
    assert_fault("{\"manifestName\":null,\"jobType\":\"x\"}", false, ENVELOPE_MISSING,
                 "manifestName");
    assert_fault("{\"manifestName\":1,\"jobType\":1}", false, ENVELOPE_MISSING, "countryCode");
    assert_fault("{\"manifestName\":1,\"jobType\":1,\"countryCode\":1}", false, ENVELOPE_MISSING,
                 "protectNullValues");
    assert_fault("{" FIELDS "}", true, ENVELOPE_MISSING, "dataSet");
    assert_fault(BODY(""), true, ENVELOPE_MISSING, "sqlType");
    assert_fault(BODY(",\"dataUsageId\":\"x\""), true, ENVELOPE_MISSING, "sqlType");
}

static void refuses_values_of_another_kind(void **state)
{
    static const struct {
        const char *more;
        const char *field;
    } rows[] = {
        {",\"dataOwningCountryCode\":\"XX\"", "dataOwningCountryCode"},
        {",\"dataOwningCountryCode\":\"GBR\"", "dataOwningCountryCode"},
        {",\"dataOwningCountryCode\":\"\"", "dataOwningCountryCode"},
        {",\"snapshotDate\":\"yesterday\"", "snapshotDate"},
        {",\"snapshotDate\":\"2023-02-30T00:00:00Z\"", "snapshotDate"},
        {",\"snapshotDate\":\"2023-03-20\"", "snapshotDate"},
        {",\"snapshotDate\":5", "snapshotDate"},
        {",\"restrictedText\":5", "restrictedText"},
        {",\"dataUsageId\":\"5\"", "dataUsageId"},
        {",\"dataUsageId\":5.0", "dataUsageId"},
        {",\"dataUsageId\":5e1", "dataUsageId"},
        {",\"dataUsageId\":9223372036854775808", "dataUsageId"},
        {",\"matchingRule\":[]", "matchingRule"},
        {",\"matchingRule\":{\"claims\":{}}", "matchingRule"},
        {",\"matchingRule\":{\"claims\":[1]}", "matchingRule"},
        {",\"matchingRule\":{\"claims\":[{\"a\":1}]}", "matchingRule"},
        {",\"matchingRule\":{\"claims\":[{\"attributeName\":\"a\"}]}", "matchingRule"},
        {",\"matchingRule\":{\"claims\":[{\"attributeName\":1,\"attributeValue\":\"a\"}]}",
         "matchingRule"},
        {",\"thirdPartyIdentifer\":\"x\"", "thirdPartyIdentifer"},
        {",\"thirdPartyIdentifer\":{\"thirdPartyName\":5}", "thirdPartyIdentifer"},
        {",\"thirdPartyIdentifer\":{\"thirdPartyId\":\"5\"}", "thirdPartyIdentifer"},
        {",\"thirdPartyIdentifer\":{\"thirdPartyName\":\"a\",\"thirdPartyId\":5}",
         "thirdPartyIdentifer"},
        {",\"sqlType\":\"DB2\"", "sqlType"},
        {",\"classificationModel\":{}", "classificationModel"},
        {",\"classificationModel\":1,\"snapshotDate\":1", "snapshotDate"},
    };
    char body[1000];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(body, sizeof body, "{" FIELDS ",\"dataSet\":\"{}\"%s}", rows[i].more);
        assert_invalid(body, rows[i].field);
    }
}

static void refuses_mandatory_values_of_another_kind(void **state)
{
    static const struct {
        const char *body;
        const char *field;
    } rows[] = {
        {"{\"manifestName\":1,\"jobType\":\"Restrict\",\"countryCode\":\"GB\","
         "\"protectNullValues\":true,\"preserveStringLength\":true,\"dataSet\":\"\"}",
         "manifestName"},
        {"{\"manifestName\":\"a\",\"jobType\":\"Restrain\",\"countryCode\":\"ZZ\","
         "\"protectNullValues\":true,\"preserveStringLength\":true,\"dataSet\":\"\"}",
         "jobType"},
        {"{\"manifestName\":\"a\",\"jobType\":\"Restrict\",\"countryCode\":\"ZZ\","
         "\"protectNullValues\":1,\"preserveStringLength\":true,\"dataSet\":\"\"}",
         "countryCode"},
        {"{\"manifestName\":\"a\",\"jobType\":\"Restrict\",\"countryCode\":\"GB\","
         "\"protectNullValues\":1,\"preserveStringLength\":true,\"dataSet\":\"\"}",
         "protectNullValues"},
        {"{\"manifestName\":\"a\",\"jobType\":\"Restrict\",\"countryCode\":\"GB\","
         "\"protectNullValues\":true,\"preserveStringLength\":\"yes\",\"dataSet\":\"\"}",
         "preserveStringLength"},
        {"{\"manifestName\":\"a\",\"jobType\":\"Restrict\",\"countryCode\":\"GB\","
         "\"protectNullValues\":true,\"preserveStringLength\":true,\"dataSet\":{}}",
         "dataSet"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_invalid(rows[i].body, rows[i].field);
}

/* Every prefix of a body is refused, and no byte behind it is read (the sanitizers watch). */
static void every_prefix_is_malformed(void **state)
{
    static const char body[] = BODY(
        ",\"matchingRule\":{\"claims\":[{\"a\":\"\\u00e9\\ud83d\\ude00\"}]},\"x\":[-1.5e+3,true]");

    (void)state;
    for (size_t len = 0; len < sizeof body - 1; len++) {
        auto_envelope struct envelope e = {0};
        auto_free char *copy = malloc(len + 1);

        memcpy(copy, body, len);
        copy = realloc(copy, len ? len : 1);
        assert_int_equal(envelope_read(copy, len, false, &e, NULL), ENVELOPE_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_field),
        cmocka_unit_test(absent_fields_have_defaults),
        cmocka_unit_test(raw_breaks_and_escaped_apostrophes_are_themselves),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(escapes_between_runs_are_decoded),
        cmocka_unit_test(faults_inside_the_data_set_are_left_to_the_engine),
        cmocka_unit_test(refuses_what_is_not_one_object),
        cmocka_unit_test(refuses_a_member_given_twice),
        cmocka_unit_test(nesting_ends_at_512),
        cmocka_unit_test(tells_the_first_missing_field_of_the_table),
        cmocka_unit_test(refuses_values_of_another_kind),
        cmocka_unit_test(refuses_mandatory_values_of_another_kind),
        cmocka_unit_test(every_prefix_is_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
