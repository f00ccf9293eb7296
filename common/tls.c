#include "common/tls.h"

#include "common/tls_keys.h"

#include <pthread.h>
#include <string.h>

const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

struct tls {
    pthread_mutex_t lock; /* for `keys` only; the rest does not change */
    struct tls_keys *keys;
    enum status (*load)(const struct tls *tls, struct tls_keys **ret, struct why *why);
    char *file;
    char *secret; /* the key's file, or the key store's password */
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

enum status tls_reload(struct tls *tls, struct why *why)
{
    struct tls_keys *fresh;
    struct tls_keys *old;
    enum status st = tls->load(tls, &fresh, why);

    if (st != ST_OK)
        return st;
    pthread_mutex_lock(&tls->lock);
    old = tls->keys;
    tls->keys = fresh;
    pthread_mutex_unlock(&tls->lock);
    tls_keys_drop(old);
    return ST_OK;
}

struct tls_keys *tls_session_begin(struct tls *tls, gnutls_session_t session)
{
    struct tls_keys *keys;

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
