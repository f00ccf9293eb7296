/* One pass over an SQL data set: INSERT and UPDATE statements, whose literals for protected columns
 * are replaced; every other byte stays. */
#ifndef ENGINE_SQL_STREAM_H
#define ENGINE_SQL_STREAM_H

#include "interceptor/engine/run.h"

MUST_CHECK enum status sql_protect(struct run *run, struct slice data_set, struct why *why);

#endif
