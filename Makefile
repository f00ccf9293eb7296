# `make help` lists the targets. All results go to $(BUILD); nothing is built inside the sources.
#
#   SAN=address,undefined   builds with sanitizers, into build/san-address-undefined unless BUILD is given
#   CC=clang                another compiler
#   V=1                     shows the commands

SAN   ?=
comma := ,
BUILD ?= $(if $(SAN),build/san-$(subst $(comma),-,$(SAN)),build)
VERSION := 1.0.0

PACKAGES := libmicrohttpd gnutls openssl libcrypto jansson sqlite3 expat libxml-2.0 libpcre2-8 \
            libcurl libpq yaml-0.1 zlib

# CPPFLAGS, CFLAGS and LDFLAGS stay the user's own; what the project needs stands beside them.
HARDENING := -fstack-protector-strong -fPIE $(if $(SAN),,-D_FORTIFY_SOURCE=2)
WARNINGS  := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
             -Wwrite-strings -Wvla -Wpointer-arith
SANITIZE  := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
OPTIMISE  := $(if $(SAN),-O1,-O2)
# pkg-config is asked only when something is compiled: `make help` and `make deps` run before it exists.
PROJECT_CFLAGS = -std=c17 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. $(OPTIMISE) -g $(HARDENING) \
                 $(WARNINGS) $(SANITIZE) $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
# Every program is offered all libraries, and keeps those that it calls.
PROJECT_LDFLAGS = -pie -Wl,-z,relro,-z,now,--as-needed $(SANITIZE)
PROJECT_LDLIBS  = $(shell pkg-config --libs $(PACKAGES)) -lpthread -lm

COMMON_SRC      := $(wildcard common/*.c)
INTERCEPTOR_SRC := $(wildcard interceptor/*.c interceptor/engine/*.c)
MOCK_SRC        := $(wildcard employees-mock/*.c employees-mock/*/*.c)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

Q := $(if $(V),,@)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

include interceptor/interceptor.mk
include plugin/plugin.mk
include tests/tests.mk
include deploy/deploy.mk

.PHONY: all help deps clean format

## all: build the interceptor, employees-mock and the plugin into build/
all: $(BUILD)/interceptor $(BUILD)/employees-mock $(BUILD)/plugin.wasm

## demo: run the whole chain with a real Envoy and show what a client gets (KEEP=1 leaves it running)
.PHONY: demo
demo:
	$(Q)ENVOY_ONLY=1 tools/deps.sh
	$(Q)$(MAKE) $(if $(V),,-s) --no-print-directory -j2 all
	$(Q)build/venv/bin/python tools/demo.py

## deps: install what is missing on Debian or Ubuntu (packages; Python ones into build/venv)
deps:
	$(Q)tools/deps.sh

## certs: make the demo's certificate authority and the interceptor's certificate in build/certs
.PHONY: certs
certs:
	$(Q)certs/make-certs.sh build/certs

## format: let clang-format lay out every source file
format:
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h')

## clean: remove build/
clean:
	$(Q)rm -rf build

## help: this list
help:
	@grep -hE '^## [a-z0-9-]+: ' $(MAKEFILE_LIST) | sed -E 's/^## ([a-z0-9-]+): /\1|/' | sort | \
	    awk -F'|' '{printf "  make %-16s %s\n", $$1, $$2}'

# ---- programs ----

$(BUILD)/interceptor: $(call objects,$(INTERCEPTOR_SRC)) $(BUILD)/libcommon.a
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS)

$(BUILD)/employees-mock: $(call objects,$(MOCK_SRC)) $(BUILD)/libcommon.a
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS)

# The libraries hold everything but main, for the programs and the unit tests alike.
$(BUILD)/libcommon.a: $(call objects,$(COMMON_SRC))
$(BUILD)/libinterceptor.a: $(call objects,$(filter-out %/main.c,$(INTERCEPTOR_SRC)))
$(BUILD)/libmock.a: $(call objects,$(filter-out %/main.c,$(MOCK_SRC)))
$(BUILD)/lib%.a:
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  cc      $<"
	$(Q)$(CC) $(CPPFLAGS) $(PROJECT_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Rebuilds everything when the compiler or its flags change.
FLAGS_NOW = $(CC) $(CPPFLAGS) $(OPTIMISE) $(HARDENING) $(WARNINGS) $(SANITIZE) $(CFLAGS) $(VERSION)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@
FORCE:

-include $(wildcard $(BUILD)/obj/*/*.d $(BUILD)/obj/*/*/*.d)
