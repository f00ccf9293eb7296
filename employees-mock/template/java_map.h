/* The orders in which Java's maps hand out their entries. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_MAP_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_MAP_H

#include "employees-mock/template/value.h"

/* As a HashMap that was filled in the present order. */
void java_order_hash(struct value_map *map);

/* As a TreeMap with String.CASE_INSENSITIVE_ORDER. */
void java_order_nocase(struct value_map *map);

#endif
