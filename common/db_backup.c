#include "common/db_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { STEPS_MAX = 50, WAIT_MS = 100 };

static enum status fail_file(const char *file, const char *what, struct why *why)
{
    return fail_at(why, ST_IO, file, "%s: %s", what, strerror(errno));
}

/* ---- pages ---- */

/* One step copies all: in WAL the reader that this is holds nobody up, and is not started anew by
 * those who write meanwhile. */
static int copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int result = SQLITE_BUSY;

    if (!backup)
        return sqlite3_errcode(to);
    for (int i = 0; i < STEPS_MAX && (result == SQLITE_BUSY || result == SQLITE_LOCKED); i++) {
        if (i > 0)
            sqlite3_sleep(WAIT_MS);
        result = sqlite3_backup_step(backup, -1);
    }
    sqlite3_backup_finish(backup);
    if (result != SQLITE_DONE)
        return result;
    /* The copy is one file, without a log beside it. */
    return sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

/* `file` is the name that the copy gets in the end, by which faults are told. */
static enum status copy_into(struct db *db, const char *part, const char *file, struct why *why)
{
    struct db copy = {.file = (char *)(uintptr_t)file};
    int result = sqlite3_open_v2(part, &copy.handle, SQLITE_OPEN_READWRITE, NULL);
    enum status st = ST_OK;

    if (result == SQLITE_OK)
        result = copy_pages(db->handle, copy.handle);
    if (!copy.handle)
        st = fail_memory(why);
    else if (result != SQLITE_OK)
        st = db_fail(&copy, result, why);
    sqlite3_close(copy.handle);
    return st;
}

/* ---- files ---- */

static enum status sync_path(const char *path, int flags, struct why *why)
{
    auto_fd int fd = open(path, flags | O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0)
        return fail_file(path, "can't be written to the disk", why);
    return ST_OK;
}

static enum status sync_folder_of(const char *file, struct why *why)
{
    const char *slash = strrchr(file, '/');
    auto_free char *folder = NULL;

    if (!slash)
        return sync_path(".", O_DIRECTORY, why);
    folder = slice_dup((struct slice){file, slash == file ? 1 : (size_t)(slash - file)});
    return folder ? sync_path(folder, O_DIRECTORY, why) : fail_memory(why);
}

/* The copy gets its name only when it is whole and on the disk; a file of that name is kept. */
static enum status publish(const char *part, const char *file, struct why *why)
{
    enum status st = sync_path(part, 0, why);

    if (st != ST_OK)
        return st;
    if (renameat2(AT_FDCWD, part, AT_FDCWD, file, RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            return fail_at(why, ST_CONFLICT, file, "exists already");
        return fail_file(file, "can't be made", why);
    }
    return sync_folder_of(file, why);
}

static enum status make_part(const char *file, char **ret, struct why *why)
{
    auto_buf struct buf name = BUF_INIT(4096);
    auto_fd int fd = -1;
    char *part;

    buf_printf(&name, "%s.XXXXXX", file);
    part = buf_take(&name, NULL);
    if (!part)
        return buf_status(&name, why);
    fd = mkstemp(part);
    if (fd < 0) {
        free(part);
        return fail_file(file, "can't be made", why);
    }
    *ret = part;
    return ST_OK;
}

enum status db_backup(struct db *db, const char *file, struct why *why)
{
    auto_free char *part = NULL;
    enum status st;

    if (access(file, F_OK) == 0)
        return fail_at(why, ST_CONFLICT, file, "exists already");
    st = make_part(file, &part, why);
    if (st != ST_OK)
        return st;
    st = copy_into(db, part, file, why);
    if (st == ST_OK)
        st = publish(part, file, why);
    if (st != ST_OK)
        unlink(part);
    return st;
}
