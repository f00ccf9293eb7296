#include "common/file.h"

#include "common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PIECE = 65536 };

static enum status fail_file(struct why *why, enum status st, const char *file, const char *what)
{
    return fail_at(why, st, file, "%s: %s", what, strerror(errno));
}

static ssize_t read_some(int fd, char *ret, size_t size)
{
    ssize_t got;

    do
        got = read(fd, ret, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* A byte beyond the ceiling tells a file that is too large from one that just fits. */
static enum status read_piece(int fd, const char *file, struct buf *ret, size_t *ret_got,
                              struct why *why)
{
    size_t left = ret->max - ret->len;
    char beyond;
    char *piece = left > 0 ? buf_reserve(ret, left < PIECE ? left : PIECE) : &beyond;
    ssize_t got;

    if (!piece)
        return fail_at(why, ret->failed, file, "%s", status_word(ret->failed));
    got = read_some(fd, piece, left == 0 ? 1 : left < PIECE ? left : PIECE);
    if (got < 0)
        return fail_file(why, ST_IO, file, "can't be read");
    if (got > 0 && left == 0)
        return fail_at(why, ST_TOO_LARGE, file, "has more than %zu bytes", ret->max);
    buf_advance(ret, (size_t)got);
    *ret_got = (size_t)got;
    return ST_OK;
}

enum status file_read(const char *file, struct buf *ret, struct why *why)
{
    auto_fd int fd = open(file, O_RDONLY | O_CLOEXEC);
    enum status st;
    size_t got = 0;

    if (fd < 0)
        return fail_file(why, errno == ENOENT ? ST_NOT_FOUND : ST_IO, file, "can't be opened");
    do
        st = read_piece(fd, file, ret, &got, why);
    while (st == ST_OK && got > 0);
    return st;
}
