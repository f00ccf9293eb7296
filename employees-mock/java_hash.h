/* The hash of a text as Java has it, and the order in which its maps hand out their keys. Pure. */
#ifndef EMPLOYEES_MOCK_JAVA_HASH_H
#define EMPLOYEES_MOCK_JAVA_HASH_H

#include "common/buf.h"

#include <stdint.h>

/* String.hashCode(). */
int32_t java_hash(struct slice text);

/* The bucket in which a HashMap of so many entries keeps this key. Entries come bucket by bucket,
 * and within one as they were put in. */
uint32_t java_bucket(struct slice name, size_t count);

/* The same in a table of so many buckets; and how many a HashMap has that was made as a copy of one
 * with `copied` entries and now has `count`. */
uint32_t java_bucket_of(struct slice name, uint32_t buckets);
uint32_t java_buckets_of_copy(size_t copied, size_t count);

/* Distinct texts, as a HashSet that was filled in the present order. */
void java_set_sort(const char **texts, size_t count);

#endif
