/* XPath as the JDK's evaluates it over WireMock's documents, which know no namespaces: a name
 * without prefix stands for any element or attribute with that local name. Only a path of a single
 * descendant step without predicates ("//e") wants the whole name. Pure. */
#ifndef EMPLOYEES_MOCK_XPATH_LOCAL_H
#define EMPLOYEES_MOCK_XPATH_LOCAL_H

#include "common/buf.h"

#include <stdbool.h>

/* Appends the expression with each such name as *[local-name()='name']. What is no XPath stays
 * none. */
void xpath_local(struct slice expression, struct buf *ret);

/* Whether a name with a prefix stands in the expression ("p:a", not "self::a"). Java knows no
 * prefixes here, and such a name means nothing, which is no error. */
bool xpath_has_prefix(struct slice expression);

#endif
