#include "interceptor/engine/path.h"

#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/selector.h"

static enum status bad(const struct path_reader *r, struct why *why, const char *words)
{
    return fail_at(why, ST_BAD_INPUT, r->path, "character %zu of the path: %s",
                   (size_t)(r->at - r->path) + 1, words);
}

enum status path_begin(struct path_reader *r, const char *path, char *room, struct why *why)
{
    size_t len = strlen(path);

    *r = (struct path_reader){.path = path, .at = path, .room = room};
    if (len == 0)
        return bad(r, why, "it is empty");
    if (len > SELECTOR_PATH_MAX)
        return fail_at(why, ST_TOO_LARGE, path, "a path of more than %d bytes", SELECTOR_PATH_MAX);
    if (codepoint_check(path, path + len) != path + len)
        return fail_at(why, ST_BAD_INPUT, "", "a path is not UTF-8");
    if (strncmp(path, "**.", 3) == 0) {
        r->any_depth = true;
        r->at += 3;
    }
    return ST_OK;
}

/* Letters, digits and whatever does not steer a path. */
static bool is_bare(char c)
{
    return c != '\0' && !strchr(".[]\"*@ \t\r\n", c);
}

static enum status read_quoted(struct path_reader *r, struct slice *ret, struct why *why)
{
    char *from = r->room + r->used;
    char *to = from;

    for (r->at++; *r->at != '"'; r->at++) {
        if (*r->at == '\\' && (r->at[1] == '"' || r->at[1] == '\\'))
            r->at++;
        else if (*r->at == '\\')
            return bad(r, why, "behind \\ only \" and \\ can stand");
        if (*r->at == '\0')
            return bad(r, why, "the closing quote is missing");
        *to++ = *r->at;
    }
    r->at++;
    r->used += (size_t)(to - from);
    *ret = (struct slice){from, (size_t)(to - from)};
    return ST_OK;
}

static enum status read_bare(struct path_reader *r, struct slice *ret, struct why *why)
{
    const char *from = r->at;

    if (*r->at == '@')
        r->at++;
    while (is_bare(*r->at))
        r->at++;
    if (r->at == from || (*from == '@' && r->at == from + 1))
        return bad(r, why, "a name is missing");
    *ret = (struct slice){from, (size_t)(r->at - from)};
    return ST_OK;
}

/* "$.name", as people know it from JSONPath, would hold nothing, and protect nothing. */
static bool is_jsonpath_root(const struct path_reader *r)
{
    return r->at == r->path && r->at[0] == '$' && !is_bare(r->at[1]);
}

static enum status read_name(struct path_reader *r, enum path_step_kind *ret,
                             struct slice *ret_name, struct why *why)
{
    *ret = *r->at == '@' ? PATH_XML_ATTRIBUTE : PATH_NAME;
    if (r->after_attribute)
        return bad(r, why, "an XML attribute must be the last step");
    if (is_jsonpath_root(r))
        return bad(r, why, "a path begins with a name, not with $ (a member so named is quoted)");
    r->after_attribute = *ret == PATH_XML_ATTRIBUTE;
    return *r->at == '"' ? read_quoted(r, ret_name, why) : read_bare(r, ret_name, why);
}

enum status path_next(struct path_reader *r, enum path_step_kind *ret, struct slice *ret_name,
                      struct why *why)
{
    bool first = r->at == r->path + (r->any_depth ? 3 : 0);

    if (*r->at == '\0' && !first) {
        *ret = PATH_END;
        return ST_OK;
    }
    if (r->at[0] == '[' && r->at[1] == ']' && !r->after_attribute) {
        r->at += 2;
        *ret = PATH_ITEMS;
        return ST_OK;
    }
    if (!first) {
        if (*r->at != '.')
            return bad(r, why, "\".\" or \"[]\" is expected");
        r->at++;
    }
    return read_name(r, ret, ret_name, why);
}
