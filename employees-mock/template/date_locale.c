#include "employees-mock/template/date_locale.h"

#include <string.h>

static const struct date_locale *find(struct slice name)
{
    for (const struct date_locale *l = date_locales; l->name; l++)
        if (slice_is(name, l->name))
            return l;
    return NULL;
}

const struct date_locale *date_locale_find(struct slice name)
{
    const struct date_locale *found = find(name);
    const char *mark = name.len > 0 ? memchr(name.data, '_', name.len) : NULL;

    if (name.len == 0)
        return &date_locales[0];
    if (!found && mark)
        found = find((struct slice){name.data, (size_t)(mark - name.data)});
    return found;
}

const char *date_period(const struct date_names *names, int hour, int minute)
{
    const char *name = "";

    if (minute == 0 && hour == 0 && names->midnight)
        return names->midnight;
    if (minute == 0 && hour == 12 && names->noon)
        return names->noon;
    for (size_t i = 0; i < DATE_PERIODS_MAX && names->periods[i].name; i++)
        if (names->periods[i].from_hour <= hour)
            name = names->periods[i].name;
    return name;
}
