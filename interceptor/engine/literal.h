/* A value written as each kind of data set has it, into the answer. */
#ifndef ENGINE_LITERAL_H
#define ENGINE_LITERAL_H

#include "interceptor/engine/batch.h"
#include "interceptor/engine/sink.h"
#include "interceptor/engine/value.h"

/* False: memory or the ceiling has ended, see sink.h. */
bool literal_write(struct sink *s, enum literal_style style, const struct value *v);

#endif
