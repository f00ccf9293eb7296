#include "employees-mock/template/number_locale.h"

#include <ctype.h>

#define NBSP  "\xc2\xa0"
#define NNBSP "\xe2\x80\xaf"
#define RLM   "\xe2\x80\x8f"
#define LRM   "\xe2\x80\x8e"

/* clang-format off */
static const struct number_locale locales[] = {
    {"", ".", ",", ".", ",", "-", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0%", NULL},
    {"en", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"en_US", ".", ",", ".", ",", "-", "$", "USD", "¤#,##0.00", "#,##0%", NULL},
    {"en_GB", ".", ",", ".", ",", "-", "£", "GBP", "¤#,##0.00", "#,##0%", NULL},
    {"en_CA", ".", ",", ".", ",", "-", "$", "CAD", "¤#,##0.00", "#,##0%", "e"},
    {"en_AU", ".", ",", ".", ",", "-", "$", "AUD", "¤#,##0.00", "#,##0%", "e"},
    {"en_NZ", ".", ",", ".", ",", "-", "$", "NZD", "¤#,##0.00", "#,##0%", NULL},
    {"en_IE", ".", ",", ".", ",", "-", "€", "EUR", "¤#,##0.00", "#,##0%", NULL},
    {"en_ZA", ",", NBSP, ",", NBSP, "-", "R", "ZAR", "¤#,##0.00", "#,##0%", NULL},
    {"en_IN", ".", ",", ".", ",", "-", "₹", "INR", "¤#,##0.00", "#,##0%", NULL},
    {"en_SG", ".", ",", ".", ",", "-", "$", "SGD", "¤#,##0.00", "#,##0%", NULL},
    {"en_HK", ".", ",", ".", ",", "-", "HK$", "HKD", "¤#,##0.00", "#,##0%", NULL},
    {"de", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"de_DE", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"de_AT", ",", NBSP, ",", ".", "-", "€", "EUR", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"de_CH", ".", "’", ".", "’", "-", "CHF", "CHF", "¤" NBSP "#,##0.00;¤-#,##0.00", "#,##0%", NULL},
    {"de_LU", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"fr", ",", NNBSP, ",", NNBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"fr_FR", ",", NNBSP, ",", NNBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"fr_BE", ",", NNBSP, ",", NNBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"fr_CA", ",", NBSP, ",", NBSP, "-", "$" NBSP "CA", "CAD", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"fr_CH", ",", NNBSP, ".", NNBSP, "-", "CHF", "CHF", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"it", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"it_IT", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"it_CH", ".", "’", ".", "’", "-", "SFr.", "CHF", "¤" NBSP "#,##0.00;¤-#,##0.00", "#,##0%", NULL},
    {"es", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"es_ES", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"es_MX", ".", ",", ".", ",", "-", "$", "MXN", "¤#,##0.00", "#,##0" NBSP "%", NULL},
    {"es_AR", ",", ".", ",", ".", "-", "$", "ARS", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"es_CL", ",", ".", ",", ".", "-", "$", "CLP", "¤#,##0;¤-#,##0", "#,##0" NBSP "%", NULL},
    {"es_CO", ",", ".", ",", ".", "-", "$", "COP", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"es_US", ".", ",", ".", ",", "-", "$", "USD", "¤#,##0.00", "#,##0" NBSP "%", NULL},
    {"pt", ",", ".", ",", ".", "-", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0%", NULL},
    {"pt_BR", ",", ".", ",", ".", "-", "R$", "BRL", "¤" NBSP "#,##0.00", "#,##0%", NULL},
    {"pt_PT", ",", NBSP, ",", NBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"nl", ",", ".", ",", ".", "-", "¤", "XXX", "¤" NBSP "#,##0.00;¤" NBSP "-#,##0.00", "#,##0%", NULL},
    {"nl_NL", ",", ".", ",", ".", "-", "€", "EUR", "¤" NBSP "#,##0.00;¤" NBSP "-#,##0.00", "#,##0%", NULL},
    {"nl_BE", ",", ".", ",", ".", "-", "€", "EUR", "¤" NBSP "#,##0.00;¤" NBSP "-#,##0.00", "#,##0%", NULL},
    {"sv", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "×10^"},
    {"sv_SE", ",", NBSP, ",", NBSP, "−", "kr", "SEK", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "×10^"},
    {"da", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"da_DK", ",", ".", ",", ".", "-", "kr.", "DKK", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"nb", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"nb_NO", ",", NBSP, ",", NBSP, "−", "kr", "NOK", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"no_NO", ",", NBSP, ",", NBSP, "−", "kr", "NOK", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"fi", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"fi_FI", ",", NBSP, ",", NBSP, "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"is_IS", ",", ".", ",", ".", "-", "ISK", "ISK", "#,##0" NBSP "¤", "#,##0%", NULL},
    {"pl", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"pl_PL", ",", NBSP, ",", NBSP, "-", "zł", "PLN", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"cs", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"cs_CZ", ",", NBSP, ",", NBSP, "-", "Kč", "CZK", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"sk_SK", ",", NBSP, ",", NBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "e"},
    {"hu", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"hu_HU", ",", NBSP, ",", NBSP, "-", "Ft", "HUF", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"ro_RO", ",", ".", ",", ".", "-", "RON", "RON", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"bg_BG", ",", NBSP, ",", NBSP, "-", "лв.", "BGN", "#0.00" NBSP "¤", "#,##0%", NULL},
    {"hr_HR", ",", ".", ",", ".", "−", "EUR", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"sl_SI", ",", ".", ",", ".", "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "e"},
    {"sr_RS", ",", ".", ",", ".", "-", "RSD", "RSD", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"el", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", "e"},
    {"el_GR", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%", "e"},
    {"tr", ",", ".", ",", ".", "-", "¤", "XXX", "¤#,##0.00", "%#,##0", NULL},
    {"tr_TR", ",", ".", ",", ".", "-", "₺", "TRY", "¤#,##0.00", "%#,##0", NULL},
    {"ru", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"ru_RU", ",", NBSP, ",", NBSP, "-", "₽", "RUB", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"uk", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", "Е"},
    {"uk_UA", ",", NBSP, ",", NBSP, "-", "₴", "UAH", "#,##0.00" NBSP "¤", "#,##0%", "Е"},
    {"ja", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"ja_JP", ".", ",", ".", ",", "-", "￥", "JPY", "¤#,##0", "#,##0%", NULL},
    {"ko", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"ko_KR", ".", ",", ".", ",", "-", "₩", "KRW", "¤#,##0", "#,##0%", NULL},
    {"zh", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"zh_CN", ".", ",", ".", ",", "-", "¥", "CNY", "¤#,##0.00", "#,##0%", NULL},
    {"zh_TW", ".", ",", ".", ",", "-", "$", "TWD", "¤#,##0.00", "#,##0%", NULL},
    {"zh_HK", ".", ",", ".", ",", "-", "HK$", "HKD", "¤#,##0.00", "#,##0%", NULL},
    {"th_TH", ".", ",", ".", ",", "-", "฿", "THB", "¤#,##0.00", "#,##0%", NULL},
    {"vi_VN", ",", ".", ",", ".", "-", "₫", "VND", "#,##0" NBSP "¤", "#,##0%", NULL},
    {"id_ID", ",", ".", ",", ".", "-", "Rp", "IDR", "¤#,##0.00", "#,##0%", NULL},
    {"ms_MY", ".", ",", ".", ",", "-", "RM", "MYR", "¤#,##0.00", "#,##0%", NULL},
    {"hi_IN", ".", ",", ".", ",", "-", "₹", "INR", "¤#,##0.00", "#,##0%", NULL},
    {"he_IL", ".", ",", ".", ",", "-", "₪", "ILS", RLM "#,##0.00" NBSP "¤;" RLM "-#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"lt_LT", ",", NBSP, ",", NBSP, "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "×10^"},
    {"lv_LV", ",", NBSP, ",", NBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"et_EE", ",", NBSP, ",", NBSP, "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%", "×10^"},
    {"ca_ES", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"ga_IE", ".", ",", ".", ",", "-", "€", "EUR", "¤#,##0.00", "#,##0%", NULL},
    {"mt_MT", ".", ",", ".", ",", "-", "€", "EUR", "¤#,##0.00", "#,##0%", NULL},
    {"he", ".", ",", ".", ",", LRM "-", "¤", "XXX", RLM "#,##0.00" NBSP "¤;" RLM "-#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"hi", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"th", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"id", ",", ".", ",", ".", "-", "¤", "XXX", "¤#,##0.00", "#,##0%", NULL},
    {"vi", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"ro", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"sk", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "e"},
    {"hr", ",", ".", ",", ".", "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", NULL},
    {"bg", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#0.00" NBSP "¤", "#,##0%", NULL},
    {"sl", ",", ".", ",", ".", "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "e"},
    {"sr", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", NULL},
    {"no", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0" NBSP "%", NULL},
    {"et", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", "×10^"},
    {"lt", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%", "×10^"},
    {"lv", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%", NULL},
};
/* clang-format on */

enum { NO_COUNTRY, ENGLISH };

static const struct number_locale *find(struct slice name)
{
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++)
        if (slice_is(name, locales[i].name))
            return &locales[i];
    return NULL;
}

const struct number_locale *number_locale_default(void)
{
    return &locales[ENGLISH];
}

/* "xx", "xxx", "xx_YY", "xx_YY_variant" */
static bool is_locale(struct slice name)
{
    size_t at = 0;

    while (at < name.len && islower((unsigned char)name.data[at]))
        at++;
    if (at != 2 && at != 3)
        return false;
    if (at == name.len)
        return true;
    return name.len >= at + 3 && name.data[at] == '_' &&
           isupper((unsigned char)name.data[at + 1]) && isupper((unsigned char)name.data[at + 2]) &&
           (name.len == at + 3 || name.data[at + 3] == '_');
}

enum status number_locale_find(struct slice name, const struct number_locale **ret, struct why *why)
{
    size_t language = 0;

    if (name.len > 0 && !is_locale(name))
        return fail(why, ST_BAD_INPUT,
                    "java.lang.IllegalArgumentException: Invalid locale format: %.*s",
                    name.len > 80 ? 80 : (int)name.len, name.data);
    *ret = find(name);
    while (language < name.len && name.data[language] != '_')
        language++;
    if (!*ret)
        *ret = find((struct slice){name.data, language});
    if (!*ret)
        *ret = &locales[NO_COUNTRY];
    return ST_OK;
}
