#include "employees-mock/template/java_zone.h"

#include "employees-mock/template/tzif.h"
#include "employees-mock/template/zone_offset.h"

#include <ctype.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct java_zone {
    char *id;
    int offset_s; /* fixed zones */
    char abbreviation[12];
    struct tzif *rules; /* NULL: fixed */
    struct java_zone *next;
};

enum { ZONES_MAX = 2000 }; /* offsets are many; there are about 600 regions */

static struct java_zone utc = {.id = (char[]){"Z"}, .abbreviation = "UTC"};
static struct java_zone *known;
static size_t known_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

const struct java_zone *java_zone_utc(void)
{
    return &utc;
}

struct slice java_zone_id(const struct java_zone *z)
{
    return slice_of(z->id);
}

/* ---- names ---- */

/* How many of its letters stand before an offset: "UTC+1", "GMT", "UT-01:30"; -1: other names. */
static int offset_place(struct slice name)
{
    static const char *const prefixes[] = {"UTC", "GMT", "UT"};

    if (name.len <= 1 || name.data[0] == '+' || name.data[0] == '-')
        return 0;
    for (size_t i = 0; i < 3; i++) {
        size_t len = strlen(prefixes[i]);

        if (slice_starts(name, slice_of(prefixes[i])))
            return name.len == len || strchr("+-", name.data[len]) ? (int)len : -1;
    }
    return -1;
}

/* *ret_id is how Java prints the zone. */
static enum status read_fixed(struct slice name, int place, int *ret_offset, char ret_id[24],
                              struct why *why)
{
    struct slice rest = {name.data + place, name.len - (size_t)place};
    char offset[ZONE_OFFSET_SIZE];
    enum status st = ST_OK;

    *ret_offset = 0;
    if (rest.len > 0 || place == 0)
        st = zone_offset_read(rest, ret_offset, why);
    if (st != ST_OK)
        return place == 0 ? st
                          : fail(why, ST_BAD_INPUT,
                                 "java.time.DateTimeException: Invalid ID for offset-based ZoneId: "
                                 "%.*s",
                                 name.len > 100 ? 100 : (int)name.len, name.data);
    zone_offset_write(*ret_offset, offset);
    if (place == 0)
        snprintf(ret_id, 24, "%s", *ret_offset ? offset : "Z");
    else
        snprintf(ret_id, 24, "%.*s%s", place, name.data, *ret_offset ? offset : "");
    return ST_OK;
}

static bool is_region(struct slice name)
{
    if (name.len < 2 || name.len > 60 || !isalpha((unsigned char)name.data[0]))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.data[i]) && !strchr("/_+-", name.data[i]))
            return false;
    return true;
}

/* ---- the list of known zones ---- */

static struct java_zone *find_known(struct slice id)
{
    struct java_zone *z = known;

    while (z && !slice_is(id, z->id))
        z = z->next;
    return z;
}

static struct java_zone *keep(struct slice id, int offset_s, struct tzif *rules)
{
    struct java_zone *z = known_count < ZONES_MAX ? calloc(1, sizeof *z) : NULL;

    if (z)
        z->id = slice_dup(id);
    if (!z || !z->id) {
        free(z);
        tzif_free(rules);
        return NULL;
    }
    z->offset_s = offset_s;
    z->rules = rules;
    snprintf(z->abbreviation, sizeof z->abbreviation, "%s", z->id);
    if (z->abbreviation[0] == 'Z' || strcmp(z->abbreviation, "UT") == 0)
        snprintf(z->abbreviation, sizeof z->abbreviation, "UTC");
    z->next = known;
    known = z;
    known_count++;
    return z;
}

/* What the system's database has and Java's does not. */
static bool is_not_in_java(struct slice name)
{
    static const char *const names[] = {"EST",     "HST",       "MST",       "ROC",
                                        "Factory", "localtime", "posixrules"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_is(name, names[i]))
            return true;
    return slice_starts(name, SLICE("posix/")) || slice_starts(name, SLICE("right/"));
}

static enum status find_locked(struct slice name, const struct java_zone **ret, struct why *why)
{
    char id[24];
    int offset_s;
    int place = offset_place(name);
    struct java_zone *z = find_known(name);
    struct tzif *rules = NULL;

    if (!z && place >= 0) {
        enum status st = read_fixed(name, place, &offset_s, id, why);

        if (st != ST_OK)
            return st;
        z = find_known(slice_of(id));
        if (!z)
            z = keep(slice_of(id), offset_s, NULL);
    } else if (!z && is_region(name)) {
        rules = is_not_in_java(name) ? NULL : tzif_load(name);
        if (!rules)
            return fail(why, ST_BAD_INPUT,
                        "java.time.zone.ZoneRulesException: Unknown time-zone ID: %.*s",
                        (int)name.len, name.data);
        z = keep(name, 0, rules);
    } else if (!z) {
        return fail(why, ST_BAD_INPUT,
                    "java.time.DateTimeException: Invalid ID for region-based ZoneId, invalid "
                    "format: %.*s",
                    name.len > 100 ? 100 : (int)name.len, name.data);
    }
    if (!z)
        return fail_memory(why);
    *ret = z;
    return ST_OK;
}

enum status java_zone_find(struct slice name, const struct java_zone **ret, struct why *why)
{
    enum status st;

