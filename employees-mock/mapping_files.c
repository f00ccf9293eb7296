#include "employees-mock/mapping_files.h"

#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/json_own.h"
#include "employees-mock/mapping_keep.h"
#include "employees-mock/mapping_name.h"
#include "employees-mock/mapping_reader.h"
#include "employees-mock/mapping_said.h"
#include "employees-mock/mapping_watch.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/whole_file.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 256 << 20 };

struct mapping_files {
    char *folder;
    const struct stub_rules *rules;
    const struct log *log;
    char *filename_template;
    pthread_mutex_t lock; /* one at a time reads or writes the folder */
    struct mapping_said said;
    struct mapping_watch *watch;
};

enum status mapping_files_open(const struct mapping_files_settings *settings,
                               struct mapping_files **ret, struct why *why)
{
    struct mapping_files *f = calloc(1, sizeof *f);

    if (!f)
        return fail_memory(why);
    f->rules = settings->rules;
    f->log = settings->log;
    pthread_mutex_init(&f->lock, NULL);
    f->folder = strdup(settings->folder);
    if (settings->filename_template)
        f->filename_template = strdup(settings->filename_template);
    if (!f->folder || (settings->filename_template && !f->filename_template)) {
        mapping_files_close(f);
        return fail_memory(why);
    }
    *ret = f;
    return ST_OK;
}

void mapping_files_close(struct mapping_files *f)
{
    if (!f)
        return;
    mapping_files_unwatch(f);
    mapping_said_done(&f->said);
    pthread_mutex_destroy(&f->lock);
    free(f->folder);
    free(f->filename_template);
    free(f);
}

/* ---- reading ---- */

enum status mapping_files_load(struct mapping_files *f, struct stub_store *store, struct why *why)
{
    auto_stub_list struct stub_list stubs = {0};
    enum status st;

    pthread_mutex_lock(&f->lock);
    st = mapping_reader_folder(f->folder, f->rules, &stubs, why);
    if (st == ST_OK)
        st = stub_store_import(store, stubs.items, stubs.count,
                               (struct stub_import){.all_of_files = true}, why);
    if (st == ST_OK)
        mapping_said_read(&f->said, &stubs);
    pthread_mutex_unlock(&f->lock);
    return st;
}

enum status mapping_files_reset(struct mapping_files *f, struct stub_store *store, struct why *why)
{
    auto_stub_list struct stub_list stubs = {0};
    enum status st;

    pthread_mutex_lock(&f->lock);
    st = mapping_reader_folder(f->folder, f->rules, &stubs, why);
    if (st == ST_OK) {
        mapping_said_read(&f->said, &stubs);
        stub_store_remove_if(store, NULL, NULL, NULL);
        st = stub_store_import(store, stubs.items, stubs.count,
                               (struct stub_import){.all_of_files = true}, why);
    }
    pthread_mutex_unlock(&f->lock);
    return st;
}

/* ---- reading again ---- */

struct reload {
    struct mapping_files *files;
    struct stub_store *store;
};

static void reload(void *ctx)
{
    struct reload *r = ctx;
    auto_stub_list struct stub_list stubs = {0};
    struct why why = {0};
    enum status st;

    pthread_mutex_lock(&r->files->lock);
    st = mapping_reader_folder(r->files->folder, r->files->rules, &stubs, &why);
    if (st == ST_OK) {
        mapping_keep_current(&stubs, &r->files->said, r->store);
        st = memory_blame(ST_OK, &why); /* what is no news may have been taken for news */
    }
    if (st == ST_OK)
        st = stub_store_import(r->store, stubs.items, stubs.count,
                               (struct stub_import){.delete_others_of_files = true}, &why);
    if (st == ST_NO_MEMORY)
        mapping_said_done(&r->files->said); /* what they say now has not become of anything */
    pthread_mutex_unlock(&r->files->lock);
    if (st == ST_OK)
        log_write(r->files->log, LOG_INFO, "mappings reloaded",
                  LOG_NUMBER("stubs", stub_store_count(r->store)));
    else
        log_write(r->files->log, LOG_ERROR, "mappings not reloaded", LOG_TEXT("place", why.place),
                  LOG_TEXT("reason", why.text));
}

