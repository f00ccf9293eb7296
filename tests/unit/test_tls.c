/* Certificates: read, refused, replaced while a server serves. */
#include "tests/unit/http_fixture.h"

#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>

/* ---- certificates for the tests ---- */

struct pair {
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;
};

static void pair_make(struct pair *pair, unsigned char serial)
{
    static const char name[] = "localhost";

    assert_int_equal(gnutls_x509_privkey_init(&pair->key), 0);
    assert_int_equal(gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA, 256, 0), 0);
    assert_int_equal(gnutls_x509_crt_init(&pair->cert), 0);
    gnutls_x509_crt_set_version(pair->cert, 3);
    gnutls_x509_crt_set_serial(pair->cert, &serial, 1);
    gnutls_x509_crt_set_activation_time(pair->cert, 1500000000);
    gnutls_x509_crt_set_expiration_time(pair->cert, 4000000000);
    gnutls_x509_crt_set_dn_by_oid(pair->cert, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                  sizeof name - 1);
    gnutls_x509_crt_set_key(pair->cert, pair->key);
    assert_int_equal(gnutls_x509_crt_sign2(pair->cert, pair->cert, pair->key, GNUTLS_DIG_SHA256, 0),
                     0);
}

static void pair_done(struct pair *pair)
{
    gnutls_x509_crt_deinit(pair->cert);
    gnutls_x509_privkey_deinit(pair->key);
}

static void write_pem(void **state, const struct pair *pair, const char *cert, const char *key)
{
    gnutls_datum_t out;

    assert_int_equal(gnutls_x509_crt_export2(pair->cert, GNUTLS_X509_FMT_PEM, &out), 0);
    temp_write(state, cert, out.data, out.size);
    gnutls_free(out.data);
    assert_int_equal(
        gnutls_x509_privkey_export2_pkcs8(pair->key, GNUTLS_X509_FMT_PEM, NULL, 0, &out), 0);
    temp_write(state, key, out.data, out.size);
    gnutls_free(out.data);
}

static void put_bag(gnutls_pkcs12_t store, gnutls_pkcs12_bag_t bag, int index)
{
    const gnutls_datum_t id = {(unsigned char[]){1}, 1};

    assert_true(index >= 0);
    gnutls_pkcs12_bag_set_key_id(bag, (unsigned)index, &id);
    assert_int_equal(gnutls_pkcs12_set_bag(store, bag), 0);
    gnutls_pkcs12_bag_deinit(bag);
}

static void write_pkcs12(void **state, const struct pair *pair, const char *file)
{
    gnutls_pkcs12_t store;
    gnutls_pkcs12_bag_t bag;
    gnutls_datum_t key;
    gnutls_datum_t out;

    assert_int_equal(gnutls_pkcs12_init(&store), 0);
    gnutls_pkcs12_bag_init(&bag);
    put_bag(store, bag, gnutls_pkcs12_bag_set_crt(bag, pair->cert));
    gnutls_x509_privkey_export2_pkcs8(pair->key, GNUTLS_X509_FMT_DER, "secret",
                                      GNUTLS_PKCS_PBES2_AES_256, &key);
    gnutls_pkcs12_bag_init(&bag);
    put_bag(store, bag, gnutls_pkcs12_bag_set_data(bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &key));
    assert_int_equal(gnutls_pkcs12_generate_mac2(store, GNUTLS_MAC_SHA256, "secret"), 0);
    assert_int_equal(gnutls_pkcs12_export2(store, GNUTLS_X509_FMT_DER, &out), 0);
    temp_write(state, file, out.data, out.size);
    gnutls_free(out.data);
    gnutls_free(key.data);
    gnutls_pkcs12_deinit(store);
}

/* ---- refusals ---- */

struct files {
    char cert[128];
    char key[128];
};

static struct files name_files(void **state, const char *cert, const char *key)
{
    struct files ret;

    snprintf(ret.cert, sizeof ret.cert, "%s", temp_path(state, cert));
    snprintf(ret.key, sizeof ret.key, "%s", temp_path(state, key));
    return ret;
}

static void assert_pem_refused(const struct files *files, const char *place)
{
    struct tls *tls = NULL;
    struct why why = {0};

    assert_status(ST_BAD_INPUT, tls_open_pem(files->cert, files->key, &tls, &why), &why);
    assert_string_equal(why.place, place);
    assert_null(tls);
}

