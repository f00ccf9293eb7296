/* Two columns of text, wrapped and padded as WireMock prints its diffs. Private to diff.c. */
#ifndef EMPLOYEES_MOCK_DIFF_COLUMNS_H
#define EMPLOYEES_MOCK_DIFF_COLUMNS_H

#include "common/buf.h"

struct columns {
    struct buf *ret;
    size_t width; /* of both together; 119 unless asked otherwise */
};

void columns_header(const struct columns *c);
void columns_footer(const struct columns *c);
/* message.data NULL: none. Long texts go on over several lines. */
void columns_line(const struct columns *c, struct slice left, struct slice right,
                  struct slice message);
void columns_blank(const struct columns *c);

#endif
