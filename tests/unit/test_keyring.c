#include "tests/unit/interceptor_fixture.h"

#include "interceptor/keyring.h"
#include "interceptor/keywrap.h"

#include <sys/stat.h>

/* Puts the document of a key in the place of the older one of its number. */
static void put(struct policy_items *items, json_t *object)
{
    auto_json json_t *own = object;
    auto_free char *document = json_dumps(own, JSON_COMPACT);
    char name[KEY_NAME_SIZE];
    struct why why = {0};

    assert_ok(keyring_check_item(own, name, &why), &why);
    for (size_t i = 0; i < items->count; i++) {
        if (strcmp(items->items[i].name, name) == 0) {
            free(items->items[i].document);
            items->items[i].document = take(document);
            return;
        }
    }
    assert_ok(policy_items_add(items, POLICY_KEY, name, document, NULL, &why), &why);
}

static void rotate(struct policy_items *items, const struct master *master)
{
    json_t *object = NULL;
    struct why why = {0};

    assert_ok(keyring_make_key(items, master, 0, &object, &why), &why);
    put(items, object);
}

static struct keyring *build(const struct policy_items *items, const struct master *master)
{
    struct keyring *ring = NULL;
    struct why why = {0};

    assert_ok(keyring_new(items, master, &ring, &why), &why);
    return ring;
}

static void the_first_key_is_the_same_for_the_same_master_key(void **state)
{
    auto_master struct master *one = any_master(1);
    auto_master struct master *replica = any_master(1);
    auto_master struct master *other = any_master(2);
    const struct policy_items none = {0};
    auto_keyring struct keyring *a = build(&none, one);
    auto_keyring struct keyring *b = build(&none, replica);
    auto_keyring struct keyring *c = build(&none, other);

    (void)state;
    assert_int_equal(keyring_ring(a)->count, 1);
    assert_memory_equal(keyring_ring(a)->keys[0].bytes, keyring_ring(b)->keys[0].bytes, KEY_SIZE);
    assert_memory_equal(keyring_ring(a)->stable, keyring_ring(b)->stable, KEY_SIZE);
    assert_memory_not_equal(keyring_ring(a)->keys[0].bytes, keyring_ring(c)->keys[0].bytes,
                            KEY_SIZE);
    assert_memory_not_equal(keyring_ring(a)->keys[0].bytes, keyring_ring(a)->stable, KEY_SIZE);
}

static void the_newest_key_stands_first_and_old_ones_stay(void **state)
{
    auto_master struct master *master = any_master(1);
    auto_policy_items struct policy_items items = {0};

    (void)state;
    rotate(&items, master);
    rotate(&items, master);

    auto_keyring struct keyring *ring = build(&items, master);

    assert_int_equal(keyring_ring(ring)->count, 3);
    assert_int_equal(keyring_ring(ring)->keys[0].id, 3);
    assert_int_equal(keyring_ring(ring)->keys[2].id, 1);
}

static void a_retired_key_is_gone_and_the_last_one_stays(void **state)
{
    auto_master struct master *master = any_master(1);
    auto_policy_items struct policy_items items = {0};
    json_t *object = NULL;
    struct why why = {0};

    (void)state;
    assert_status(ST_CONFLICT, keyring_retire_key(&items, 1, &object, &why), &why);
    assert_status(ST_NOT_FOUND, keyring_retire_key(&items, 2, &object, &why), &why);
    rotate(&items, master);
    assert_ok(keyring_retire_key(&items, 1, &object, &why), &why);
    put(&items, object);

    auto_keyring struct keyring *ring = build(&items, master);

    assert_int_equal(keyring_ring(ring)->count, 1);
    assert_int_equal(keyring_ring(ring)->keys[0].id, 2);
    assert_status(ST_CONFLICT, keyring_retire_key(&items, 2, &object, &why), &why);
}

static void a_key_wrapped_under_another_master_key_is_refused(void **state)
{
    auto_master struct master *master = any_master(1);
    auto_master struct master *other = any_master(2);
    auto_policy_items struct policy_items items = {0};
    struct keyring *ring = NULL;
    struct why why = {0};

    (void)state;
    rotate(&items, master);
    assert_status(ST_BAD_INPUT, keyring_new(&items, other, &ring, &why), &why);
    assert_string_equal(why.place, "key \"2\".wrapped");
}

