#include "interceptor/faults.h"

#include "common/uuid.h"
#include "interceptor/place.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

struct fault {
    char *path; /* NULL: any */
    char *tenant;
    double probability;
    long long times; /* -1: no limit */
    long long left;  /* of them */
    long long hits;
    struct fault_effect effect;
};

struct fault_list {
    struct fault items[FAULTS_MAX];
    size_t count;
};

struct faults {
    pthread_mutex_t lock;
    atomic_size_t count; /* of the list, for a look without the lock */
    struct fault_list list;
};

enum status faults_new(struct faults **ret, struct why *why)
{
    struct faults *faults = calloc(1, sizeof *faults);

    if (!faults)
        return fail_memory(why);
    pthread_mutex_init(&faults->lock, NULL);
    *ret = faults;
    return ST_OK;
}

static void list_done(struct fault_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].path);
        free(list->items[i].tenant);
    }
    list->count = 0;
}

void faults_free(struct faults *faults)
{
    if (!faults)
        return;
    list_done(&faults->list);
    pthread_mutex_destroy(&faults->lock);
    free(faults);
}

static enum status copy_text(const json_t *object, const char *name, char **ret, struct why *why)
{
    const char *text = NULL;
    enum status st = json_get_text(object, name, &text, why);

    if (st != ST_OK || !text)
        return st;
    *ret = strdup(text);
    return *ret ? ST_OK : fail_memory(why);
}

static enum status read_effect(const json_t *object, struct fault_effect *ret, struct why *why)
{
    long long status = 0;
    long long delay_ms = 0;
    enum status st = json_get_int(object, "status", 200, 599, &status, why);

    if (st == ST_OK)
        st = json_get_int(object, "delayMs", 0, FAULT_DELAY_MAX_MS, &delay_ms, why);
    if (st == ST_OK)
        st = json_get_bool(object, "reset", &ret->reset, why);
    if (st == ST_OK)
        st = json_get_bool(object, "malformed", &ret->malformed, why);
    if (st != ST_OK)
        return st;
    ret->status = (unsigned)status;
    ret->delay_ms = (uint64_t)delay_ms;
    if (!status && !delay_ms && !ret->reset && !ret->malformed)
        return fail_at(why, ST_BAD_INPUT, "status",
                       "a fault needs status, delayMs, reset or malformed");
    return ST_OK;
}

static enum status read_chance(const json_t *object, struct fault *fault, struct why *why)
{
    const json_t *probability = json_object_get(object, "probability");

    enum status st;

    fault->probability = 1;
    fault->times = -1;
    if (probability && !json_is_null(probability)) {
        fault->probability = json_number_value(probability);
        if (!json_is_number(probability) || fault->probability < 0 || fault->probability > 1)
            return fail_at(why, ST_BAD_INPUT, "probability", "must be a number from 0 to 1");
    }
    st = json_get_int(object, "times", 1, INT32_MAX, &fault->times, why);
    fault->left = fault->times;
    return st;
}

static enum status read_fault(const json_t *object, struct fault *fault, struct why *why)
{
    /* The last two are of answers, and may come back with them. */
    static const char *const known[] = {"path",   "tenant",  "probability", "times",
                                        "status", "delayMs", "reset",       "malformed",
                                        "hits",   "left",    NULL};
    enum status st;

    if (!json_is_object(object))
        return fail_at(why, ST_BAD_INPUT, "", "must be an object");
    st = json_only(object, known, why);
    if (st == ST_OK)
        st = copy_text(object, "path", &fault->path, why);
    if (st == ST_OK && fault->path && strcmp(fault->path, "token") != 0 &&
        strcmp(fault->path, "dataset") != 0)
        st = fail_at(why, ST_BAD_INPUT, "path", "must be \"token\" or \"dataset\"");
    if (st == ST_OK)
        st = copy_text(object, "tenant", &fault->tenant, why);
    if (st == ST_OK)
        st = read_chance(object, fault, why);
    if (st == ST_OK)
        st = read_effect(object, &fault->effect, why);
    return st;
}

