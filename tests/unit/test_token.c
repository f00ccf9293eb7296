#include "tests/unit/interceptor_fixture.h"

#include "interceptor/token.h"
#include "interceptor/token_form.h"

static struct token_signer *signer(unsigned char fill)
{
    auto_master struct master *master = any_master(fill);
    struct token_signer *s = NULL;
    struct why why = {0};

    assert_ok(token_signer_new(master, &s, &why), &why);
    return s;
}

static char *issue(const struct token_signer *s, enum token_use use)
{
    const struct token_claims claims = {
        .tenant = "demo", .client = "postman", .expires_at_s = 2000};
    char *text = NULL;
    struct why why = {0};

    assert_ok(token_issue(s, use, &claims, 1000, &text, &why), &why);
    return text;
}

static void a_token_tells_what_was_put_in(void **state)
{
    auto_token_signer struct token_signer *s = signer(1);
    auto_free char *text = issue(s, TOKEN_ACCESS);
    struct token_claims claims;

    (void)state;
    assert_null(strchr(text, ' '));
    assert_ok(token_check(s, TOKEN_ACCESS, slice_of(text), 1999, &claims, NULL), NULL);
    assert_string_equal(claims.tenant, "demo");
    assert_string_equal(claims.client, "postman");
    assert_int_equal(claims.expires_at_s, 2000);
    assert_int_equal(strlen(claims.id), 36);
}

/* What libjwt 1.10.2 has signed under the key of any_master(1). */
static void a_token_of_another_library_is_one_of_ours(void **state)
{
    auto_token_signer struct token_signer *s = signer(1);
    static const char text[] =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJhdWQiOiJkYXRhc2V0IiwiZXhwIjoyMDAwLCJpYXQiOjEwMDAsImlzcyI6ImludGVyY2VwdG9yIiwianRp"
        "IjoiZTgxYjZhNjktMWY3MC00OTE5LTllOTktMzc2MmE1Mjc0ZWYxIiwic3ViIjoicG9zdFxcbWFuIiwidGVu"
        "YW50IjoiZFwiw6kvbW8ifQ"
        ".4Hp-lrQkKUk6J2FSxl0U8SPEOnAcnSHl2bpd1L-N-90";
    struct token_claims claims;
    struct why why = {0};

    (void)state;
    assert_ok(token_check(s, TOKEN_ACCESS, slice_of(text), 1999, &claims, &why), &why);
    assert_string_equal(claims.tenant, "d\"\u00e9/mo");
    assert_string_equal(claims.client, "post\\man");
    assert_int_equal(claims.expires_at_s, 2000);
}

static void expired_tokens_are_denied(void **state)
{
    auto_token_signer struct token_signer *s = signer(1);
    auto_free char *text = issue(s, TOKEN_ACCESS);
    struct token_claims claims;
    struct why why = {0};

    (void)state;
    assert_status(ST_DENIED, token_check(s, TOKEN_ACCESS, slice_of(text), 2000, &claims, &why),
                  &why);
    assert_contains(why.text, "expired");
}

static void one_use_does_not_stand_in_for_the_other(void **state)
{
    auto_token_signer struct token_signer *s = signer(1);
    auto_free char *access = issue(s, TOKEN_ACCESS);
    auto_free char *refresh = issue(s, TOKEN_REFRESH);
    struct token_claims claims;

    (void)state;
    assert_status(ST_DENIED, token_check(s, TOKEN_REFRESH, slice_of(access), 1000, &claims, NULL),
                  NULL);
    assert_status(ST_DENIED, token_check(s, TOKEN_ACCESS, slice_of(refresh), 1000, &claims, NULL),
                  NULL);
    assert_ok(token_check(s, TOKEN_REFRESH, slice_of(refresh), 1000, &claims, NULL), NULL);
}

static void only_the_same_master_key_accepts(void **state)
{
    auto_token_signer struct token_signer *one = signer(1);
    auto_token_signer struct token_signer *replica = signer(1);
    auto_token_signer struct token_signer *other = signer(2);
    auto_free char *text = issue(one, TOKEN_ACCESS);
    struct token_claims claims;

    (void)state;
    assert_ok(token_check(replica, TOKEN_ACCESS, slice_of(text), 1000, &claims, NULL), NULL);
    assert_status(ST_DENIED, token_check(other, TOKEN_ACCESS, slice_of(text), 1000, &claims, NULL),
                  NULL);
}

static void no_altered_byte_is_accepted(void **state)
{
    auto_token_signer struct token_signer *s = signer(1);
    auto_free char *text = issue(s, TOKEN_ACCESS);
    struct token_claims claims;

    (void)state;
    for (size_t i = 0; text[i]; i++) {
        char kept = text[i];

        text[i] = kept == 'A' ? 'B' : 'A';
        assert_status(ST_DENIED, token_check(s, TOKEN_ACCESS, slice_of(text), 1000, &claims, NULL),
                      NULL);
        text[i] = kept;
    }
    for (size_t len = 0; text[len]; len++)
        assert_status(ST_DENIED,
                      token_check(s, TOKEN_ACCESS, (struct slice){text, len}, 1000, &claims, NULL),
                      NULL);
}

/* ---- the form ---- */

static void reads(const char *body, enum token_field field, const char *value)
{
    auto_token_form struct token_form form = {0};
    struct why why = {0};

    assert_ok(token_form_parse(slice_of(body), &form, &why), &why);
    assert_int_equal(form.fields[field].len, strlen(value));
    assert_memory_equal(form.fields[field].data, value, strlen(value));
}

static void values_are_decoded_once(void **state)
{
    (void)state;
    reads("client_id=a+b%20c", FORM_CLIENT_ID, "a b c");
    reads("client_id=100%&client_secret=x", FORM_CLIENT_ID, "100%");
    reads("client_id=%zz%4", FORM_CLIENT_ID, "%zz%4");
    reads("client_id=%2541", FORM_CLIENT_ID, "%41");
    reads("client_id=a=b==", FORM_CLIENT_ID, "a=b==");
    reads("x=1&&client%5Fsecret=`'", FORM_CLIENT_SECRET, "`'");
}

static void a_known_field_given_twice_is_refused(void **state)
{
    auto_token_form struct token_form form = {0};
    struct why why = {0};

    (void)state;
    assert_status(ST_BAD_INPUT,
                  token_form_parse(SLICE("client_id=&x=1&x=2&client_id"), &form, &why), &why);
    assert_string_equal(why.place, "client_id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_tells_what_was_put_in),
        cmocka_unit_test(a_token_of_another_library_is_one_of_ours),
        cmocka_unit_test(expired_tokens_are_denied),
        cmocka_unit_test(one_use_does_not_stand_in_for_the_other),
        cmocka_unit_test(only_the_same_master_key_accepts),
        cmocka_unit_test(no_altered_byte_is_accepted),
        cmocka_unit_test(values_are_decoded_once),
        cmocka_unit_test(a_known_field_given_twice_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
