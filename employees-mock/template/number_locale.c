#include "employees-mock/template/number_locale.h"

#include <ctype.h>

#define NBSP  "\xc2\xa0"
#define NNBSP "\xe2\x80\xaf"
#define RLM   "\xe2\x80\x8f"
#define LRM   "\xe2\x80\x8e"

/* clang-format off */
static const struct number_locale locales[] = {
    {"", ".", ",", ".", ",", "-", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0%"},
    {"en", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%"},
    {"en_US", ".", ",", ".", ",", "-", "$", "USD", "¤#,##0.00", "#,##0%"},
    {"en_GB", ".", ",", ".", ",", "-", "£", "GBP", "¤#,##0.00", "#,##0%"},
    {"en_CA", ".", ",", ".", ",", "-", "$", "CAD", "¤#,##0.00", "#,##0%"},
    {"en_AU", ".", ",", ".", ",", "-", "$", "AUD", "¤#,##0.00", "#,##0%"},
    {"en_NZ", ".", ",", ".", ",", "-", "$", "NZD", "¤#,##0.00", "#,##0%"},
    {"en_IE", ".", ",", ".", ",", "-", "€", "EUR", "¤#,##0.00", "#,##0%"},
    {"en_ZA", ",", NBSP, ",", NBSP, "-", "R", "ZAR", "¤#,##0.00", "#,##0%"},
    {"en_IN", ".", ",", ".", ",", "-", "₹", "INR", "¤#,##0.00", "#,##0%"},
    {"en_SG", ".", ",", ".", ",", "-", "$", "SGD", "¤#,##0.00", "#,##0%"},
    {"en_HK", ".", ",", ".", ",", "-", "HK$", "HKD", "¤#,##0.00", "#,##0%"},
    {"de", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"de_DE", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"de_AT", ",", NBSP, ",", ".", "-", "€", "EUR", "¤" NBSP "#,##0.00", "#,##0" NBSP "%"},
    {"de_CH", ".", "’", ".", "’", "-", "CHF", "CHF", "¤" NBSP "#,##0.00;¤-#,##0.00", "#,##0%"},
    {"de_LU", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"fr", ",", NNBSP, ",", NNBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"fr_FR", ",", NNBSP, ",", NNBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"fr_BE", ",", NNBSP, ",", NNBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"fr_CA", ",", NBSP, ",", NBSP, "-", "$" NBSP "CA", "CAD", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"fr_CH", ",", NNBSP, ".", NNBSP, "-", "CHF", "CHF", "#,##0.00" NBSP "¤", "#,##0%"},
    {"it", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%"},
    {"it_IT", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%"},
    {"it_CH", ".", "’", ".", "’", "-", "SFr.", "CHF", "¤" NBSP "#,##0.00;¤-#,##0.00", "#,##0%"},
    {"es", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"es_ES", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"es_MX", ".", ",", ".", ",", "-", "$", "MXN", "¤#,##0.00", "#,##0" NBSP "%"},
    {"es_AR", ",", ".", ",", ".", "-", "$", "ARS", "¤" NBSP "#,##0.00", "#,##0" NBSP "%"},
    {"es_CL", ",", ".", ",", ".", "-", "$", "CLP", "¤#,##0;¤-#,##0", "#,##0" NBSP "%"},
    {"es_CO", ",", ".", ",", ".", "-", "$", "COP", "¤" NBSP "#,##0.00", "#,##0" NBSP "%"},
    {"es_US", ".", ",", ".", ",", "-", "$", "USD", "¤#,##0.00", "#,##0" NBSP "%"},
    {"pt", ",", ".", ",", ".", "-", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0%"},
    {"pt_BR", ",", ".", ",", ".", "-", "R$", "BRL", "¤" NBSP "#,##0.00", "#,##0%"},
    {"pt_PT", ",", NBSP, ",", NBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%"},
    {"nl", ",", ".", ",", ".", "-", "¤", "XXX", "¤" NBSP "#,##0.00;¤" NBSP "-#,##0.00", "#,##0%"},
    {"nl_NL", ",", ".", ",", ".", "-", "€", "EUR", "¤" NBSP "#,##0.00;¤" NBSP "-#,##0.00", "#,##0%"},
    {"nl_BE", ",", ".", ",", ".", "-", "€", "EUR", "¤" NBSP "#,##0.00;¤" NBSP "-#,##0.00", "#,##0%"},
    {"sv", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"sv_SE", ",", NBSP, ",", NBSP, "−", "kr", "SEK", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"da", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"da_DK", ",", ".", ",", ".", "-", "kr.", "DKK", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"nb", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "¤" NBSP "#,##0.00", "#,##0" NBSP "%"},
    {"nb_NO", ",", NBSP, ",", NBSP, "−", "kr", "NOK", "¤" NBSP "#,##0.00", "#,##0" NBSP "%"},
    {"no_NO", ",", NBSP, ",", NBSP, "−", "kr", "NOK", "¤" NBSP "#,##0.00", "#,##0" NBSP "%"},
    {"fi", ",", NBSP, ",", NBSP, "−", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"fi_FI", ",", NBSP, ",", NBSP, "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"is_IS", ",", ".", ",", ".", "-", "ISK", "ISK", "#,##0" NBSP "¤", "#,##0%"},
    {"pl", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%"},
    {"pl_PL", ",", NBSP, ",", NBSP, "-", "zł", "PLN", "#,##0.00" NBSP "¤", "#,##0%"},
    {"cs", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"cs_CZ", ",", NBSP, ",", NBSP, "-", "Kč", "CZK", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"sk_SK", ",", NBSP, ",", NBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"hu", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%"},
    {"hu_HU", ",", NBSP, ",", NBSP, "-", "Ft", "HUF", "#,##0.00" NBSP "¤", "#,##0%"},
    {"ro_RO", ",", ".", ",", ".", "-", "RON", "RON", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"bg_BG", ",", NBSP, ",", NBSP, "-", "лв.", "BGN", "#0.00" NBSP "¤", "#,##0%"},
    {"hr_HR", ",", ".", ",", ".", "−", "EUR", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"sl_SI", ",", ".", ",", ".", "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"sr_RS", ",", ".", ",", ".", "-", "RSD", "RSD", "#,##0.00" NBSP "¤", "#,##0%"},
    {"el", ",", ".", ",", ".", "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%"},
    {"el_GR", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%"},
    {"tr", ",", ".", ",", ".", "-", "¤", "XXX", "¤#,##0.00", "%#,##0"},
    {"tr_TR", ",", ".", ",", ".", "-", "₺", "TRY", "¤#,##0.00", "%#,##0"},
    {"ru", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"ru_RU", ",", NBSP, ",", NBSP, "-", "₽", "RUB", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"uk", ",", NBSP, ",", NBSP, "-", "¤", "XXX", "#,##0.00" NBSP "¤", "#,##0%"},
    {"uk_UA", ",", NBSP, ",", NBSP, "-", "₴", "UAH", "#,##0.00" NBSP "¤", "#,##0%"},
    {"ja", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%"},
    {"ja_JP", ".", ",", ".", ",", "-", "￥", "JPY", "¤#,##0", "#,##0%"},
    {"ko", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%"},
    {"ko_KR", ".", ",", ".", ",", "-", "₩", "KRW", "¤#,##0", "#,##0%"},
    {"zh", ".", ",", ".", ",", "-", "¤", "XXX", "¤#,##0.00", "#,##0%"},
    {"zh_CN", ".", ",", ".", ",", "-", "¥", "CNY", "¤#,##0.00", "#,##0%"},
    {"zh_TW", ".", ",", ".", ",", "-", "$", "TWD", "¤#,##0.00", "#,##0%"},
    {"zh_HK", ".", ",", ".", ",", "-", "HK$", "HKD", "¤#,##0.00", "#,##0%"},
    {"th_TH", ".", ",", ".", ",", "-", "฿", "THB", "¤#,##0.00", "#,##0%"},
    {"vi_VN", ",", ".", ",", ".", "-", "₫", "VND", "#,##0" NBSP "¤", "#,##0%"},
    {"id_ID", ",", ".", ",", ".", "-", "Rp", "IDR", "¤#,##0.00", "#,##0%"},
    {"ms_MY", ".", ",", ".", ",", "-", "RM", "MYR", "¤#,##0.00", "#,##0%"},
    {"hi_IN", ".", ",", ".", ",", "-", "₹", "INR", "¤#,##0.00", "#,##0%"},
    {"he_IL", ".", ",", ".", ",", "-", "₪", "ILS", RLM "#,##0.00" NBSP "¤;" RLM "-#,##0.00" NBSP "¤", "#,##0%"},
    {"lt_LT", ",", NBSP, ",", NBSP, "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0" NBSP "%"},
    {"lv_LV", ",", NBSP, ",", NBSP, "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%"},
    {"et_EE", ",", NBSP, ",", NBSP, "−", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%"},
    {"ca_ES", ",", ".", ",", ".", "-", "€", "EUR", "#,##0.00" NBSP "¤", "#,##0%"},
    {"ga_IE", ".", ",", ".", ",", "-", "€", "EUR", "¤#,##0.00", "#,##0%"},
    {"mt_MT", ".", ",", ".", ",", "-", "€", "EUR", "¤#,##0.00", "#,##0%"},
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