static enum status read_list(const json_t *items, struct fault_list *list, struct why *why)
{
    if (json_array_size(items) > FAULTS_MAX)
        return fail_at(why, ST_TOO_LARGE, "faults", "may have %d entries", FAULTS_MAX);
    for (size_t i = 0; i < json_array_size(items); i++) {
        enum status st;

        list->items[list->count++] = (struct fault){0};
        st = read_fault(json_array_get(items, i), &list->items[list->count - 1], why);
        if (st != ST_OK)
            return place_before(why, st, "faults[%zu]", i);
    }
    return ST_OK;
}

static enum status read_document(const json_t *document, struct fault_list *list, struct why *why)
{
    static const char *const known[] = {"faults", NULL};
    const json_t *items = NULL;
    enum status st;

    if (json_is_array(document))
        return read_list(document, list, why);
    if (!json_object_get(document, "faults")) {
        list->items[list->count++] = (struct fault){0};
        return read_fault(document, &list->items[0], why);
    }
    st = json_only(document, known, why);
    if (st == ST_OK)
        st = json_get_array(document, "faults", &items, why);
    return st == ST_OK ? read_list(items, list, why) : st;
}

/* The old list is handed back in *list. */
static void swap_lists(struct faults *faults, struct fault_list *list)
{
    struct fault_list old;

    pthread_mutex_lock(&faults->lock);
    old = faults->list;
    faults->list = *list;
    atomic_store(&faults->count, list->count);
    pthread_mutex_unlock(&faults->lock);
    *list = old;
}

enum status faults_set(struct faults *faults, const json_t *document, struct why *why)
{
    struct fault_list *list = calloc(1, sizeof *list);
    enum status st;

    if (!list)
        return fail_memory(why);
    st = read_document(document, list, why);
    if (st == ST_OK)
        swap_lists(faults, list);
    list_done(list);
    free(list);
    return st;
}

void faults_clear(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    atomic_store(&faults->count, 0);
    list_done(&faults->list);
    pthread_mutex_unlock(&faults->lock);
}

static json_t *write_fault(const struct fault *fault)
{
    json_t *object = json_pack(
        "{s:s*, s:s*, s:f, s:I, s:b, s:b, s:I}", "path", fault->path, "tenant", fault->tenant,
        "probability", fault->probability, "delayMs", (json_int_t)fault->effect.delay_ms, "reset",
        fault->effect.reset, "malformed", fault->effect.malformed, "hits", (json_int_t)fault->hits);

    if (fault->effect.status)
        json_object_set_new(object, "status", json_integer(fault->effect.status));
    if (fault->times >= 0) {
        json_object_set_new(object, "times", json_integer(fault->times));
        json_object_set_new(object, "left", json_integer(fault->left));
    }
    return object;
}

json_t *faults_write(struct faults *faults)
{
    json_t *items = json_array();

    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->list.count; i++)
        json_array_append_new(items, write_fault(&faults->list.items[i]));
    pthread_mutex_unlock(&faults->lock);
    return json_pack("{s:o}", "faults", items);
}

static bool chance(double probability)
{
    uint32_t draw;

    if (probability >= 1)
        return true;
    random_bytes(&draw, sizeof draw);
    return draw < probability * (double)UINT32_MAX;
}

static bool meets(const struct fault *fault, const char *path, const char *tenant)
{
    return fault->left != 0 && (!fault->path || strcmp(fault->path, path) == 0) &&
           (!fault->tenant || (tenant && strcmp(fault->tenant, tenant) == 0)) &&
           chance(fault->probability);
}

bool faults_pick(struct faults *faults, const char *path, const char *tenant,
                 struct fault_effect *ret)
{
    bool found = false;

    if (atomic_load_explicit(&faults->count, memory_order_relaxed) == 0)
        return false;
    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->list.count && !found; i++) {
        struct fault *fault = &faults->list.items[i];

        found = meets(fault, path, tenant);
        if (!found)
            continue;
        fault->hits++;
        if (fault->left > 0)
            fault->left--;
        *ret = fault->effect;
    }
    pthread_mutex_unlock(&faults->lock);
    return found;
}
