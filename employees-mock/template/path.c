#include "employees-mock/template/node.h"

#include "employees-mock/template/java_number.h"

/* "[...]", without brackets within; 0: none. */
static size_t bracket_length(struct slice s)
{
    if (s.len == 0 || s.data[0] != '[')
        return 0;
    for (size_t i = 1; i < s.len && s.data[i] != '['; i++)
        if (s.data[i] == ']')
            return i > 1 ? i + 1 : 0;
    return 0;
}

/* The next part of a path: "[...]", "../" or a run without '.' and '/'. 0: what is here is only
 * a separator. */
static size_t part_length(struct slice s)
{
    size_t len = bracket_length(s);

    if (len > 0)
        return len;
    if (slice_starts(s, SLICE("../")))
        return 3;
    while (len < s.len && s.data[len] != '.' && s.data[len] != '/')
        len++;
    return len;
}

static struct step named_step(struct slice part, bool data)
{
    struct step step = {STEP_NAME, part, 0};

    if (part.data[0] == '[' && part.data[part.len - 1] == ']' && part.len > 2)
        step.name = (struct slice){part.data + 1, part.len - 2};
    if (java_parse_int(step.name, &step.index))
        step.type = STEP_INDEX;
    else if (data)
        step.type = STEP_DATA;
    return step;
}

static size_t parse_parts(struct slice text, struct step *steps)
{
    size_t count = 0;
    bool data = false;

    while (text.len > 0) {
        size_t len = part_length(text);
        struct slice part = {text.data, len};

        if (slice_is(part, "this"))
            steps[count++] = (struct step){STEP_THIS, part, 0};
        else if (slice_is(part, "../"))
            steps[count++] = (struct step){STEP_OUTER, part, 0};
        else if (slice_is(part, "@"))
            data = true;
        else if (len > 0 && part.data[0] == '@')
            steps[count++] = (struct step){STEP_DATA, {part.data + 1, len - 1}, 0};
        else if (len > 0)
            steps[count++] = named_step(part, data);
        text.data += len ? len : 1;
        text.len -= len ? len : 1;
    }
    return count;
}

/* Leading "../" and "./" are steps of their own. */
static size_t parse_steps(struct slice text, struct step *steps)
{
    size_t count = 0;

    for (;;) {
        if (slice_is(text, "this") || slice_is(text, "./") || slice_is(text, ".")) {
            steps[count++] = (struct step){STEP_ITSELF, text, 0};
            return count;
        }
        if (slice_is(text, "..")) {
            steps[count++] = (struct step){STEP_OUTER_ITSELF, text, 0};
            return count;
        }
        if (slice_starts(text, SLICE("../"))) {
            steps[count++] = (struct step){STEP_OUTER, {text.data, 3}, 0};
            text = slice_from(text, 3);
        } else if (slice_starts(text, SLICE("./"))) {
            steps[count++] = (struct step){STEP_THIS, {text.data, 2}, 0};
            text = slice_from(text, 2);
        } else {
            return count + parse_parts(text, steps + count);
        }
    }
}

/* No path has more steps than this. */
static size_t most_steps(struct slice text)
{
    size_t most = 2;

    for (size_t i = 0; i < text.len; i++)
        most += strchr("./[]@", text.data[i]) != NULL;
    return most;
}

const struct path *path_parse(struct arena *a, struct slice text)
{
    struct path *path = arena_new(a, struct path);
    struct slice copy = arena_copy(a, text);
    struct step *steps = arena_array(a, most_steps(text), sizeof *steps);

    if (!path || !steps || a->failed != ST_OK)
        return NULL;
    path->text = copy;
    path->steps = steps;
    path->count = parse_steps(copy, steps);
    if (path->count == 0)
        steps[path->count++] = (struct step){STEP_NAME, copy, 0};
    return path;
}
