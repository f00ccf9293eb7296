/* The orders in which Java's maps and sets hand out their entries. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_MAP_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_MAP_H

#include "employees-mock/template/value.h"

/* The bucket in which a HashMap of so many entries keeps this key. Entries come bucket by bucket,
 * and within one as they were put in. */
uint32_t java_bucket(struct slice name, size_t count);

/* Distinct texts, as a HashSet that was filled in the present order. */
void java_set_sort(const char **texts, size_t count);

/* As a HashMap that was filled in the present order. */
void java_order_hash(struct value_map *map);

/* As a TreeMap with String.CASE_INSENSITIVE_ORDER. */
void java_order_nocase(struct value_map *map);

#endif
