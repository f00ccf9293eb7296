#include "interceptor/config.h"

#include "interceptor/keyring.h"
#include "interceptor/manifest.h"
#include "interceptor/place.h"
#include "interceptor/rule.h"
#include "interceptor/tenant.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- one entry: checked, and brought into the form that is stored ---- */

static enum status take_copies(const char *name, char *document, char **ret_name,
                               char **ret_document, struct why *why)
{
    auto_free char *own = document;

    if (!own)
        return fail_memory(why);
    *ret_name = strdup(name);
    if (!*ret_name)
        return fail_memory(why);
    *ret_document = take(own);
    return ST_OK;
}

static enum status read_tenant(const json_t *object, const struct master *master, char **ret_name,
                               char **ret_document, struct why *why)
{
    auto_tenant struct tenant *tenant = NULL;
    auto_json json_t *written = NULL;
    enum status st = tenant_parse(object, master, &tenant, why);

    if (st != ST_OK)
        return st;
    written = tenant_write(tenant);
    return take_copies(tenant->name, json_dumps(written, JSON_COMPACT), ret_name, ret_document,
                       why);
}

static enum status read_manifest(const json_t *object, const struct master *master, char **ret_name,
                                 char **ret_document, struct why *why)
{
    auto_manifest struct manifest *m = NULL;
    enum status st = manifest_parse(object, &m, why);

    (void)master;
    return st == ST_OK ? take_copies(m->name, strdup(m->document), ret_name, ret_document, why)
                       : st;
}

static enum status read_rule(const json_t *object, const struct master *master, char **ret_name,
                             char **ret_document, struct why *why)
{
    auto_rule struct rule *rule = NULL;
    enum status st = rule_parse(object, &rule, why);

    (void)master;
    return st == ST_OK ? take_copies(rule_name(rule), strdup(rule_document(rule)), ret_name,
                                     ret_document, why)
                       : st;
}

static enum status read_key(const json_t *object, const struct master *master, char **ret_name,
                            char **ret_document, struct why *why)
{
    char name[KEY_NAME_SIZE];
    enum status st = keyring_check_item(object, name, why);

    (void)master;
    return st == ST_OK
               ? take_copies(name, json_dumps(object, JSON_COMPACT), ret_name, ret_document, why)
               : st;
}

typedef enum status read_entry(const json_t *object, const struct master *master, char **ret_name,
                               char **ret_document, struct why *why);

static read_entry *const readers[POLICY_KINDS] = {
    [POLICY_TENANT] = read_tenant,
    [POLICY_MANIFEST] = read_manifest,
    [POLICY_RULE] = read_rule,
    [POLICY_KEY] = read_key,
};

enum status config_read_entry(enum policy_kind kind, const json_t *object,
                              const struct master *master, char **ret_name, char **ret_document,
                              struct why *why)
{
    if (!json_is_object(object))
        return fail_at(why, ST_BAD_INPUT, "", "must be an object");
    return readers[kind](object, master, ret_name, ret_document, why);
}

/* ---- a document ---- */

static enum status add_entry(enum policy_kind kind, const json_t *object, const char *source,
                             const struct master *master, struct policy_items *ret, struct why *why)
{
    auto_free char *name = NULL;
    auto_free char *document = NULL;
    enum status st = config_read_entry(kind, object, master, &name, &document, why);

    if (st != ST_OK)
        return st;
    if (policy_items_find(ret, kind, name))
        return fail_at(why, ST_CONFLICT, kind == POLICY_KEY ? "id" : "name",
                       "there is another %s of this name", policy_kind_word(kind));
    return policy_items_add(ret, kind, name, document, source, why);
}

static enum status read_kind(enum policy_kind kind, const json_t *document, const char *file,
                             const struct master *master, struct policy_items *ret, struct why *why)
{
    const char *member = policy_kind_member(kind);
    const json_t *list = NULL;
    enum status st = json_get_array(document, member, &list, why);

    for (size_t i = 0; st == ST_OK && i < json_array_size(list); i++) {
        auto_free char *source = NULL;

        if (asprintf(&source, "%s%s%s[%zu]", file ? file : "", file ? ": " : "", member, i) < 0)
            return fail_memory(why);
        st = place_before(why, add_entry(kind, json_array_get(list, i), source, master, ret, why),
                          "%s[%zu]", member, i);
    }
    return st;
}

static bool has_hashes(const json_t *document)
{
    const json_t *tenant, *client;
    size_t i, k;

    json_array_foreach (json_object_get(document, "tenants"), i, tenant) {
        if (json_is_string(json_object_get(tenant, "apiKeyHash")))
            return true;
        json_array_foreach (json_object_get(tenant, "clients"), k, client) {
            if (json_is_string(json_object_get(client, "secretHash")))
                return true;
        }
    }
    return false;
}

/* Hashes are good under the key file that made them only. */
static enum status read_key_file(const json_t *document, const char *file, struct policy_items *ret,
                                 struct why *why)
{
    const char *print = NULL;
    enum status st = json_get_text(document, "keyFile", &print, why);

    if (st != ST_OK || !print || !has_hashes(document))
        return st;
    if (ret->key_file)
        return strcmp(ret->key_file, print) == 0
                   ? ST_OK
                   : fail_at(why, ST_CONFLICT, "keyFile",
                             "another document has credentials hashed under another key file");
    ret->key_file = strdup(print);
    if (!ret->key_file ||
        asprintf(&ret->key_source, "%s%skeyFile", file ? file : "", file ? ": " : "") < 0)
        return fail_memory(why);
    return ST_OK;
}

