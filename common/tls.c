#include "common/tls.h"

#include "common/tls_keys.h"
#include "common/tls_trust.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

struct tls {
    pthread_mutex_t lock; /* for `keys` only; the rest does not change */
    struct tls_keys *keys;
    enum status (*load)(const struct tls *tls, struct tls_keys **ret, struct why *why);
    char *file;
    char *secret; /* the key's file, or the key store's password */
    bool requires_clients;
    struct tls_trust trust; /* none: the system's */
};

static enum status load_pem(const struct tls *tls, struct tls_keys **ret, struct why *why)
{
    return tls_keys_read_pem(tls->file, tls->secret, ret, why);
}

static enum status load_pkcs12(const struct tls *tls, struct tls_keys **ret, struct why *why)
{
    return tls_keys_read_pkcs12(tls->file, tls->secret, ret, why);
}

static enum status load_self_signed(const struct tls *tls, struct tls_keys **ret, struct why *why)
{
    (void)tls;
    return tls_keys_make_self_signed(ret, why);
}

void tls_close(struct tls *tls)
{
    if (!tls)
        return;
    tls_keys_drop(tls->keys);
    tls_trust_done(&tls->trust);
    pthread_mutex_destroy(&tls->lock);
    if (tls->secret)
        explicit_bzero(tls->secret, strlen(tls->secret));
    free(tls->secret);
    free(tls->file);
    free(tls);
}

static struct tls *tls_new(const char *file, const char *secret)
{
    auto_tls struct tls *tls = calloc(1, sizeof *tls);

    if (!tls)
        return NULL;
    pthread_mutex_init(&tls->lock, NULL);
    tls->file = strdup(file);
    tls->secret = strdup(secret);
    if (!tls->file || !tls->secret)
        return NULL;
    return take(tls);
}

static enum status open_with(struct tls *made,
                             enum status (*load)(const struct tls *, struct tls_keys **,
                                                 struct why *),
                             struct tls **ret, struct why *why)
{
    auto_tls struct tls *tls = made;
    enum status st;

    if (!tls)
        return fail_memory(why);
    tls->load = load;
    st = load(tls, &tls->keys, why);
    if (st != ST_OK)
        return st;
    *ret = take(tls);
    return ST_OK;
}

enum status tls_open_pem(const char *cert_file, const char *key_file, struct tls **ret,
                         struct why *why)
{
    return open_with(tls_new(cert_file, key_file), load_pem, ret, why);
}

enum status tls_open_pkcs12(const char *file, const char *password, struct tls **ret,
                            struct why *why)
{
    return open_with(tls_new(file, password), load_pkcs12, ret, why);
}

enum status tls_open_self_signed(struct tls **ret, struct why *why)
{
    return open_with(tls_new("", ""), load_self_signed, ret, why);
}

/* ---- certificates of clients ---- */

/* Before anybody uses the keys. */
static enum status add_trust(const struct tls *tls, struct tls_keys *keys, struct why *why)
{
    int rc = 0;

    if (!tls->requires_clients)
        return ST_OK;
    if (tls->trust.count > 0)
        rc = gnutls_certificate_set_x509_trust(keys->credentials, tls->trust.list,
                                               (int)tls->trust.count);
    else
        rc = gnutls_certificate_set_x509_system_trust(keys->credentials);
    return rc < 0 ? fail(why, ST_INTERNAL, "authorities of clients: %s", gnutls_strerror(rc))
                  : ST_OK;
}

enum status tls_require_clients(struct tls *tls, const char *file, const char *password,
                                struct why *why)
{
    enum status st = file ? tls_trust_read(file, password, &tls->trust, why) : ST_OK;

    if (st != ST_OK)
        return st;
    tls->requires_clients = true;
    return add_trust(tls, tls->keys, why);
}

/* The certificate must be one for clients, where it says what it is for. */
static void ask_for_certificate(gnutls_session_t session)
{
    static gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                            .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT};

    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert2(session, &purpose, 1, 0);
}

enum status tls_reload(struct tls *tls, struct why *why)
{
    struct tls_keys *fresh;
    struct tls_keys *old;
    enum status st = tls->load(tls, &fresh, why);

    if (st != ST_OK)
        return st;
    st = add_trust(tls, fresh, why);
    if (st != ST_OK) {
        tls_keys_drop(fresh);
        return st;
    }
    pthread_mutex_lock(&tls->lock);
    old = tls->keys;
    tls->keys = fresh;
    pthread_mutex_unlock(&tls->lock);
    tls_keys_drop(old);
    return ST_OK;
}

int64_t tls_ends_at_s(struct tls *tls)
{
    int64_t ends_at_s;

    pthread_mutex_lock(&tls->lock);
    ends_at_s = tls->keys->ends_at_s;
    pthread_mutex_unlock(&tls->lock);
    return ends_at_s;
}

struct tls_keys *tls_session_begin(struct tls *tls, gnutls_session_t session)
{
    struct tls_keys *keys;

    if (tls->requires_clients)
        ask_for_certificate(session);
    pthread_mutex_lock(&tls->lock);
    keys = tls->keys;
    atomic_fetch_add(&keys->users, 1);
    pthread_mutex_unlock(&tls->lock);
    if (gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, keys->credentials) >= 0)
        return keys;
    tls_keys_drop(keys);
    return NULL;
}

void tls_session_end(struct tls_keys *keys)
{
    tls_keys_drop(keys);
}
