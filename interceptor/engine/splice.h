/* Puts the new texts of holes into what a sink has written. */
#ifndef ENGINE_SPLICE_H
#define ENGINE_SPLICE_H

#include "interceptor/engine/batch.h"
#include "interceptor/engine/sink.h"

/* Holes stand in the order of their offsets. In place; only what they grow by is asked for. */
MUST_CHECK enum status splice_holes(struct sink *s, const struct batch *b, struct why *why);

#endif
