#include "common/json.h"
#include "employees-mock/flags.h"
#include "employees-mock/health_ask.h"
#include "employees-mock/match/xml_document.h"
#include "employees-mock/mock_server.h"

#include "employees-mock/app.h"

#include <stdio.h>

enum { EXIT_CLEAN = 0, EXIT_FAILED = 1, EXIT_BAD_MAPPING = 2 };

static int complain(const struct why *why)
{
    if (why->place[0])
        fprintf(stderr, "employees-mock: %s: %s\n", why->place, why->text);
    else
        fprintf(stderr, "employees-mock: %s\n", why->text);
    return EXIT_FAILED;
}

static int print_help(void)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);

    flags_help(&text);
    fputs(buf_text(&text) ? text.data : "", stdout);
    return EXIT_CLEAN;
}

static int run(const struct flags *flags)
{
    struct why why = {0};
    enum status st = mock_server_run(flags, &why);

    if (st == ST_OK)
        return EXIT_CLEAN;
    complain(&why);
    return st == ST_BAD_INPUT ? EXIT_BAD_MAPPING : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    struct flags flags = {0};
    struct why why = {0};
    int code;

    json_watch_memory();
    xml_watch_memory();
    if (flags_parse(argc, argv, stderr, &flags, &why) != ST_OK)
        return complain(&why);
    if (flags.help)
        code = print_help();
    else if (flags.version)
        code = puts(WIREMOCK_VERSION) < 0 ? EXIT_FAILED : EXIT_CLEAN;
    else if (flags.health)
        code = health_ask(&flags) ? EXIT_CLEAN : EXIT_FAILED;
    else
        code = run(&flags);
    flags_done(&flags);
    return code;
}
