/* Changes of the key ring, which are changes of the configuration. */
#ifndef INTERCEPTOR_KEY_CHANGE_H
#define INTERCEPTOR_KEY_CHANGE_H

#include "common/status.h"
#include "interceptor/keyring.h"
#include "interceptor/policy.h"

/* A fresh key, the newest from now on; old tokens still open. */
MUST_CHECK enum status key_rotate(struct policy *policy, const struct master *master,
                                  int64_t now_us, struct why *why);

/* What the key made is a token no more. ST_NOT_FOUND; ST_CONFLICT: it is the only active one. */
MUST_CHECK enum status key_retire(struct policy *policy, uint32_t id, struct why *why);

#endif
