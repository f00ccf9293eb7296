#include "interceptor/engine/suggest.h"

enum status suggest_manifest(enum data_set_type type, struct slice sample,
                             bool (*each)(void *ctx, const struct suggestion *s), void *ctx,
                             struct why *why)
{
    (void)type;
    (void)sample;
    (void)each;
    (void)ctx;
    return fail(why, ST_UNSUPPORTED, "proposals are not built yet");
}
