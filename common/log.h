/* One line an event, as text or JSON, on a file descriptor (stderr for the servers).
 *
 *     log_write(log, LOG_INFO, "listening", LOG_TEXT("address", addr), LOG_NUMBER("port", port));
 *     2026-01-02T03:04:05.678Z info listening address=0.0.0.0:8443 port=8443
 *
 * Each line is one write(2) of at most 4096 bytes, so lines of several threads or processes do not
 * mix. Text that could break a line or a terminal is escaped: values with blanks stand in quotes,
 * control characters become \n or \x1b, bytes that are no UTF-8 \xff (JSON: \ufffd). A value longer
 * than 1024 bytes ends in "..."; fields that find no room are left out, and the line says cut=true.
 * No secret, token or value of somebody's data may be given. */
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

static inline struct log_field log_text_field(const char *name, const char *text)
{
    return (struct log_field){.name = name, .text = text ? text : ""};
}

#define LOG_TEXT(name_, text_) log_text_field((name_), (text_))
#define LOG_NUMBER(name_, number_)                                                                 \
    ((struct log_field){.name = (name_), .number = (long long)(number_)})

/* "error", "warn", "info", "debug". ST_BAD_INPUT for other words. */
MUST_CHECK enum status log_level_parse(const char *word, enum log_level *ret, struct why *why);

static inline bool log_wants(const struct log *log, enum log_level level)
{
    return log && level <= log->level;
}

/* Use log_write. `fields` may be NULL when count is 0; a NULL log is silent. */
void log_line(const struct log *log, enum log_level level, const char *event,
              const struct log_field *fields, size_t count);

/* log_write(log, level, event) or log_write(log, level, event, field, ...) with 12 at most: ISO C
 * can't drop the comma before no field, so the number of arguments chooses the form. */
#define log_write(log, level, ...)                                                                 \
    LOG_CHOOSE_(__VA_ARGS__, LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_,      \
                LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_, LOG_FIELDS_,      \
                LOG_FIELDS_, LOG_EVENT_, 0)                                                        \
    ((log), (level), __VA_ARGS__)

#define LOG_CHOOSE_(event, a, b, c, d, e, f, g, h, i, j, k, l, chosen, ...) chosen

#define LOG_EVENT_(log, level, event) log_line((log), (level), (event), NULL, 0)

#define LOG_FIELDS_(log, level, event, ...)                                                        \
    do {                                                                                           \
        if (log_wants((log), (level))) {                                                           \
            const struct log_field fields_[] = {__VA_ARGS__};                                      \
            log_line((log), (level), (event), fields_, sizeof fields_ / sizeof fields_[0]);        \
        }                                                                                          \
    } while (0)

#endif
