/* The mapping files under <root>/mappings: read at start, read again when they change, written
 * when stubs are to persist. JSON, or YAML with the same members; one stub a file, or many in
 * {"mappings":[…]}.
 *
 * Any thread may call any function. */
#ifndef EMPLOYEES_MOCK_MAPPING_FILES_H
#define EMPLOYEES_MOCK_MAPPING_FILES_H

#include "common/log.h"
#include "common/status.h"
#include "employees-mock/stub_store.h"

struct mapping_files;

struct mapping_files_settings {
    const char *folder; /* need not exist */
    const struct stub_rules *rules;
    const struct log *log;         /* what became of a change; may be NULL */
    const char *filename_template; /* of files that are written; NULL: "<name or id>-<id>.json" */
};

/* All text is copied, but for rules and log, which must outlive it. */
MUST_CHECK enum status mapping_files_open(const struct mapping_files_settings *settings,
                                          struct mapping_files **ret, struct why *why);
void mapping_files_close(struct mapping_files *f);

/* Puts the stubs of all files into the store. ST_BAD_INPUT: a file is broken, nothing is changed;
 * why->place is the file (and line), the words name the member. ST_CONFLICT: the same; two stubs
 * have one id. */
MUST_CHECK enum status mapping_files_load(struct mapping_files *f, struct stub_store *store,
                                          struct why *why);
/* Only those of the files stay. Fails as mapping_files_load. */
MUST_CHECK enum status mapping_files_reset(struct mapping_files *f, struct stub_store *store,
                                           struct why *why);

/* Watches the folder on a thread of its own: stubs of changed files are replaced, those of deleted
 * ones removed; while a file is broken, its old stubs stay and the log says why. */
MUST_CHECK enum status mapping_files_watch(struct mapping_files *f, struct stub_store *store,
                                           struct why *why);

void mapping_files_unwatch(struct mapping_files *f); /* NULL is accepted */

/* ---- what the admin API changes; only persistent stubs are written ---- */

/* ST_IO: it stays in the store, but its file can't be written. ST_UNSUPPORTED: so, too, as it came
 * from a file of many. */
MUST_CHECK enum status mapping_files_note(struct mapping_files *f, struct stub *s, struct why *why);
/* Before a stub takes the place of another in a store: it takes over its file. */
MUST_CHECK enum status mapping_files_inherit(struct mapping_files *f, struct stub *s,
                                             const struct stub *old, struct why *why);
void mapping_files_note_removed(struct mapping_files *f, const struct stub *s);

/* Writes a mapping that no store has to a file of that name. */
MUST_CHECK enum status mapping_files_write(struct mapping_files *f, const json_t *mapping,
                                           const char *name, struct why *why);

/* Writes every stub to a file of its own, and it is persistent from then on; what came from a file
 * of many is there already. ST_UNSUPPORTED: but that was edited since; all others are written. */
MUST_CHECK enum status mapping_files_save_all(struct mapping_files *f, struct stub_store *store,
                                              struct why *why);

#endif
