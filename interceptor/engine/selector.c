/* A trie of all paths, with the failure links of Aho and Corasick (1975) among those of any depth:
 * a state is the longest beginning of a path that the names so far end with. */
#include "interceptor/engine/selector.h"

#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/path.h"

#include <openssl/rand.h>
#include <stdbool.h>

/* The root of paths at any depth is a state of its own; the start falls back to it. */
enum { STATE_ANYWHERE = 2, FIRST_FREE_STATE = 3 };

/* Paths from the top fall back to paths at any depth of as many steps, so these have to be linked
 * before them: the start counts as one level more. */
enum { START_DEPTH = 1 };

struct node {
    uint32_t fallback; /* where to look on when the name leads nowhere from here */
    uint32_t items;    /* the state of "[]", or 0 */
    uint32_t depth;
    uint32_t parent;
    int32_t path; /* the path that ends here */
    int32_t holds;
    struct slice name; /* the last step; of items {NULL, 0} */
};

/* A way from a state by a name. */
struct way {
    uint64_t hash;
    uint32_t from;
    uint32_t to;
    struct slice name;
};

struct selector {
    struct node *nodes;
    uint32_t count;
    struct way *ways; /* open addressing; to == 0: free */
    uint32_t mask;
    uint64_t seed;
    char *names;
    int32_t *first; /* by path */
    bool has_anywhere;
};

uint64_t selector_seed(const struct selector *s)
{
    return s->seed;
}

static uint32_t way_slot(const struct selector *s, uint32_t from, uint64_t hash)
{
    return (uint32_t)((hash ^ from * 0x9e3779b97f4a7c15u) >> 16) & s->mask;
}

/* The state that a name leads to from this very state, or 0. */
static uint32_t find_way(const struct selector *s, uint32_t from, struct slice name, uint64_t hash)
{
    for (uint32_t at = way_slot(s, from, hash);; at = (at + 1) & s->mask) {
        const struct way *way = &s->ways[at];

        if (way->to == 0)
            return 0;
        if (way->hash == hash && way->from == from && slice_equal(way->name, name))
            return way->to;
    }
}

uint32_t selector_step_name(const struct selector *s, uint32_t state, struct slice name,
                            uint64_t hash)
{
    for (; state != SELECTOR_DEAD; state = s->nodes[state].fallback) {
        uint32_t to = find_way(s, state, name, hash);

        if (to)
            return to;
    }
    return s->has_anywhere ? STATE_ANYWHERE : SELECTOR_DEAD;
}

uint32_t selector_step_items(const struct selector *s, uint32_t state)
{
    for (; state != SELECTOR_DEAD; state = s->nodes[state].fallback) {
        if (s->nodes[state].items)
            return s->nodes[state].items;
    }
    return s->has_anywhere ? STATE_ANYWHERE : SELECTOR_DEAD;
}

int32_t selector_first(const struct selector *s, int32_t path)
{
    return s->first[path];
}

int32_t selector_holds(const struct selector *s, uint32_t state)
{
    return s->nodes[state].holds;
}

static uint32_t new_node(struct selector *s, uint32_t parent, struct slice name)
{
    s->nodes[s->count] = (struct node){.depth = s->nodes[parent].depth + 1,
                                       .parent = parent,
                                       .path = SELECTOR_NONE,
                                       .holds = SELECTOR_NONE,
                                       .name = name};
    return s->count++;
}

static uint32_t add_name(struct selector *s, uint32_t from, struct slice name)
{
    uint64_t hash = name_hash(s->seed, name);
    uint32_t to = find_way(s, from, name, hash);
    uint32_t at = way_slot(s, from, hash);

    if (to)
        return to;
    while (s->ways[at].to)
        at = (at + 1) & s->mask;
    to = new_node(s, from, name);
    s->ways[at] = (struct way){hash, from, to, name};
    return to;
}

static uint32_t add_items(struct selector *s, uint32_t from)
{
    if (!s->nodes[from].items)
        s->nodes[from].items = new_node(s, from, (struct slice){NULL, 0});
    return s->nodes[from].items;
}

/* Adds the steps of a path to the trie; *ret is the state it ends in. */
static enum status add_steps(struct selector *s, struct path_reader *r, enum selector_kind kind,
                             uint32_t *ret, struct why *why)
{
    uint32_t state = r->any_depth ? STATE_ANYWHERE : SELECTOR_START;
    enum path_step_kind step;
    struct slice name;

    for (size_t steps = 0;; steps++) {
        enum status st = path_next(r, &step, &name, why);

        if (st != ST_OK)
            return st;
        if (step == PATH_END)
            break;
        if (steps == SELECTOR_STEPS_MAX)
            return fail_at(why, ST_TOO_LARGE, r->path, "more than %d steps", SELECTOR_STEPS_MAX);
        if (step != PATH_ITEMS)
            state = add_name(s, state, name);
        else if (kind == SELECT_JSON)
            state = add_items(s, state);
    }
    *ret = state;
    return ST_OK;
}

static enum status add_path(struct selector *s, const char *path, int32_t index, char **room,
                            enum selector_kind kind, struct why *why)
{
    struct path_reader r;
    uint32_t state = SELECTOR_DEAD;
    size_t size = strlen(path) + 1;
    char *copy = *room;
    enum status st;

