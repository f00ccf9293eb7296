# The plugin: plain C to wasm with Debian's clang and wasi-libc, then wasm-opt. No path, time or
# host name enters the module, so that two builds are identical.

PLUGIN_SRC  := $(wildcard plugin/*.c) common/buf.c common/utf8.c
WASM_OBJ    := $(patsubst %.c,$(BUILD)/wasm/%.o,$(PLUGIN_SRC))
WASM_CC     ?= clang
# What Envoy 1.22 runs: the MVP with sign extension and bulk memory.
# Built for size: the host compiles the whole module when it starts. What is hot is inlined by hand.
WASM_FLAGS  := --target=wasm32-wasi -std=c17 -D_GNU_SOURCE -I. -Oz -flto -DNDEBUG \
               -ffunction-sections -fdata-sections -msign-ext -mbulk-memory \
               "-ffile-prefix-map=$(CURDIR)=." $(WARNINGS)
# At most 1 GiB of memory a VM; the stack comes first, so that an overflow traps. -O0 keeps clang
# from running wasm-opt itself, which fails without the names of the features. LTO inlines only what
# makes the module smaller: more takes 2 KB, and no less time.
WASM_LINK   := --target=wasm32-wasi -mexec-model=reactor -O0 -flto -Wl,--lto-O2,--gc-sections \
               -Wl,-mllvm,-inline-threshold=0 \
               -Wl,--strip-all,-z,stack-size=65536,--stack-first,--max-memory=1073741824
# The lowest KiB of memory is the far end of the stack: no pointer is as small.
WASM_OPT    := -Oz --converge --low-memory-unused --enable-sign-ext --enable-bulk-memory --enable-mutable-globals \
               --strip-debug --strip-producers --strip-target-features

## plugin: build build/plugin.wasm alone
.PHONY: plugin
plugin: $(BUILD)/plugin.wasm

$(BUILD)/plugin.wasm: $(WASM_OBJ)
	@echo "  wasm    $@"
	$(Q)$(WASM_CC) $(WASM_LINK) -o $@.linked $(sort $^)
	$(Q)wasm-opt $(WASM_OPT) -o $@ $@.linked && rm -f $@.linked

$(BUILD)/wasm/%.o: %.c plugin/plugin.mk
	@mkdir -p $(@D)
	$(Q)$(WASM_CC) $(WASM_FLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(BUILD)/wasm/*/*.d)

## bench-plugin: requests/s, latency, start and memory of Envoy with the plugin against one without
.PHONY: bench-plugin
bench-plugin: $(BUILD)/plugin.wasm
	$(Q)BUILD="$(abspath $(BUILD))" build/venv/bin/python tests/bench/plugin.py

# ---- natively, against a fake host, always under sanitizers ----

PLUGIN_NATIVE := $(BUILD)/plugin-native
PLUGIN_OBJ    := $(patsubst %.c,$(PLUGIN_NATIVE)/%.o,$(PLUGIN_SRC) common/blocks.c common/memory.c common/status.c \
                              $(wildcard tests/plugin/fake_*.c))
PLUGIN_TESTS  := $(patsubst tests/plugin/%.c,$(PLUGIN_NATIVE)/%,$(wildcard tests/plugin/test_*.c))
NATIVE_FLAGS   = -std=c17 -D_GNU_SOURCE -I. -O1 -g -fsanitize=address,undefined \
                 -fno-sanitize-recover=all -fno-omit-frame-pointer $(WARNINGS)

## plugin-test: the plugin natively against a fake host, under address and undefined sanitizers
.PHONY: plugin-test
plugin-test: $(PLUGIN_TESTS)
	$(Q)tests/run-unit.sh $(PLUGIN_TESTS)

$(PLUGIN_NATIVE)/test_%: $(PLUGIN_NATIVE)/tests/plugin/test_%.o $(PLUGIN_OBJ)
	$(Q)$(CC) $(NATIVE_FLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc -o $@ $^ -lcmocka

$(PLUGIN_NATIVE)/%.o: %.c plugin/plugin.mk
	@mkdir -p $(@D)
	$(Q)$(CC) $(NATIVE_FLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(PLUGIN_NATIVE)/*/*.d $(PLUGIN_NATIVE)/*/*/*.d)

# ---- fuzz targets of the plugin's readers; the rest of fuzzing is in tests.mk ----

PLUGIN_READERS := $(patsubst %,$(BUILD)/obj/plugin/%.o,json_in message request_scan route settings \
                    settings_list settings_member text)

FUZZ_PLUGIN    := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_plugin_*.c))

$(FUZZ_PLUGIN): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(PLUGIN_READERS) \
                                 $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PROJECT_LDLIBS)