static void wrapped_keys_are_bound_to_their_number_and_their_bits(void **state)
{
    auto_master struct master *master = any_master(1);
    struct ring_key key = {.id = 7, .bytes = "thirty-two bytes of a data key!"};
    struct ring_key back = {.id = 7};
    char text[KEYWRAP_TEXT_SIZE];
    struct why why = {0};

    (void)state;
    assert_ok(key_wrap(master, &key, text, &why), &why);
    assert_ok(key_unwrap(master, text, &back, &why), &why);
    assert_memory_equal(back.bytes, key.bytes, KEY_SIZE);
    back.id = 8;
    assert_status(ST_BAD_INPUT, key_unwrap(master, text, &back, &why), &why);
    back.id = 7;
    for (size_t i = 0; text[i]; i++) {
        char kept = text[i];

        text[i] = kept == '0' ? '1' : '0';
        assert_status(ST_BAD_INPUT, key_unwrap(master, text, &back, &why), &why);
        text[i] = kept;
    }
}

static void wrong_documents_are_refused(void **state)
{
    static const struct {
        const char *text, *place;
    } cases[] = {
        {"{}", "id"},
        {"{'id':0}", "id"},
        {"{'id':1,'wrapped':'00'}", "wrapped"},
        {"{'id':2}", "wrapped"},
        {"{'id':1,'state':'gone'}", "state"},
        {"{'id':1,'key':'x'}", "key"},
    };
    char name[KEY_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_json json_t *object = parse(cases[i].text);
        struct why why = {0};

        assert_status(ST_BAD_INPUT, keyring_check_item(object, name, &why), &why);
        assert_string_equal(why.place, cases[i].place);
    }
}

/* ---- the key file ---- */

static void a_missing_key_file_is_made_once_for_its_owner(void **state)
{
    const char *file = temp_path(state, "new.key");
    auto_master struct master *first = NULL;
    auto_master struct master *second = NULL;
    struct stat about;
    struct why why = {0};

    assert_ok(master_open(file, &first, &why), &why);
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(about.st_size, MASTER_KEY_MIN);
    assert_ok(master_open(file, &second, &why), &why);
    assert_string_equal(master_fingerprint(first), master_fingerprint(second));
}

static void a_short_or_huge_key_file_is_refused(void **state)
{
    static const char bytes[MASTER_KEY_MAX + 1];
    struct master *master = NULL;
    struct why why = {0};

    assert_status(ST_BAD_INPUT,
                  master_open(temp_write(state, "k", bytes, MASTER_KEY_MIN - 1), &master, &why),
                  &why);
    assert_contains(why.place, "/k");
    assert_status(ST_BAD_INPUT,
                  master_open(temp_write(state, "k", bytes, MASTER_KEY_MAX + 1), &master, &why),
                  &why);
    assert_status(ST_IO, master_open("/nowhere/k", &master, &why), &why);
}

static void hashes_depend_on_key_kind_and_text(void **state)
{
    auto_master struct master *one = any_master(1);
    auto_master struct master *two = any_master(2);
    uint8_t hash[5][KEYED_HASH_SIZE];

    (void)state;
    assert_ok(master_hash(one, "api-key", SLICE("x"), hash[0], NULL), NULL);
    assert_ok(master_hash(one, "api-key", SLICE("x"), hash[1], NULL), NULL);
    assert_ok(master_hash(one, "client-secret", SLICE("x"), hash[2], NULL), NULL);
    assert_ok(master_hash(one, "api-key", SLICE("y"), hash[3], NULL), NULL);
    assert_ok(master_hash(two, "api-key", SLICE("x"), hash[4], NULL), NULL);
    assert_true(hash_equal(hash[0], hash[1]));
    for (size_t i = 2; i < COUNT(hash); i++)
        assert_false(hash_equal(hash[0], hash[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_key_is_the_same_for_the_same_master_key),
        cmocka_unit_test(the_newest_key_stands_first_and_old_ones_stay),
        cmocka_unit_test(a_retired_key_is_gone_and_the_last_one_stays),
        cmocka_unit_test(a_key_wrapped_under_another_master_key_is_refused),
        cmocka_unit_test(wrapped_keys_are_bound_to_their_number_and_their_bits),
        cmocka_unit_test(wrong_documents_are_refused),
        cmocka_unit_test_setup_teardown(a_missing_key_file_is_made_once_for_its_owner, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_short_or_huge_key_file_is_refused, temp_setup,
                                        temp_teardown),
        cmocka_unit_test(hashes_depend_on_key_kind_and_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
