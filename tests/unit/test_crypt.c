#include "interceptor/engine/base62.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/engine/domain.h"

#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct keys {
    struct ring_key list[2];
    struct key_ring ring;
    struct domain *domain;
    struct crypt *crypt;
    struct buf out;
    struct buf room;
    struct why why;
};

static struct domain *derive(const struct key_ring *ring, const char *tenant, const char *name)
{
    struct domain *d = NULL;

    assert_int_equal(domain_new(ring, slice_of(tenant), slice_of(name), &d, NULL), ST_OK);
    return d;
}

static void init(struct keys *k)
{
    *k = (struct keys){.list = {{7, {1}}, {3, {2}}}, .ring = {.stable = {3}, .count = 2}};
    k->ring.keys = k->list;
    k->domain = derive(&k->ring, "t", "d");
    assert_int_equal(crypt_new(&k->crypt, NULL), ST_OK);
    buf_init(&k->out, 1 << 24);
    buf_init(&k->room, 1 << 24);
}

static void done(struct keys *k)
{
    domain_free(k->domain);
    crypt_free(k->crypt);
    buf_done(&k->out);
    buf_done(&k->room);
}

#define auto_keys __attribute__((cleanup(done)))

static struct value string(const char *text)
{
    return (struct value){VALUE_STRING, slice_of(text)};
}

static void base62_is_read_strictly(void **state)
{
    struct buf text = BUF_INIT(1000), back = BUF_INIT(1000);
    uint8_t bytes[40];

    (void)state;
    for (size_t len = 0; len <= sizeof bytes; len++) {
        for (int fill = 0; fill < 256; fill += 51) {
            memset(bytes, fill, sizeof bytes);
            buf_clear(&text);
            buf_clear(&back);
            base62_write(bytes, len, &text);
            assert_true(base62_is(buf_slice(&text)));
            assert_true(base62_read(buf_slice(&text), &back));
            assert_int_equal(back.len, len);
            if (len > 0)
                assert_memory_equal(back.data, bytes, len);
        }
    }
    assert_false(base62_read(SLICE("z"), &back));
    assert_false(base62_read(SLICE("zz"), &back));
    assert_false(base62_read(SLICE("zzzzzzzzzzz"), &back));
    assert_false(base62_read(SLICE("0-"), &back));
    buf_done(&text);
    buf_done(&back);
}

static void base64url_is_read_strictly(void **state)
{
    struct buf text = BUF_INIT(1000), back = BUF_INIT(1000);

    (void)state;
    base64url_write((const uint8_t *)"\xfb\xff\x00z", 4, &text);
    assert_string_equal(buf_text(&text), "-_8Aeg");
    assert_true(base64url_read(buf_slice(&text), &back));
    assert_int_equal(back.len, 4);
    assert_false(base64url_read(SLICE("-_8Aeh"), &back));
    assert_false(base64url_read(SLICE("-_8Aeg="), &back));
    assert_false(base64url_read(SLICE("A"), &back));
    assert_false(base64url_read(SLICE("+/"), &back));
    buf_done(&text);
    buf_done(&back);
}

/* The states kept by a domain against OpenSSL's own HMAC and HKDF, which know nothing of them. */
static void digests_are_hmac_under_an_hkdf_key(void **state)
{
    static const uint8_t info[] = "\0\0\0\4mask\0\0\0\1t\0\0\0\1d";
    EVP_PKEY_CTX *kdf = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    char text[700];
    uint8_t message[5 + sizeof text] = "use\0s";
    auto_keys struct keys k;
    uint8_t key[32], expected[32], made[DIGEST_SIZE];
    size_t len = sizeof key;

    (void)state;
    init(&k);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)i;
    assert_int_equal(EVP_PKEY_derive_init(kdf), 1);
    assert_int_equal(EVP_PKEY_CTX_set_hkdf_md(kdf, EVP_sha256()), 1);
    assert_int_equal(EVP_PKEY_CTX_set1_hkdf_key(kdf, k.ring.stable, KEY_SIZE), 1);
    assert_int_equal(EVP_PKEY_CTX_add1_hkdf_info(kdf, info, sizeof info - 1), 1);
    assert_int_equal(EVP_PKEY_derive(kdf, key, &len), 1);
    for (size_t n = 0; n <= sizeof text; n++) { /* across the ends of blocks */
        memcpy(message + 5, text, n);
        HMAC(EVP_sha256(), key, sizeof key, message, 5 + n, expected, NULL);
        crypt_digest(k.domain, "use", &(struct value){VALUE_STRING, {text, n}}, made);
        assert_memory_equal(made, expected, sizeof made);
    }
    EVP_PKEY_CTX_free(kdf);
}

