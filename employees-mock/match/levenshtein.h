/* How far two texts are apart, as WireMock's near misses weigh it. */
#ifndef EMPLOYEES_MOCK_LEVENSHTEIN_H
#define EMPLOYEES_MOCK_LEVENSHTEIN_H

#include "common/buf.h"

/* Edit distance by the length of the longer text: 0 (equal) to 1; of nothing from nothing NAN,
 * which to Java is 0/0. Counts Java's letters. Of texts longer than 2,000 only the beginning is
 * compared letter by letter. */
double levenshtein_normalised(struct slice a, struct slice b);

#endif
