#include "interceptor/engine/xml_stream.h"

enum status xml_protect(struct run *run, struct slice data_set, struct why *why)
{
    (void)run, (void)data_set;
    return fail(why, ST_UNSUPPORTED, "XML data sets are not supported yet");
}
