/* A format in the first line, a locale in the second, an argument behind them: String.format and
 * DecimalFormat. */
#include "employees-mock/template/decimal_format.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/number_locale.h"
#include "employees-mock/template/string_format.h"
#include "tests/fuzz/target.h"

/* The argument as each kind of number that its text is. */
static size_t numbers_of(struct slice text, struct value ret[3])
{
    size_t count = 0;
    int64_t whole;
    double real;

    if (java_parse_long(text, &whole))
        ret[count++] = value_whole(whole);
    if (java_parse_double(text, &real))
        ret[count++] = value_double(real);
    if (count == 2 && text.len < 400) /* digits of any number */
        ret[count++] = (struct value){.kind = V_DECIMAL, .text = text};
    return count;
}

static void format_number(struct slice pattern, struct slice locale, struct value number)
{
    const struct number_locale *l = NULL;
    auto_buf struct buf out = BUF_INIT(1 << 20);
    struct decimal_format f;

    if (number_locale_find(locale, &l, NULL) != ST_OK)
        l = number_locale_default();
    if (decimal_format_parse(pattern, l, &f, NULL) == ST_OK)
        (void)!decimal_format_write(&f, number, &out, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct slice pattern = fuzz_take(&text, '\n');
    struct slice locale = fuzz_take(&text, '\n');
    auto_buf struct buf out = BUF_INIT(1 << 20);
    struct value args[4];
    size_t count = numbers_of(text, args);

    for (size_t i = 0; i < count; i++)
        format_number(pattern, locale, args[i]);
    args[count] = value_text(text);
    for (size_t i = 0; i <= count; i++) {
        buf_clear(&out);
        (void)!string_format(pattern, args + i, count + 1 - i, &out, NULL);
    }
    return 0;
}