    memcpy(copy, path, size);
    st = path_begin(&r, copy, copy + size, why);
    if (st == ST_OK)
        st = add_steps(s, &r, kind, &state, why);
    if (st != ST_OK)
        return st;
    *room += 2 * size;
    s->has_anywhere |= r.any_depth;
    if (s->nodes[state].path == SELECTOR_NONE)
        s->nodes[state].path = index;
    else if (kind == SELECT_JSON)
        return fail_at(why, ST_BAD_INPUT, path, "the path is given twice");
    s->first[index] = s->nodes[state].path;
    return ST_OK;
}

static uint32_t step_of(const struct selector *s, uint32_t node, uint32_t from)
{
    struct slice name = s->nodes[node].name;

    if (!name.data)
        return selector_step_items(s, from);
    return selector_step_name(s, from, name, name_hash(s->seed, name));
}

/* Nodes stand behind their parents, but not in order of depth, which the links need. */
static void link_level(struct selector *s, uint32_t depth)
{
    for (uint32_t i = FIRST_FREE_STATE; i < s->count; i++) {
        struct node *n = &s->nodes[i];

        if (n->depth != depth)
            continue;
        n->fallback = s->has_anywhere ? step_of(s, i, s->nodes[n->parent].fallback) : SELECTOR_DEAD;
        n->holds = n->path != SELECTOR_NONE ? n->path : s->nodes[n->fallback].holds;
    }
}

static void link_all(struct selector *s)
{
    s->nodes[SELECTOR_START].fallback = s->has_anywhere ? STATE_ANYWHERE : SELECTOR_DEAD;
    for (uint32_t depth = 1; depth <= START_DEPTH + SELECTOR_STEPS_MAX; depth++)
        link_level(s, depth);
}

/* Room for `steps` states beside the fixed ones; names and their copies take two bytes a byte. */
static enum status reserve(struct selector *s, size_t paths, size_t steps, size_t bytes,
                           struct why *why)
{
    size_t slots = 16;

    while (slots < steps * 2)
        slots *= 2;
    s->nodes = calloc(steps + FIRST_FREE_STATE, sizeof *s->nodes);
    s->ways = calloc(slots, sizeof *s->ways);
    s->names = malloc(2 * bytes + 1);
    s->first = calloc(paths + 1, sizeof *s->first);
    if (!s->nodes || !s->ways || !s->names || !s->first)
        return fail_memory(why);
    s->mask = (uint32_t)slots - 1;
    s->count = FIRST_FREE_STATE;
    for (uint32_t i = 0; i < FIRST_FREE_STATE; i++)
        s->nodes[i].path = s->nodes[i].holds = SELECTOR_NONE;
    s->nodes[SELECTOR_START].depth = START_DEPTH;
    if (RAND_bytes((unsigned char *)&s->seed, sizeof s->seed) != 1)
        return fail(why, ST_INTERNAL, "no random bytes");
    return ST_OK;
}

/* Each step but the first begins with a dot or a bracket. */
static size_t steps_at_most(const char *path)
{
    size_t steps = 1;

    for (; *path; path++)
        steps += *path == '.' || *path == '[';
    return steps;
}

enum status selector_new(const char *const paths[], size_t count, enum selector_kind kind,
                         struct selector **ret, struct why *why)
{
    auto_selector struct selector *s = calloc(1, sizeof *s);
    size_t steps = 0, bytes = 0;
    enum status st;
    char *room;

    if (!s)
        return fail_memory(why);
    if (count > SELECTOR_PATHS_MAX)
        return fail(why, ST_TOO_LARGE, "more than %d paths", SELECTOR_PATHS_MAX);
    for (size_t i = 0; i < count; i++) {
        steps += steps_at_most(paths[i]);
        bytes += strlen(paths[i]) + 1;
    }
    st = reserve(s, count, steps, bytes, why);
    room = s->names;
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = add_path(s, paths[i], (int32_t)i, &room, kind, why);
    if (st != ST_OK)
        return st;
    link_all(s);
    *ret = take(s);
    return ST_OK;
}

void selector_free(struct selector *s)
{
    if (!s)
        return;
    free(s->nodes);
    free(s->ways);
    free(s->names);
    free(s->first);
    free(s);
}

enum status selector_check_path(const char *path, struct why *why)
{
    auto_selector struct selector *s = NULL;

    return selector_new(&path, 1, SELECT_JSON, &s, why);
}

size_t selector_last_name(const char *path, char ret[SELECTOR_PATH_MAX + 1])
{
    char room[SELECTOR_PATH_MAX + 1];
    struct path_reader r;
    enum path_step_kind step = PATH_NAME;
    struct slice name, last = {"", 0};

    ret[0] = '\0';
    if (path_begin(&r, path, room, NULL) != ST_OK)
        return 0;
    while (step != PATH_END) {
        if (path_next(&r, &step, &name, NULL) != ST_OK)
            return 0;
        if (step == PATH_NAME || step == PATH_XML_ATTRIBUTE)
            last = name;
    }
    if (last.len > 0 && last.data[0] == '@')
        last = slice_from(last, 1);
    memcpy(ret, last.data, last.len);
    ret[last.len] = '\0';
    return last.len;
}