static void digests_depend_on_everything(void **state)
{
    const struct value one = string("1");
    auto_keys struct keys k;
    struct domain *others[3];
    uint8_t first[DIGEST_SIZE], made[DIGEST_SIZE];

    (void)state;
    init(&k);
    others[0] = derive(&k.ring, "u", "d");
    others[1] = derive(&k.ring, "t", "e");
    others[2] = derive(&k.ring, "td", "");
    crypt_digest(k.domain, "a", &one, first);
    for (int i = 0; i < 3; i++) {
        crypt_digest(others[i], "a", &one, made);
        assert_memory_not_equal(first, made, sizeof made);
        assert_memory_not_equal(domain_scope(k.domain), domain_scope(others[i]), SCOPE_SIZE);
        domain_free(others[i]);
    }
    crypt_digest(k.domain, "b", &one, made);
    assert_memory_not_equal(first, made, sizeof made);
    crypt_digest(k.domain, "a", &(struct value){VALUE_NUMBER, SLICE("1")}, made);
    assert_memory_not_equal(first, made, sizeof made);
}

static void stretches_agree_in_their_beginning(void **state)
{
    auto_keys struct keys k;
    uint8_t seed[DIGEST_SIZE] = {1}, shorter[33], longer[100];

    (void)state;
    init(&k);
    crypt_stretch(k.domain, seed, shorter, sizeof shorter);
    crypt_stretch(k.domain, seed, longer, sizeof longer);
    assert_memory_equal(shorter, longer, sizeof shorter);
    assert_memory_not_equal(longer, longer + 32, 32);
}

typedef enum status writer(struct crypt *, const struct domain *, struct value, struct buf *,
                           struct why *);
typedef enum status opener_fn(struct crypt *, const struct domain *, struct slice, struct buf *,
                              struct value *, struct why *);

static void assert_opens(struct keys *k, writer *write, opener_fn *open, struct value v)
{
    struct value back;

    buf_clear(&k->out);
    buf_clear(&k->room);
    assert_int_equal(write(k->crypt, k->domain, v, &k->out, &k->why), ST_OK);
    assert_int_equal(open(k->crypt, k->domain, buf_slice(&k->out), &k->room, &back, &k->why),
                     ST_OK);
    assert_int_equal(back.kind, v.kind);
    assert_true(slice_equal(back.text, v.text));
}

static const struct {
    writer *write;
    opener_fn *open;
} ways[] = {{crypt_pseudonym, crypt_open_pseudonym},
            {crypt_token, crypt_open_token},
            {crypt_seal, crypt_unseal}};

static void what_is_written_opens(void **state)
{
    auto_keys struct keys k;
    auto_buf struct buf large = BUF_INIT(1 << 24);

    (void)state;
    init(&k);
    for (int i = 0; i < 100000; i++)
        buf_put_text(&large, "0123456789");
    for (size_t i = 0; i < 3; i++) {
        assert_opens(&k, ways[i].write, ways[i].open, string(""));
        assert_opens(&k, ways[i].write, ways[i].open, string("Zo\xc3\xab"));
        assert_opens(&k, ways[i].write, ways[i].open, (struct value){VALUE_STRING, SLICE("a\0b")});
        assert_opens(&k, ways[i].write, ways[i].open, (struct value){VALUE_NUMBER, SLICE("1.10")});
        assert_opens(&k, ways[i].write, ways[i].open, (struct value){VALUE_BOOLEAN, SLICE("true")});
        assert_opens(&k, ways[i].write, ways[i].open, (struct value){VALUE_NULL, SLICE("null")});
        assert_opens(&k, ways[i].write, ways[i].open,
                     (struct value){VALUE_STRING, buf_slice(&large)});
    }
}

