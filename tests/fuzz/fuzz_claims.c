/* Claims expressions: whatever JSON comes, it is refused or can be evaluated. */
#include "common/json.h"
#include "interceptor/claims.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct claim given[] = {{SLICE("a"), SLICE("b")}, {SLICE("ADGroup"), SLICE("HR")}};
    auto_json json_t *value = NULL;
    auto_claims struct claims *claims = NULL;
    struct why why = {0};

    if (json_read((struct slice){(const char *)data, size}, &value, &why) != ST_OK ||
        claims_parse(value, &claims, &why) != ST_OK)
        return 0;
    (void)claims_hold(claims, given, 2);
    (void)claims_hold(claims, NULL, 0);
    return 0;
}
