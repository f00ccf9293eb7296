# Tests, checks, fuzzing and benchmarks.

UNIT_SRC  := $(wildcard tests/unit/test_*.c)
UNIT_BIN  := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN  := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH_BIN := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(BENCH_SRC))
PYTEST    := build/venv/bin/python -m pytest -q

.PHONY: test unit api e2e check fuzz bench

## test: all tests: units, both servers over HTTP and TLS, the plugin natively and in a real Envoy
test: deps
	$(Q)$(MAKE) --no-print-directory -j2 all unit-build
	$(Q)$(MAKE) --no-print-directory unit api e2e

.PHONY: unit-build
unit-build: $(UNIT_BIN)

## unit: the unit tests
unit: $(UNIT_BIN)
	$(Q)tests/run-unit.sh $(UNIT_BIN)

## api: both servers, asked from outside
api: $(BUILD)/interceptor $(BUILD)/employees-mock
	$(Q)BUILD=$(BUILD) $(PYTEST) tests/api

## e2e: the plugin in a real Envoy
e2e: all
	$(Q)BUILD=$(BUILD) $(PYTEST) tests/e2e

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libinterceptor.a $(BUILD)/libmock.a $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS) -lcmocka

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/libinterceptor.a $(BUILD)/libmock.a $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo "  link    $@"
	$(Q)$(CC) $(LDFLAGS) $(PROJECT_LDFLAGS) -o $@ $^ $(PROJECT_LDLIBS)
