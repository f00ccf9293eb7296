# Tests, checks, fuzzing and benchmarks.

UNIT_BIN  := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ_BIN  := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
# The plugin's are linked in plugin.mk, with its readers alone.
FUZZ_SERVERS := $(filter-out $(BUILD)/fuzz/fuzz_plugin_%,$(FUZZ_BIN))
BENCH_BIN := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
LIBRARIES := $(BUILD)/libinterceptor.a $(BUILD)/libmock.a $(BUILD)/libcommon.a
# More workers than cores: the tests wait more than they compute.
PYTEST     = BUILD="$(abspath $(BUILD))" build/venv/bin/python -m pytest -q -n 4 --dist loadfile

.PHONY: test unit unit-build api e2e check fuzz fuzz-build bench

## test: all tests: units, both servers from outside, the plugin natively and in a real Envoy
test: deps
	$(Q)$(MAKE) --no-print-directory -j2 all unit-build
	$(Q)$(MAKE) --no-print-directory unit plugin-test
	$(Q)$(PYTEST) tests/api tests/parity tests/e2e tests/chain

## unit: the unit tests
unit: $(UNIT_BIN)
	$(Q)tests/run-unit.sh $(UNIT_BIN)

unit-build: $(UNIT_BIN)

## api: both servers, asked from outside
api: $(BUILD)/interceptor $(BUILD)/employees-mock
	$(Q)$(PYTEST) tests/api tests/parity

## e2e: the plugin in a real Envoy
e2e: all
	$(Q)$(PYTEST) tests/e2e tests/chain

## check: layout, clang's warnings, and units and servers under address and undefined sanitizers
check: deps
	$(Q)clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')
	$(Q)$(MAKE) --no-print-directory -j2 CC=clang BUILD=build/clang all unit-build
	$(Q)$(MAKE) --no-print-directory -j2 SAN=address,undefined \
	    $(addprefix build/san-address-undefined/,interceptor employees-mock) unit-build
	$(Q)$(MAKE) --no-print-directory SAN=address,undefined unit api

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(LIBRARIES)
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS) -lcmocka

# These make each allocation fail in turn.
$(BUILD)/unit/test_memory $(BUILD)/unit/test_engine_memory $(BUILD)/unit/test_mock_memory: PROJECT_LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

# ---- fuzzing: clang's libFuzzer over the same libraries, built into build/fuzz-libs ----

TIME ?= 60

## fuzz: run every fuzz target for TIME seconds (default 60) from its seed corpus
fuzz: deps
	$(Q)$(MAKE) --no-print-directory -j2 CC=clang SAN=address,undefined BUILD=build/fuzz-libs \
	    CFLAGS='-fsanitize=fuzzer-no-link' fuzz-build
	$(Q)TIME=$(TIME) tests/run-fuzz.sh build/fuzz-libs/fuzz

fuzz-build: $(FUZZ_BIN)

$(FUZZ_SERVERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(LIBRARIES)
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PROJECT_LDLIBS)

# ---- benchmarks: figures are ratios within one run ----

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(LIBRARIES)
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS)

# Measured against ours, and so nothing of ours: the servers' library has a MHD_queue_response() of
# its own (common/http_refuse.c).
$(BUILD)/bench/bare_mhd: $(BUILD)/obj/tests/bench/bare_mhd.o
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS)

# The load comes from wrk on the same machine: quiet it first. WIREMOCK_JAR=FILE puts WireMock beside
# the mock.
## bench: figures of engine, interceptor, mock and plugin, as ratios measured in one run
bench: deps all $(BENCH_BIN)
	$(Q)$(BUILD)/bench/bench_engine
	$(Q)BUILD="$(abspath $(BUILD))" build/venv/bin/python tests/bench/interceptor.py
	$(Q)build/venv/bin/python tests/bench/mock.py --build $(BUILD)
	$(Q)BUILD="$(abspath $(BUILD))" build/venv/bin/python tests/bench/plugin.py

## crash: kill the interceptor 200 times while it makes pseudonyms, then reconstruct each
.PHONY: crash
crash: deps $(BUILD)/interceptor
	$(Q)KILLS=200 $(PYTEST) tests/api/test_crash.py
