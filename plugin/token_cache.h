/* The access token: one a process, however many VMs (Envoy has one a worker) and streams want it.
 *
 * It is kept here and in the host's shared data, where a VM that wants to fetch one first claims
 * the right to do so; the others wait and look again. Renewed ahead of its end, beside the work.
 * Knows neither streams nor events: the owner wakes who waits. */
#ifndef PLUGIN_TOKEN_CACHE_H
#define PLUGIN_TOKEN_CACHE_H

#include "plugin/cause.h"
#include "plugin/settings.h"
#include "plugin/trace.h"

enum token_state {
    TOKEN_READY,
    TOKEN_FETCHING,  /* we have asked; token_cache_answered() will be called */
    TOKEN_ELSEWHERE, /* another VM has asked; call token_cache_poll() every few milliseconds */
    TOKEN_FAILED,    /* it can't be asked for; see token_cache_cause() */
};

struct token_cache;

/* settings are borrowed. NULL: no memory. */
struct token_cache *token_cache_new(const struct settings *settings);
void token_cache_free(struct token_cache *cache);

/* Is there a good token? If not, or if it ends soon, one is asked for, with the trace given. */
enum token_state token_cache_want(struct token_cache *cache, const struct trace *trace);

/* The token, good until the next call of anything here, and its number, which is another for
 * each token. Only after TOKEN_READY. */
struct slice token_cache_token(const struct token_cache *cache, uint32_t *ret_number);

/* The interceptor does not take the token of that number any more. */
void token_cache_spoil(struct token_cache *cache, uint32_t number);

/* The call that is under way, and when it began; 0: none. */
uint32_t token_cache_call(const struct token_cache *cache);
uint64_t token_cache_call_began_ms(const struct token_cache *cache);

/* Its outcome: CAUSE_NONE with the body of the answer, which is used up, or why there is none. */
enum token_state token_cache_answered(struct token_cache *cache, enum cause cause, char *body,
                                      size_t len);

/* From now on a failure of the other VM's call is ours too; for the first who waits for it. */
void token_cache_watch(struct token_cache *cache);

/* Looks what became of the other VM's call; may begin one of our own. */
enum token_state token_cache_poll(struct token_cache *cache);

/* Why the last fetch, here or elsewhere, failed. */
enum cause token_cache_cause(const struct token_cache *cache);

#endif