enum status mapping_files_watch(struct mapping_files *f, struct stub_store *store, struct why *why)
{
    struct reload *r = malloc(sizeof *r);

    if (!r)
        return fail_memory(why);
    *r = (struct reload){f, store};
    return mapping_watch_start(f->folder, reload, r, &f->watch, why);
}

void mapping_files_unwatch(struct mapping_files *f)
{
    if (!f)
        return;
    mapping_watch_stop(f->watch);
    f->watch = NULL;
}

/* ---- writing ---- */

/* A name by template need not be one stub's alone, and WireMock then keeps the last of them only. */
static void tell_apart(const struct stub *s, struct buf *path)
{
    char ending[NAME_MAX + 1];
    const char *name = strrchr(path->data, '/');
    const char *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - path->data) : path->len;

    snprintf(ending, sizeof ending, "%s", path->data + stem);
    path->len = stem;
    buf_printf(path, "-%s%s", s->id, ending);
}

static enum status choose_file(const struct mapping_files *f, const struct stub *s, struct buf *ret,
                               struct why *why)
{
    enum status st;

    if (s->file) {
        buf_put_text(ret, s->file);
        return buf_status(ret, why);
    }
    buf_printf(ret, "%s/", f->folder);
    st = mapping_name_of(s, f->filename_template, ret, why);
    if (st == ST_OK && f->filename_template && buf_text(ret) && access(ret->data, F_OK) == 0)
        tell_apart(s, ret);
    return st == ST_OK ? buf_status(ret, why) : st;
}

/* With what tells its place among the others, where WireMock writes it; NULL: memory is out. */
static json_t *file_json(const struct stub *s)
{
    json_t *made = json_own(s->json);

    if (s->order == 0)
        return made;
    json_object_set_new(made, "insertionIndex", json_integer((json_int_t)s->order - 1));
    json_put_last(made, "postServeActions");
    json_put_last(made, "serveEventListeners");
    return made;
}

/* A stub that has got a file goes when that goes: one that was not written has none. */
static enum status write_stub(struct mapping_files *f, struct stub *s, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(FILE_MAX);
    auto_buf struct buf path = BUF_INIT(PATH_MAX);
    auto_free char *file = NULL;
    auto_json json_t *json = file_json(s);
    enum status st = choose_file(f, s, &path, why);

    if (st != ST_OK)
        return st;
    if (!json)
        return fail_memory(why);
    json_loose_write(json, JSON_LOOSE_PRETTY, &text);
    file = strdup(buf_text(&path) ? path.data : "");
    if (!buf_text(&path) || !buf_text(&text) || !file)
        return fail_memory(why);
    if (mkdir(f->folder, 0777) != 0 && errno != EEXIST)
        return fail(why, ST_IO, "%s: %s", f->folder, strerror(errno));
    st = whole_file_write(path.data, path.data, buf_slice(&text), why);
    if (st == ST_OK && !s->file)
        s->file = take(file);
    return st;
}

enum status mapping_files_write(struct mapping_files *f, const json_t *mapping, const char *name,
                                struct why *why)
{
    auto_buf struct buf path = BUF_INIT(PATH_MAX);
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};
    enum status st;

    if (stub_parse(mapping, "", f->rules, &s, &fault) != ST_OK)
        return fail(why, ST_BAD_INPUT, "%s: %s", fault.pointer, fault.detail);
    buf_printf(&path, "%s/%s", f->folder, name);
    s->file = buf_take(&path, NULL);
    if (!s->file)
        return fail_memory(why);
    pthread_mutex_lock(&f->lock);
    st = write_stub(f, s, why);
    pthread_mutex_unlock(&f->lock);
    return st;
}

/* WireMock's words: those of a file of many are written by hand alone. */
static enum status refuse_shared(struct why *why)
{
    return fail(why, ST_UNSUPPORTED,
                "com.github.tomakehurst.wiremock.common.NotWritableException: Stubs loaded from "
                "multi-mapping files are read-only, and therefore cannot be saved");
}

/* A stub that was removed is in its file still, unless it was persistent: another one with its id
 * takes that over, as two files with one id would end the next start. */
static enum status adopt_file(struct mapping_files *f, struct stub *s, struct why *why)
{
    const struct stub *said = s->file ? NULL : mapping_said_find(&f->said, s->id);