enum status config_check_key(const struct policy_items *items, const struct master *master,
                             struct why *why)
{
    if (!items->key_file || strcmp(items->key_file, master_fingerprint(master)) == 0)
        return ST_OK;
    return fail_at(why, ST_BAD_INPUT, items->key_source,
                   "the credentials were hashed under another key file");
}

enum status config_read(const json_t *document, const char *file, const struct variables *variables,
                        const struct master *master, struct policy_items *ret, struct why *why)
{
    static const char *const known[] = {"tenants", "manifests", "rules", "keys", "keyFile", NULL};
    auto_json json_t *filled = NULL;
    enum status st;

    if (!json_is_object(document))
        return fail_at(why, ST_BAD_INPUT, "", "a configuration is one JSON object");
    st = json_only(document, known, why);
    if (st == ST_OK)
        st = placeholder_fill(document, variables, &filled, why);
    if (st == ST_OK)
        st = read_key_file(filled, file, ret, why);
    for (int kind = 0; st == ST_OK && kind < POLICY_KINDS; kind++)
        st = read_kind((enum policy_kind)kind, filled, file, master, ret, why);
    return st;
}

/* ---- files and folders ---- */

/* Of a name that is too long the end: behind it the place in the file must show. */
static const char *shown_name(const char *file)
{
    enum { SHOWN = 100 };
    size_t len = strlen(file);

    return len > SHOWN ? file + len - SHOWN : file;
}

static enum status read_one_file(const char *file, const struct variables *variables,
                                 const struct master *master, struct policy_items *ret,
                                 struct why *why)
{
    auto_json json_t *document = NULL;
    enum status st = json_read_file(file, CONFIG_FILE_MAX, &document, why);

    if (st != ST_OK)
        return st;
    st = config_read(document, shown_name(file), variables, master, ret, why);
    return place_before(why, st, why && why->place[0] != '\0' ? "%s: " : "%s", shown_name(file));
}

static int is_json(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

struct folder {
    struct dirent **entries;
    int count;
};

static void folder_done(struct folder *f)
{
    for (int i = 0; i < f->count; i++)
        free(f->entries[i]);
    free(f->entries);
}

/* Whatever else lies in a folder may never end, as a pipe to which nobody writes. */
static enum status read_entry_file(const char *file, const struct variables *variables,
                                   const struct master *master, struct policy_items *ret,
                                   struct why *why)
{
    struct stat about;

    if (stat(file, &about) == 0 && !S_ISREG(about.st_mode))
        return fail_at(why, ST_BAD_INPUT, shown_name(file), "is no file");
    return read_one_file(file, variables, master, ret, why);
}

static enum status read_folder(const char *path, const struct variables *variables,
                               const struct master *master, struct policy_items *ret,
                               struct why *why)
{
    __attribute__((cleanup(folder_done))) struct folder f = {0};
    enum status st = ST_OK;

    f.count = scandir(path, &f.entries, is_json, alphasort);
    if (f.count < 0)
        return fail_at(why, ST_IO, path, "can't read the folder: %s", strerror(errno));
    if (f.count == 0)
        return fail_at(why, ST_BAD_INPUT, path, "the folder has no *.json file");
    if (f.count > CONFIG_FILES_MAX)
        return fail_at(why, ST_TOO_LARGE, path, "the folder has more than %d files",
                       CONFIG_FILES_MAX);
    for (int i = 0; i < f.count && st == ST_OK; i++) {
        auto_free char *file = NULL;

        if (asprintf(&file, "%s/%s", path, f.entries[i]->d_name) < 0)
            return fail_memory(why);
        st = read_entry_file(file, variables, master, ret, why);
    }
    return st;
}

enum status config_read_path(const char *path, const struct variables *variables,
                             const struct master *master, struct policy_items *ret, struct why *why)
{
    struct stat about;
    enum status st;

    if (stat(path, &about) != 0)
        return fail_at(why, errno == ENOENT ? ST_NOT_FOUND : ST_BAD_INPUT, path,
                       "can't be read: %s", strerror(errno));
    st = S_ISDIR(about.st_mode) ? read_folder(path, variables, master, ret, why)
                                : read_one_file(path, variables, master, ret, why);
    return st == ST_IO ? ST_BAD_INPUT : st;
}

/* ---- writing ---- */

json_t *config_write(const struct policy_items *items, const char *key_file)
{
    auto_json json_t *document = json_pack("{s:s*}", "keyFile", key_file);

    for (int kind = 0; document && kind < POLICY_KINDS; kind++) {
        const char *member = policy_kind_member((enum policy_kind)kind);

        if (json_object_set_new(document, member, json_array()) != 0)
            return NULL;
    }
    for (size_t i = 0; document && i < items->count; i++) {
        const struct policy_item *item = &items->items[i];
        json_t *object = NULL;

        if (json_read(slice_of(item->document), &object, NULL) != ST_OK)
            return NULL;
        if (json_array_append_new(json_object_get(document, policy_kind_member(item->kind)),
                                  object) != 0)
            return NULL;
    }
    if (placeholder_escape(document, NULL) != ST_OK)
        return NULL;
    return take(document);
}
