#include "employees-mock/match/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include "common/utf8.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/regex_behind.h"
#include "employees-mock/match/regex_java.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

/* A regular expression that needs more steps than this is a catastrophic one: about 0.2 s. JIT
 * counts coarser than the interpreter, so it is bounded by the same limit at least. */
enum { MATCH_LIMIT = 5000000, DEPTH_LIMIT = 20000, HEAP_LIMIT_KIB = 64 * 1024 };
enum { PATTERN_MAX = 256 * 1024, TEXT_MAX = 512 * 1024 * 1024, LITERAL_MAX = 256 };

struct regex {
    pcre2_code *find;  /* anywhere */
    pcre2_code *whole; /* the same, anchored at both ends */
    pcre2_match_context *limits;
    uint32_t groups;
    bool literal; /* the pattern is plain text: it equals `prefix` */
    char prefix[LITERAL_MAX];
    size_t prefix_len;
};

void regex_free(struct regex *re)
{
    if (!re)
        return;
    pcre2_code_free(re->find);
    pcre2_code_free(re->whole);
    pcre2_match_context_free(re->limits);
    free(re);
}

static enum status compile(struct slice pcre, uint32_t options, struct slice java, pcre2_code **ret,
                           struct why *why)
{
    int code;
    PCRE2_SIZE offset;

    pcre2_compile_context *context = pcre2_compile_context_create(NULL);

    if (!context)
        return fail_memory(why);
    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX); /* \u{1F600} */
    *ret = pcre2_compile((PCRE2_SPTR)(pcre.data ? pcre.data : ""), pcre.len, options, &code,
                         &offset, context);
    pcre2_compile_context_free(context);
    if (*ret) {
        pcre2_jit_compile(*ret, PCRE2_JIT_COMPLETE); /* without JIT it is interpreted */
        return ST_OK;
    }
    if (code == PCRE2_ERROR_HEAP_FAILED)
        return fail_memory(why);
    regex_java_reason(code, offset, java, why);
    return ST_BAD_INPUT;
}

/* The plain bytes at the beginning, which an index may use: no alternative may stand outside of
 * groups, and what is quantified does not count. */
static void find_prefix(struct regex *re, struct slice java)
{
    size_t len = 0;
    bool more = false;

    if (memchr(java.data, '|', java.len) || (java.len > 1 && memcmp(java.data, "(?", 2) == 0))
        return;
    for (size_t i = java.len > 0 && java.data[0] == '^'; i < java.len && len < sizeof re->prefix;
         i++) {
        char c = java.data[i];

        if (c == '\\' && i + 1 < java.len && !memchr("\\^$.|?*+()[]{}/-", java.data[i + 1], 17))
            more = true;
        else if (c == '\\' && i + 1 < java.len)
            c = java.data[++i];
        else if (memchr("^$.|?*+()[]{}\\", c, 14))
            more = true;
        if (more) {
            if (memchr("?*{", c, 3) && len > 0)
                len--; /* the last one may be missing */
            while (len > 0 && memchr("?*{", c, 3) &&
                   ((unsigned char)re->prefix[len] & 0xC0) == 0x80)
                len--;
            break;
        }
        re->prefix[len++] = c;
    }
    re->prefix_len = len;
    re->literal = !more && len < sizeof re->prefix;
}

/* java: what is compiled; pattern: what was asked for, of which a refusal tells. */
static enum status compile_both(struct regex *re, struct slice java, struct slice pattern,
                                uint32_t options, struct why *why)
{
    auto_buf struct buf pcre = BUF_INIT(4 * PATTERN_MAX);
    enum status st = regex_java_translate(java, &pcre, why);

    if (st == ST_OK)
        st = compile(buf_slice(&pcre), options, pattern, &re->find, why);
    return st == ST_OK ? compile(buf_slice(&pcre), options | PCRE2_ANCHORED | PCRE2_ENDANCHORED,
                                 pattern, &re->whole, why)
                       : st;
}

enum status regex_compile(struct slice pattern, unsigned flags, struct regex **ret, struct why *why)
{
    auto_regex struct regex *re = calloc(1, sizeof *re);
    auto_buf struct buf fixed = BUF_INIT(PATTERN_MAX);
    uint32_t options = PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_NEVER_BACKSLASH_C;
    enum status st;