    if (!said || access(said->file, F_OK) != 0)
        return ST_OK;
    if (said->file_is_shared)
        return refuse_shared(why);
    s->file = strdup(said->file);
    return s->file ? ST_OK : fail_memory(why);
}

/* A stub of the store's. */
static enum status write_own(struct mapping_files *f, struct stub *s, struct why *why)
{
    enum status st = adopt_file(f, s, why);

    if (st == ST_OK)
        st = write_stub(f, s, why);
    if (st == ST_OK && f->watch) /* which reads it again, and so bounds what is kept */
        mapping_said_wrote(&f->said, s);
    return st;
}

enum status mapping_files_note(struct mapping_files *f, struct stub *s, struct why *why)
{
    enum status st;

    if (!s->persistent)
        return ST_OK;
    if (s->file_is_shared)
        return refuse_shared(why);
    pthread_mutex_lock(&f->lock);
    st = write_own(f, s, why);
    pthread_mutex_unlock(&f->lock);
    if (st != ST_OK)
        log_write(f->log, LOG_ERROR, "stub not saved", LOG_TEXT("reason", why->text));
    return st;
}

static enum status inherit(struct stub *s, const struct stub *old, struct why *why)
{
    s->file_is_shared = old->file_is_shared;
    s->file_is_old = old->file_is_shared;
    if (!old->file || s->file)
        return ST_OK;
    s->file = strdup(old->file);
    return s->file ? ST_OK : fail_memory(why);
}

enum status mapping_files_inherit(struct mapping_files *f, struct stub *s, const struct stub *old,
                                  struct why *why)
{
    enum status st;

    pthread_mutex_lock(&f->lock);
    st = inherit(s, old, why);
    pthread_mutex_unlock(&f->lock);
    return st;
}

void mapping_files_note_removed(struct mapping_files *f, const struct stub *s)
{
    if (!s->persistent || s->file_is_shared)
        return;
    pthread_mutex_lock(&f->lock);
    if (s->file && unlink(s->file) != 0 && errno != ENOENT)
        log_write(f->log, LOG_ERROR, "file of a stub not removed", LOG_TEXT("file", s->file),
                  LOG_TEXT("reason", strerror(errno)));
    pthread_mutex_unlock(&f->lock);
}

/* A stub is never changed once others see it: one that is to be persistent takes its place.
 * ST_NOT_FOUND: it has gone meanwhile. */
static enum status make_persistent(struct mapping_files *f, struct stub_store *store,
                                   struct stub *old, struct stub **ret, struct why *why)
{
    json_t *json = json_own(old->json);
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};
    enum status st;

    if (!json)
        return fail_memory(why);
    json_object_set_new(json, "persistent", json_true());
    st = stub_parse(json, "", f->rules, &s, &fault);
    json_decref(json); /* nobody shares it once the store has the stub */
    if (st != ST_OK)
        return fail(why, ST_INTERNAL, "%s: %s", fault.pointer, fault.detail);
    st = inherit(s, old, why);
    if (st != ST_OK)
        return st;
    atomic_store(&s->times_left, atomic_load(&old->times_left));
    atomic_store(&s->served, atomic_load(&old->served));
    st = stub_store_replace(store, s, why);
    if (st == ST_OK)
        *ret = take(s);
    return st;
}

static enum status save(struct mapping_files *f, struct stub_store *store, struct stub *s,
                        struct why *why)
{
    auto_stub struct stub *made = NULL;
    enum status st = ST_OK;

    if (s->file_is_shared)
        return s->file_is_old ? refuse_shared(why) : ST_OK;
    if (!s->persistent)
        st = make_persistent(f, store, s, &made, why);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    return st == ST_OK ? write_own(f, made ? made : s, why) : st;
}

enum status mapping_files_save_all(struct mapping_files *f, struct stub_store *store,
                                   struct why *why)
{
    auto_stub_list struct stub_list stubs = {0};
    enum status st = stub_store_list(store, &stubs, why);

    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < stubs.count && (st == ST_OK || st == ST_UNSUPPORTED); i++) {
        enum status saved = save(f, store, stubs.items[i], why);

        st = saved == ST_OK ? st : saved;
    }
    pthread_mutex_unlock(&f->lock);
    return st;
}
