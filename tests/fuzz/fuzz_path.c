#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/selector.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

/* Lines are paths of one manifest; walking by the last name of each must stay within the states. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = slice_dup((struct slice){(const char *)data, size});
    const char *paths[64];
    struct selector *s = NULL;
    char name[SELECTOR_PATH_MAX + 1];
    size_t count = 0;
    struct why why;
    char *rest = text;
    char *line;

    while (count < 64 && (line = strsep(&rest, "\n")))
        paths[count++] = line;
    for (int kind = SELECT_JSON; kind <= SELECT_XML; kind++) {
        uint32_t state = SELECTOR_START;

        if (selector_new(paths, count, (enum selector_kind)kind, &s, &why) != ST_OK)
            continue;
        for (size_t i = 0; i < count; i++) {
            struct slice step = {name, selector_last_name(paths[i], name)};

            state = selector_step_name(s, state, step, name_hash(selector_seed(s), step));
            if (selector_holds(s, state) >= (int32_t)count)
                abort();
            state = selector_step_items(s, state);
        }
        selector_free(s);
    }
    free(text);
    return 0;
}
