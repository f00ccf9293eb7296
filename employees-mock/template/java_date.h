/* Dates as Java prints and reads them: WireMock's RenderableDate, SimpleDateFormat (what `format=`
 * of now and date means) and DateTimeFormatter (parseDate and dateFormat), with English names.
 *
 * A compiled pattern serves both; it is immutable. Instants are milliseconds since
 * 1970-01-01T00:00:00Z. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_DATE_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_DATE_H

#include "common/buf.h"
#include "common/status.h"
#include "employees-mock/template/java_zone.h"

#include <stdint.h>

struct date_names;
struct java_pattern;
struct value_date;

/* ST_BAD_INPUT: an unfinished quote; why->text is Java's exception. Whether each letter is one of
 * SimpleDateFormat or of DateTimeFormatter is checked by the calls below. */
MUST_CHECK enum status java_pattern_compile(struct slice pattern, struct java_pattern **ret,
                                            struct why *why);
void java_pattern_free(struct java_pattern *p);

/* As SimpleDateFormat.format(). ST_BAD_INPUT: not a pattern of its, why->text is the exception. */
MUST_CHECK enum status java_date_format_simple(const struct java_pattern *p, int64_t ms,
                                               const struct java_zone *zone, struct buf *ret,
                                               struct why *why);

/* As DateTimeFormatter.format(), with the names of a language. */
MUST_CHECK enum status java_date_format(const struct java_pattern *p, int64_t ms,
                                        const struct java_zone *zone,
                                        const struct date_names *names, struct buf *ret,
                                        struct why *why);

struct java_moment {
    int64_t ms;
    const struct java_zone *zone; /* NULL: the text has none, UTC was taken */
};

/* As WireMock's DateTimeParser.parseDate() by a pattern: what the text lacks becomes the first
 * (month, day) or zero (time). ST_NOT_FOUND: the text does not fit. ST_BAD_INPUT: not a pattern
 * of DateTimeFormatter, or date and zone do not make an instant; why->text is the exception. */
MUST_CHECK enum status java_date_parse(const struct java_pattern *p, struct slice text,
                                       struct java_moment *ret, struct why *why);

/* By the formats that parseDate tries without a pattern: ISO 8601 with a zone, RFC 1123, RFC 1036,
 * asctime. ST_NOT_FOUND: none fits. */
MUST_CHECK enum status java_date_parse_known(struct slice text, struct java_moment *ret);

/* "yyyy-MM-dd'T'HH:mm:ss" with "Z" or "+hh:mm"; zone NULL: UTC. */
void java_date_write_iso(int64_t ms, const struct java_zone *zone, struct buf *ret);

/* Whether SimpleDateFormat takes the pattern. ST_BAD_INPUT: why->text is the exception. */
MUST_CHECK enum status java_date_check_simple(const struct java_pattern *p, struct why *why);

/* What RenderableDate.toString() gives. */
void java_date_render(const struct value_date *date, struct buf *ret);

/* WireMock's DateTimeOffset: "3 days", "-24 seconds", "now +1 months", counted in UTC.
 * ST_BAD_INPUT: why->text is the exception. */
MUST_CHECK enum status java_date_shift(int64_t *ms, struct slice offset, struct why *why);

/* WireMock's DateTimeTruncation ("first day of month", in any case) in a zone. ST_BAD_INPUT: none
 * of these; why->text is the exception. */
MUST_CHECK enum status java_date_truncate(int64_t *ms, const struct java_zone *zone,
                                          struct slice truncation, struct why *why);

#endif