    if (!re)
        return fail_memory(why);
    if (pattern.len > PATTERN_MAX)
        return fail(why, ST_BAD_INPUT, "the regular expression is longer than %d bytes",
                    PATTERN_MAX);
    if (!utf8_valid(pattern))
        return fail(why, ST_BAD_INPUT, "the regular expression is not UTF-8");
    if (flags & REGEX_ANY_CASE)
        options |= PCRE2_CASELESS;
    if (flags & REGEX_DOTALL)
        options |= PCRE2_DOTALL;
    st = compile_both(re, pattern, pattern, options, why);
    if (st == ST_BAD_INPUT && memmem(pattern.data, pattern.len, "(?<", 3) &&
        regex_behind_rewrite(pattern, &fixed))
        st = compile_both(re, buf_slice(&fixed), pattern, options, why);
    if (st != ST_OK)
        return st;
    re->limits = pcre2_match_context_create(NULL);
    if (!re->limits)
        return fail_memory(why);
    pcre2_set_match_limit(re->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(re->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(re->limits, HEAP_LIMIT_KIB);
    pcre2_pattern_info(re->find, PCRE2_INFO_CAPTURECOUNT, &re->groups);
    if (!(flags & REGEX_ANY_CASE))
        find_prefix(re, pattern);
    *ret = take(re);
    return ST_OK;
}

struct slice regex_literal_prefix(const struct regex *re)
{
    return (struct slice){re->prefix, re->prefix_len};
}

size_t regex_group_count(const struct regex *re)
{
    return re->groups;
}

static void fill(const pcre2_match_data *data, int count, const struct regex *re, struct slice text,
                 struct regex_found *found)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer((pcre2_match_data *)data);

    found->count = re->groups + 1 < REGEX_GROUPS_MAX ? re->groups + 1 : REGEX_GROUPS_MAX;
    for (size_t i = 0; i < found->count; i++) {
        bool took_part = (int)i < count && at[2 * i] != PCRE2_UNSET;

        found->groups[i] = took_part
                               ? (struct slice){text.data + at[2 * i], at[2 * i + 1] - at[2 * i]}
                               : (struct slice){NULL, 0};
    }
}

static enum status run(const struct regex *re, const pcre2_code *code, struct slice text,
                       size_t from, struct regex_found *found, bool *ret, struct why *why)
{
    pcre2_match_data *data;
    int count;

    if (text.len > TEXT_MAX)
        return fail(why, ST_TOO_LARGE, "the text is too long for a regular expression");
    data = pcre2_match_data_create_from_pattern(code, NULL);
    if (!data)
        return fail_memory(why);
    count = pcre2_match(code, (PCRE2_SPTR)(text.data ? text.data : ""), text.len, from, 0, data,
                        re->limits);
    if (count > 0 && found)
        fill(data, count, re, text, found);
    pcre2_match_data_free(data);
    if (count > 0 || count == PCRE2_ERROR_NOMATCH) {
        *ret = count > 0;
        return ST_OK;
    }
    if (count == PCRE2_ERROR_NOMEMORY)
        return fail_memory(why);
    if (count == PCRE2_ERROR_MATCHLIMIT || count == PCRE2_ERROR_DEPTHLIMIT ||
        count == PCRE2_ERROR_HEAPLIMIT || count == PCRE2_ERROR_JIT_STACKLIMIT)
        return fail(why, ST_TIMEOUT, "the regular expression needs more work than is allowed");
    return fail(why, ST_BAD_INPUT, "the regular expression failed (%d)", count);
}

/* The text with what is no UTF-8 replaced, in `space` if need be. */
static struct slice clean(struct slice text, struct buf *space)
{
    if (utf8_valid(text))
        return text;
    charset_decode(CHARSET_UTF_8, text, space);
    return buf_slice(space);
}

enum status regex_matches(const struct regex *re, struct slice text, bool *ret, struct why *why)
{
    auto_buf struct buf space = BUF_INIT(2 * (size_t)TEXT_MAX);

    if (re->literal) {
        *ret = slice_equal(text, regex_literal_prefix(re));
        return ST_OK;
    }
    if (re->prefix_len > 0 && !slice_starts(text, regex_literal_prefix(re))) {
        *ret = false;
        return ST_OK;
    }
    return run(re, re->whole, clean(text, &space), 0, NULL, ret, why);
}

enum status regex_find(const struct regex *re, struct slice text, size_t from,
                       struct regex_found *found, bool *ret, struct why *why)
{
    if (!utf8_valid(text))
        return fail(why, ST_BAD_INPUT, "the text is not UTF-8");
    return run(re, re->find, text, from, found, ret, why);
}
