/* One line an event, as text or JSON, on a file descriptor (stderr for the servers).
 *
 *     log_write(log, LOG_INFO, "listening", LOG_TEXT("address", address), LOG_NUMBER("port", port));
 *     2026-01-02T03:04:05.678Z info listening address=0.0.0.0:8443 port=8443
 *
 * Each line is one write(2), so lines of several threads do not mix. No secret, token or value of
 * somebody's data may be given. */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_LEVELS };

struct log {
    int fd;
    enum log_level level; /* what is above it is left out */
    bool json;
};

struct log_field {
    const char *name;
    const char *text; /* NULL: `number` counts */
    long long number;
};

#define LOG_TEXT(name_, text_)     ((struct log_field){.name = (name_), .text = (text_) ? (text_) : ""})
#define LOG_NUMBER(name_, number_) ((struct log_field){.name = (name_), .number = (long long)(number_)})

/* "error", "warn", "info", "debug". ST_BAD_INPUT for other words. */
MUST_CHECK enum status log_level_parse(const char *word, enum log_level *ret, struct why *why);

static inline bool log_wants(const struct log *log, enum log_level level)
{
    return log && level <= log->level;
}

/* Use log_write. `fields` may be NULL when count is 0; a NULL log is silent. */
void log_line(const struct log *log, enum log_level level, const char *event,
              const struct log_field *fields, size_t count);

#define log_write(log, level, event, ...)                                                          \
    do {                                                                                           \
        if (log_wants((log), (level))) {                                                           \
            const struct log_field fields_[] = {{0}, ##__VA_ARGS__};                               \
            log_line((log), (level), (event), fields_ + 1, sizeof fields_ / sizeof fields_[0] - 1); \
        }                                                                                          \
    } while (0)

#endif
