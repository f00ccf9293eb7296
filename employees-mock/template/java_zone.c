#include "employees-mock/template/java_zone.h"

#include "employees-mock/template/tzif.h"

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

static bool two_digits(struct slice *s, int max, int *ret)
{
    if (s->len < 2 || !isdigit((unsigned char)s->data[0]) || !isdigit((unsigned char)s->data[1]))
        return false;
    *ret = (s->data[0] - '0') * 10 + s->data[1] - '0';
    s->data += 2;
    s->len -= 2;
    return *ret <= max;
}

static void skip_colon(struct slice *s)
{
    if (s->len > 0 && s->data[0] == ':') {
        s->data++;
        s->len--;
    }
}

/* ZoneOffset.of: Z, +h, +hh, +hh:mm, +hhmm, +hh:mm:ss, +hhmmss. */
static bool parse_offset(struct slice s, int *ret)
{
    int sign = s.len > 0 && s.data[0] == '-' ? -1 : 1;
    int hours;
    int minutes = 0;
    int seconds = 0;

    *ret = 0;
    if (slice_is(s, "Z"))
        return true;
    if (s.len < 2 || (s.data[0] != '+' && s.data[0] != '-'))
        return false;
    s.data++;
    s.len--;
    if (s.len == 1 && isdigit((unsigned char)s.data[0])) {
        *ret = sign * (s.data[0] - '0') * 3600;
        return true;
    }
    if (!two_digits(&s, 18, &hours))
        return false;
    skip_colon(&s);
    if (s.len > 0 && !two_digits(&s, 59, &minutes))
        return false;
    skip_colon(&s);
    if (s.len > 0 && !two_digits(&s, 59, &seconds))
        return false;
    *ret = sign * (hours * 3600 + minutes * 60 + seconds);
    return s.len == 0;
}

static void write_offset(int offset_s, char ret[16])
{
    int rest = abs(offset_s);
    int len =
        snprintf(ret, 16, "%c%02d:%02d", offset_s < 0 ? '-' : '+', rest / 3600, rest / 60 % 60);

    if (rest % 60)
        snprintf(ret + len, 16 - (size_t)len, ":%02d", rest % 60);
}

/* "UTC", "GMT", "UT" and these with an offset behind. *ret_id is how Java prints the zone. */
static bool parse_fixed(struct slice name, int *ret_offset, char ret_id[24])
{
    static const char *const prefixes[] = {"UTC", "GMT", "UT"};
    char offset[16];

    if (parse_offset(name, ret_offset)) {
        write_offset(*ret_offset, offset);
        snprintf(ret_id, 24, "%s", *ret_offset ? offset : "Z");
        return true;
    }
    for (size_t i = 0; i < 3; i++) {
        struct slice prefix = slice_of(prefixes[i]);
        struct slice rest = {name.data + prefix.len, name.len - prefix.len};

        if (!slice_starts(name, prefix))
            continue;
        *ret_offset = 0;
        if (rest.len > 0 && (rest.data[0] == 'Z' || !parse_offset(rest, ret_offset)))
            continue;
        write_offset(*ret_offset, offset);
        snprintf(ret_id, 24, "%s%s", prefixes[i], *ret_offset ? offset : "");
        return true;
    }
    return false;
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

static enum status find_locked(struct slice name, const struct java_zone **ret, struct why *why)
{
    char id[24];
    int offset_s;
    struct java_zone *z = find_known(name);
    struct tzif *rules = NULL;

    if (!z && parse_fixed(name, &offset_s, id)) {
        z = find_known(slice_of(id));
        if (!z)
            z = keep(slice_of(id), offset_s, NULL);
    } else if (!z && is_region(name)) {
        rules = tzif_load(name);
        if (!rules)
            return fail(why, ST_BAD_INPUT,
                        "java.time.zone.ZoneRulesException: Unknown time-zone ID: %.*s",
                        (int)name.len, name.data);
        z = keep(name, 0, rules);
    } else if (!z) {
        return fail(why, ST_BAD_INPUT,
                    "java.time.DateTimeException: Invalid ID for %s, invalid format: %.*s",
                    name.len > 0 && strchr("+-", name.data[0]) ? "ZoneOffset"
                                                               : "region-based ZoneId",
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
    char id[16];

    write_offset(offset_s, id);
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
