#include "interceptor/engine/sql_stream.h"

enum status sql_protect(struct run *run, struct slice data_set, struct why *why)
{
    (void)run, (void)data_set;
    return fail(why, ST_UNSUPPORTED, "SQL data sets are not supported yet");
}