    pthread_mutex_lock(&lock);
    st = find_locked(name, ret, why);
    pthread_mutex_unlock(&lock);
    return st;
}

const struct java_zone *java_zone_fixed(int offset_s)
{
    const struct java_zone *z = NULL;
    char id[ZONE_OFFSET_SIZE];

    zone_offset_write(offset_s, id);
    return java_zone_find(slice_of(offset_s ? id : "Z"), &z, NULL) == ST_OK ? z : NULL;
}

/* ---- names of TimeZone ---- */

static const struct {
    const char *name;
    const char *zone;
} short_names[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"EST", "-05:00"},
    {"HST", "-10:00"},
    {"IET", "America/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"MST", "-07:00"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
};

/* "GMT+1", "GMT+0130", "GMT+1:30": hours up to 23. */
static bool is_custom(struct slice name)
{
    size_t colon = 0;
    size_t digits = 0;

    if (name.len < 5 || !slice_starts(name, SLICE("GMT")) || !strchr("+-", name.data[3]))
        return false;
    for (size_t i = 4; i < name.len; i++) {
        if (name.data[i] == ':' && !colon)
            colon = i;
        else if (isdigit((unsigned char)name.data[i]))
            digits++;
        else
            return false;
    }
    return colon ? name.len == colon + 3 && colon <= 6 && digits > 2 : digits <= 4;
}

/* ZoneId reads what TimeZone has made of it: "GMT+01:30". */
static struct slice normal_form(struct slice name, char ret[24])
{
    int number = 0;
    int hours;
    bool colon = memchr(name.data, ':', name.len) != NULL;

    for (size_t i = 4; i < name.len; i++)
        if (name.data[i] != ':')
            number = number * 10 + name.data[i] - '0';
    hours = colon || name.len > 6 ? number / 100 : number;
    snprintf(ret, 24, "GMT%c%02d:%02d", name.data[3], hours,
             colon || name.len > 6 ? number % 100 : 0);
    return slice_of(ret);
}

const struct java_zone *java_zone_old(struct slice name)
{
    const struct java_zone *zone = NULL;
    char custom[24];
    bool known_form = is_region(name) &&
                      (memchr(name.data, '/', name.len) ||
                       (!memchr(name.data, '+', name.len) && !memchr(name.data, '-', name.len)));

    for (size_t i = 0; i < sizeof short_names / sizeof short_names[0]; i++)
        if (slice_is(name, short_names[i].name))
            name = slice_of(short_names[i].zone);
    if (is_custom(name))
        name = normal_form(name, custom);
    else if (!known_form)
        name = SLICE("GMT");
    if (java_zone_find(name, &zone, NULL) != ST_OK &&
        java_zone_find(SLICE("GMT"), &zone, NULL) != ST_OK)
        return java_zone_utc();
    return zone;
}

const struct java_zone *java_zone_of_calendars(const struct java_zone *z)
{
    const struct java_zone *gmt = NULL;
    bool known_there =
        z->rules || (z->offset_s % 60 == 0 && z->id[0] != 'U') || strcmp(z->id, "UTC") == 0;

    if (known_there || java_zone_find(SLICE("GMT"), &gmt, NULL) != ST_OK)
        return z;
    return gmt;
}

/* ---- the machine's zone ---- */

static const struct java_zone *system_zone = &utc;
static pthread_once_t system_once = PTHREAD_ONCE_INIT;

static void find_system(void)
{
    char link[PATH_MAX];
    const char *name = getenv("TZ");
    ssize_t len;

    if (!name || !*name) {
        len = readlink("/etc/localtime", link, sizeof link - 1);
        if (len <= 0)
            return;
        link[len] = '\0';
        name = strstr(link, "zoneinfo/");
        name = name ? name + strlen("zoneinfo/") : "";
    }
    if (*name == ':')
        name++;
    if (java_zone_find(slice_of(name), &system_zone, NULL) != ST_OK)
        system_zone = &utc;
}

const struct java_zone *java_zone_system(void)
{
    pthread_once(&system_once, find_system);
    return system_zone;
}

/* ---- times ---- */

void java_zone_at(const struct java_zone *z, int64_t utc_s, struct java_zone_time *ret)
{
    if (z->rules) {
        tzif_at(z->rules, utc_s, ret);
        return;
    }
    *ret = (struct java_zone_time){.offset_s = z->offset_s};
    memcpy(ret->abbreviation, z->abbreviation, sizeof ret->abbreviation);
}

/* The offsets half a day to either side decide: where they agree, or the earlier one fits, it is
 * the earlier. In a gap the earlier one too moves the time on, as Java does. */
int64_t java_zone_to_utc(const struct java_zone *z, int64_t local_s)
{
    struct java_zone_time before;
    struct java_zone_time after;
    struct java_zone_time there;

    if (!z->rules)
        return local_s - z->offset_s;
    java_zone_at(z, local_s - 50400, &before);
    java_zone_at(z, local_s + 43200, &after);
    java_zone_at(z, local_s - before.offset_s, &there);
    if (there.offset_s == before.offset_s)
        return local_s - before.offset_s;
    java_zone_at(z, local_s - after.offset_s, &there);
    return local_s - (there.offset_s == after.offset_s ? after.offset_s : before.offset_s);
}