static void file_at_fault_is_named(void **state)
{
    struct pair pair;
    struct files good = name_files(state, "good.pem", "good.key");
    struct files none = name_files(state, "none.pem", "none.key");
    struct files junk = name_files(state, "junk.pem", "junk.key");

    pair_make(&pair, 1);
    write_pem(state, &pair, "good.pem", "good.key");
    temp_write(state, "junk.pem", "junk", 4);
    temp_write(state, "junk.key", "junk", 4);
    memcpy(none.key, good.key, sizeof none.key);
    assert_pem_refused(&none, none.cert);
    memcpy(junk.key, good.key, sizeof junk.key);
    assert_pem_refused(&junk, junk.cert);
    none = name_files(state, "good.pem", "none.key");
    assert_pem_refused(&none, none.key);
    junk = name_files(state, "good.pem", "junk.key");
    assert_pem_refused(&junk, junk.key);
    junk = name_files(state, "good.pem", "good.pem");
    assert_pem_refused(&junk, junk.key);
    pair_done(&pair);
}

static void key_of_another_certificate_is_refused(void **state)
{
    struct pair one;
    struct pair two;
    struct files mixed = name_files(state, "one.pem", "two.key");
    struct tls *tls;
    struct why why;

    pair_make(&one, 1);
    pair_make(&two, 2);
    write_pem(state, &one, "one.pem", "one.key");
    write_pem(state, &two, "two.pem", "two.key");
    assert_status(ST_BAD_INPUT, tls_open_pem(mixed.cert, mixed.key, &tls, &why), &why);
    assert_contains(why.text, "does not belong");
    pair_done(&one);
    pair_done(&two);
}

static void password_of_a_key_store_is_checked(void **state)
{
    struct pair pair;
    struct tls *tls;
    struct why why;
    struct files files = name_files(state, "store.p12", "junk.p12");

    pair_make(&pair, 1);
    write_pkcs12(state, &pair, "store.p12");
    temp_write(state, "junk.p12", "junk", 4);
    assert_status(ST_BAD_INPUT, tls_open_pkcs12(files.cert, "wrong", &tls, &why), &why);
    assert_contains(why.text, "password");
    assert_null(strstr(why.text, "wrong password"));
    assert_status(ST_BAD_INPUT, tls_open_pkcs12(files.key, "secret", &tls, &why), &why);
    assert_string_equal(why.place, files.key);
    assert_status(ST_BAD_INPUT, tls_open_pkcs12("/nowhere/x.p12", "secret", &tls, &why), &why);
    assert_ok(tls_open_pkcs12(files.cert, "secret", &tls, &why), &why);
    tls_close(tls);
    pair_done(&pair);
}

/* ---- a server whose certificate changes ---- */

/* Hands the tls over to the fixture. */
static void serve_with(struct fixture *f, struct tls *tls)
{
    struct http_listener listener = {.address = "127.0.0.1:0", .tls = tls};
    struct why why = {0};

    fixture_open(f, false, NULL);
    http_server_close(f->server, 0);
    f->tls = tls;
    assert_ok(http_server_open(&listener, &f->app, NULL, NULL, &f->server, &why), &why);
    f->port = http_server_port(f->server);
}

static int serial_of(const struct peer *peer)
{
    unsigned count;
    const gnutls_datum_t *list = gnutls_certificate_get_peers(peer->tls, &count);
    gnutls_x509_crt_t cert;
    unsigned char serial[32] = {0};
    size_t size = sizeof serial;

    assert_true(count > 0);
    gnutls_x509_crt_init(&cert);
    gnutls_x509_crt_import(cert, &list[0], GNUTLS_X509_FMT_DER);
    gnutls_x509_crt_get_serial(cert, serial, &size);
    gnutls_x509_crt_deinit(cert);
    return serial[size - 1];
}

