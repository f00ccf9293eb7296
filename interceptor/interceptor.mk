# Files that the assembler puts into the program (asset.h): the compiler does not see them change.
$(BUILD)/obj/interceptor/store.o: $(wildcard interceptor/schema/*.sql)
$(BUILD)/obj/interceptor/pg_schema.o: $(wildcard interceptor/schema/postgresql/*.sql)
$(BUILD)/obj/interceptor/page.o: $(wildcard interceptor/web/*)
$(BUILD)/obj/interceptor/openapi.o: interceptor/openapi.components.json
