#include "employees-mock/whole_file.h"

#include "common/cleanup.h"
#include "common/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum status whole_file_write(const char *path, const char *name, struct slice content,
                             struct why *why)
{
    const char *slash = strrchr(path, '/');
    char beside[PATH_MAX]; /* not the name with more behind it, which may be too long */
    char id[UUID_SIZE];
    auto_fd int fd = -1;

    uuid_make(id);
    if (snprintf(beside, sizeof beside, "%.*s%s.part", slash ? (int)(slash + 1 - path) : 0, path,
                 id) >= (int)sizeof beside)
        return fail(why, ST_TOO_LARGE, "the name is too long");
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(why, ST_IO, "%s: %s", name, strerror(errno));
    while (content.len > 0) {
        ssize_t put = write(fd, content.data, content.len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            unlink(beside);
            return fail(why, ST_IO, "%s: %s", name, strerror(errno));
        }
        content.data += put;
        content.len -= (size_t)put;
    }
    if (rename(beside, path) != 0) {
        unlink(beside);
        return fail(why, ST_IO, "%s: %s", name, strerror(errno));
    }
    return ST_OK;
}