static int served_serial(const struct fixture *f)
{
    struct peer peer;
    int serial;

    peer_open(&peer, f->port, true);
    serial = serial_of(&peer);
    assert_int_equal(peer_ask(&peer, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", NULL), 200);
    peer_close(&peer);
    return serial;
}

static void reload_serves_the_new_certificate(void **state)
{
    struct pair one;
    struct pair two;
    struct files files = name_files(state, "cert.pem", "cert.key");
    struct fixture f;
    struct peer old;
    struct tls *tls;
    struct why why;

    pair_make(&one, 11);
    pair_make(&two, 22);
    write_pem(state, &one, "cert.pem", "cert.key");
    assert_ok(tls_open_pem(files.cert, files.key, &tls, &why), &why);
    serve_with(&f, tls);
    assert_int_equal(served_serial(&f), 11);
    peer_open(&old, f.port, true);

    temp_write(state, "cert.pem", "junk", 4);
    assert_status(ST_BAD_INPUT, tls_reload(tls, &why), &why);
    assert_int_equal(served_serial(&f), 11);

    write_pem(state, &two, "cert.pem", "cert.key");
    assert_int_equal(served_serial(&f), 11);
    assert_ok(tls_reload(tls, &why), &why);
    assert_int_equal(served_serial(&f), 22);
    assert_int_equal(peer_ask(&old, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", NULL), 200);
    peer_close(&old);
    fixture_close(&f);
    pair_done(&one);
    pair_done(&two);
}

static void reload_works_for_key_stores(void **state)
{
    struct pair one;
    struct pair two;
    struct files files = name_files(state, "store.p12", "");
    struct fixture f;
    struct tls *tls;
    struct why why;

    pair_make(&one, 33);
    pair_make(&two, 44);
    write_pkcs12(state, &one, "store.p12");
    assert_ok(tls_open_pkcs12(files.cert, "secret", &tls, &why), &why);
    serve_with(&f, tls);
    assert_int_equal(served_serial(&f), 33);
    write_pkcs12(state, &two, "store.p12");
    assert_ok(tls_reload(tls, &why), &why);
    assert_int_equal(served_serial(&f), 44);
    fixture_close(&f);
    pair_done(&one);
    pair_done(&two);
}

struct reloads {
    struct tls *tls;
    atomic_bool stop;
};

static void *reload_again_and_again(void *arg)
{
    struct reloads *reloads = arg;

    while (!atomic_load(&reloads->stop)) {
        if (tls_reload(reloads->tls, NULL) != ST_OK)
            abort();
        nap();
    }
    return NULL;
}

/* A session in the middle of its handshake keeps the key it began with. */
static void reloads_disturb_no_handshake(void **state)
{
    struct reloads reloads = {0};
    struct fixture f;
    pthread_t thread;

    (void)state;
    fixture_open(&f, true, NULL);
    reloads.tls = f.tls;
    pthread_create(&thread, NULL, reload_again_and_again, &reloads);
    for (int i = 0; i < 50; i++)
        served_serial(&f);
    atomic_store(&reloads.stop, true);
    pthread_join(thread, NULL);
    fixture_close(&f);
}

/* ---- protocol ---- */

static void assert_version(const struct fixture *f, const char *priorities, bool accepted,
                           gnutls_protocol_t version)
{
    struct peer peer = {.fd = peer_socket(f->port), .in = BUF_INIT(INPUT_MAX)};
    int rc = peer_handshake(&peer, priorities);

    assert_int_equal(rc == GNUTLS_E_SUCCESS, accepted);
    if (accepted)
        assert_int_equal(gnutls_protocol_get_version(peer.tls), version);
    peer_close(&peer);
}

static void only_tls_1_2_and_1_3_are_spoken(void **state)
{
    struct fixture f;

    (void)state;
    fixture_open(&f, true, NULL);
    assert_version(&f, "NORMAL", true, GNUTLS_TLS1_3);
    assert_version(&f, "NORMAL:-VERS-ALL:+VERS-TLS1.2", true, GNUTLS_TLS1_2);
    assert_version(&f, "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", false, GNUTLS_TLS1_1);
    assert_version(&f, "NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT", false, GNUTLS_TLS1_0);
    fixture_close(&f);
}

static void plain_bytes_on_a_tls_port_are_survived(void **state)
{
    struct fixture f;
    struct peer peer;

    (void)state;
    fixture_open(&f, true, NULL);
    peer_open(&peer, f.port, false);
    peer_send(&peer, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_drain(&peer);
    buf_put_char(&peer.in, '\0');
    assert_null(strstr(peer.in.data, "HTTP/"));
    peer_close(&peer);
    served_serial(&f);
    fixture_close(&f);
}

static void self_signed_names_localhost(void **state)
{
    struct fixture f;
    struct peer peer;
    unsigned count;
    const gnutls_datum_t *list;
    gnutls_x509_crt_t cert;

    (void)state;
    fixture_open(&f, true, NULL);
    peer_open(&peer, f.port, true);
    list = gnutls_certificate_get_peers(peer.tls, &count);
    assert_int_equal(count, 1);
    gnutls_x509_crt_init(&cert);
    gnutls_x509_crt_import(cert, &list[0], GNUTLS_X509_FMT_DER);
    assert_true(gnutls_x509_crt_check_hostname(cert, "localhost"));
    assert_true(gnutls_x509_crt_check_hostname(cert, "127.0.0.1"));
    assert_false(gnutls_x509_crt_check_hostname(cert, "example.org"));
    gnutls_x509_crt_deinit(cert);
    peer_close(&peer);
    fixture_close(&f);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(file_at_fault_is_named),
        WITH_FOLDER(key_of_another_certificate_is_refused),
        WITH_FOLDER(password_of_a_key_store_is_checked),
        WITH_FOLDER(reload_serves_the_new_certificate),
        WITH_FOLDER(reload_works_for_key_stores),
        cmocka_unit_test(reloads_disturb_no_handshake),
        cmocka_unit_test(only_tls_1_2_and_1_3_are_spoken),
        cmocka_unit_test(plain_bytes_on_a_tls_port_are_survived),
        cmocka_unit_test(self_signed_names_localhost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