static void nothing_else_opens(void **state)
{
    auto_keys struct keys k;
    struct domain *other;
    struct value back;

    (void)state;
    init(&k);
    other = derive(&k.ring, "t", "other");
    for (size_t i = 0; i < 3; i++) {
        size_t room;

        buf_clear(&k.out);
        assert_int_equal(ways[i].write(k.crypt, k.domain, string("Bob"), &k.out, NULL), ST_OK);
        assert_int_equal(ways[i].open(k.crypt, other, buf_slice(&k.out), &k.room, &back, NULL),
                         ST_NOT_FOUND);
        for (size_t at = 0; at < k.out.len; at++) {
            struct slice cut = {k.out.data, at};

            assert_int_equal(ways[i].open(k.crypt, k.domain, cut, &k.room, &back, NULL),
                             ST_NOT_FOUND);
            room = k.room.len;
            k.out.data[at] ^= 1;
            assert_int_equal(
                ways[i].open(k.crypt, k.domain, buf_slice(&k.out), &k.room, &back, NULL),
                ST_NOT_FOUND);
            assert_int_equal(k.room.len, room);
            k.out.data[at] ^= 1;
        }
    }
    domain_free(other);
}

/* A sealed row is no token, nor the other way round. */
static void uses_are_kept_apart(void **state)
{
    auto_keys struct keys k;
    auto_buf struct buf token = BUF_INIT(1000);
    struct value back;

    (void)state;
    init(&k);
    assert_int_equal(crypt_seal(k.crypt, k.domain, string("Bob"), &k.out, NULL), ST_OK);
    buf_put_text(&token, "enc:v1:");
    base64url_write((const uint8_t *)k.out.data, k.out.len, &token);
    assert_int_equal(crypt_open_token(k.crypt, k.domain, buf_slice(&token), &k.room, &back, NULL),
                     ST_NOT_FOUND);
}

static void pseudonyms_are_the_same_and_tokens_are_not(void **state)
{
    auto_keys struct keys k;
    auto_buf struct buf second = BUF_INIT(1000);

    (void)state;
    init(&k);
    assert_int_equal(crypt_pseudonym(k.crypt, k.domain, string("Bob"), &k.out, NULL), ST_OK);
    assert_int_equal(crypt_pseudonym(k.crypt, k.domain, string("Bob"), &second, NULL), ST_OK);
    assert_true(slice_equal(buf_slice(&k.out), buf_slice(&second)));
    assert_true(k.out.len >= 22 && base62_is(buf_slice(&k.out)));
    buf_clear(&k.out);
    buf_clear(&second);
    assert_int_equal(crypt_token(k.crypt, k.domain, string("Bob"), &k.out, NULL), ST_OK);
    assert_int_equal(crypt_token(k.crypt, k.domain, string("Bob"), &second, NULL), ST_OK);
    assert_false(slice_equal(buf_slice(&k.out), buf_slice(&second)));
}

static void an_empty_ring_is_refused(void **state)
{
    struct key_ring ring = {.count = 0};
    struct domain *d = NULL;

    (void)state;
    assert_int_equal(domain_new(&ring, SLICE("t"), SLICE("d"), &d, NULL), ST_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base62_is_read_strictly),
        cmocka_unit_test(base64url_is_read_strictly),
        cmocka_unit_test(digests_are_hmac_under_an_hkdf_key),
        cmocka_unit_test(digests_depend_on_everything),
        cmocka_unit_test(stretches_agree_in_their_beginning),
        cmocka_unit_test(what_is_written_opens),
        cmocka_unit_test(nothing_else_opens),
        cmocka_unit_test(uses_are_kept_apart),
        cmocka_unit_test(pseudonyms_are_the_same_and_tokens_are_not),
        cmocka_unit_test(an_empty_ring_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
