#include "tests/unit/engine_fixture.h"

static const struct plan_attribute attributes[] = {
    {"customers[].name", TYPE_STRING, NULL, NULL},
    {"customers[].born", TYPE_DATE, NULL, NULL},
    {"customers[].balance", TYPE_NUMBER, NULL, NULL},
    {"customers[].vip", TYPE_BOOLEAN, NULL, NULL},
    {NULL, TYPE_STRING, NULL, NULL},
};

static void init(struct fixture *f, enum sql_type type)
{
    fixture_init(f, attributes);
    f->call.type = DATA_SET_SQL;
    f->call.sql_type = type;
}

static void replaces_the_literals_of_protected_columns(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_POSTGRESQL);
    assert_protects(
        &f,
        "-- name = 'Bob'\nINSERT INTO s.customers (id, NAME, \"born\", Balance, vip) "
        "VALUES\n (1, 'O''Brien', '1965-12-18', -1.50e3, TRUE),(now(), null, NULL, +.5 ,"
        "false) ; ",
        "-- name = 'Bob'\nINSERT INTO s.customers (id, NAME, \"born\", Balance, vip) "
        "VALUES\n (1, '*********', '0001-01-01', 0, false),(now(), null, NULL, 0 ,"
        "false) ; ");
    assert_protects(
        &f,
        "update customers set note = lower('a, b') || 'c', customers.name = 'Bob' , "
        "balance=2 where id in (1,2)",
        "update customers set note = lower('a, b') || 'c', customers.name = '*********' "
        ", balance=0 where id in (1,2)");
}

static void many_statements_may_follow_each_other(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_H2);
    assert_protects(&f,
                    "insert into a (name) values ('x');;\ninsert into b (id,name) values (1,'y');"
                    "update c set name='z'",
                    "insert into a (name) values ('*********');;\ninsert into b (id,name) values "
                    "(1,'*********');update c set name='*********'");
}

static void nulls_follow_the_flag(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_H2);
    f.call.protect_null_values = true;
    assert_protects(
        &f, "insert into a (name,born,balance,vip) values (NULL,null,Null,NULL)",
        "insert into a (name,born,balance,vip) values ('*********','*********',0,false)");
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT,
                    SLICE("insert into a (name,vip) values (NULL,NULL)"));
}

/* What one dialect takes for a string, a name or a comment, another does not. */
static void dialects_quote_in_their_own_ways(void **state)
{
    static const struct {
        enum sql_type type;
        const char *text;
        const char *expected;
    } rows[] = {
        {SQL_MYSQL, "insert into `a;` (`name`) values ('a\\'b') # it's\n",
         "insert into `a;` (`name`) values ('*') # it's\n"},
        {SQL_MYSQL, "insert into a (name) values (\"a'\"\"b\")",
         "insert into a (name) values ('*')"},
        {SQL_POSTGRESQL, "insert into a (name) values (E'a\\'b')",
         "insert into a (name) values ('*')"},
        {SQL_POSTGRESQL, "insert into a (name) values ($q$it's$q$)",
         "insert into a (name) values ('*')"},
        {SQL_POSTGRESQL, "insert into a (name) values ('a\\')",
         "insert into a (name) values ('*')"},
        {SQL_POSTGRESQL, "insert into a (name) values ('a') /* /* */ 'b' */",
         "insert into a (name) values ('*') /* /* */ 'b' */"},
        {SQL_SQLSERVER, "insert into [a]]b] ([name]) values (N'a')",
         "insert into [a]]b] ([name]) values (N'*')"},
        {SQL_ORACLE, "insert into a (name, born) values (q'[it's]', DATE '2020-01-31')",
         "insert into a (name, born) values ('*', DATE '0001-01-01')"},
        {SQL_POSTGRESQL, "insert into a (born) values (date'2020-01-31'), (TIME'x'), (DATE/**/'x')",
         "insert into a (born) values (date'0001-01-01'), (TIME'*'), (DATE/**/'*')"},
        {SQL_MYSQL, "update a set born = DATE'2020-01-31' where born = Timestamp'2020-01-31 10:11'",
         "update a set born = DATE'0001-01-01' where born = Timestamp'0001-01-01 00:00'"},
        {SQL_ORACLE, "insert into a (name) values (nq'!it's!')",
         "insert into a (name) values (n'*')"},
        {SQL_MYSQL, "update a set id = 5--3, name = 'x' -- 'y'\r\n",
         "update a set id = 5--3, name = '*' -- 'y'\r\n"},
        {SQL_POSTGRESQL, "update a set id = 5 -- c\r, name = 'x'",
         "update a set id = 5 -- c\r, name = '*'"},
        {SQL_H2, "insert into a (id, name) values (5 // a'\n, 'x' // '\n)",
         "insert into a (id, name) values (5 // a'\n, '*' // '\n)"},
        {SQL_DREMIO, "update a set \"name\" = 'x' where vip = true and id = 1",
         "update a set \"name\" = '*' where vip = false and id = 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_fixture struct fixture f;

        init(&f, rows[i].type);
        f.call.restricted_text = SLICE("*");
        assert_protects(&f, rows[i].text, rows[i].expected);
    }
}

static void lengths_are_those_of_the_decoded_text(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_MYSQL);
    f.call.preserve_string_length = true;
    assert_protects(&f, "insert into a (name) values ('a\\'\\n\\\\\xc3\xa9''')",
                    "insert into a (name) values ('******')");
}

static void restored_text_is_escaped_as_the_dialect_needs(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_MYSQL);
    assert_reverses(&f, JOB_ENCRYPT, JOB_DECRYPT,
                    SLICE("insert into a (name,balance) values ('it''s \\\\ o',-1.10)"));
    f.call.sql_type = SQL_POSTGRESQL;
    f.call.preserve_string_length = true;
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT,
                    SLICE("insert into a (name,balance,vip) values ('it''s \\ o',7,TRUE)"));
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT,
                    SLICE("insert into a (balance) values (+5),(- 5),(-5),(.5),(007)"));
}

/* N and DATE stand before strings only: what a token is of may become something else. */
static void prefixes_go_with_their_strings(void **state)
{
    static const struct plan_attribute nulls[] = {
        {"a.name", TYPE_STRING, NULL, "null"},
        {"a.born", TYPE_DATE, NULL, "null"},
        {NULL, TYPE_STRING, NULL, NULL},
    };
    auto_fixture struct fixture f;
    char *hidden;

    (void)state;
    fixture_init(&f, nulls);
    f.call.type = DATA_SET_SQL;
    f.call.sql_type = SQL_ORACLE;
    f.call.preserve_string_length = true;
    for (int i = 0; i < 3; i++) {
        static const enum job jobs[][2] = {{JOB_PSEUDONYMISE, JOB_RECONSTRUCT},
                                           {JOB_ENCRYPT, JOB_DECRYPT},
                                           {JOB_RESTRICT, JOB_RESTRICT}};

        f.call.job = jobs[i][0];
        hidden = slice_dup(fixture_protect(
            &f, SLICE("insert into a (name,born) values (N'Bob', DATE '2020-01-31')")));
        f.call.job = jobs[i][1];
        assert_protects(&f, hidden, "insert into a (name,born) values (NULL, NULL)");
        free(hidden);
    }
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT,
                    SLICE("insert into a (name,born) values (N'Bob', DATE '2020-01-31')"));
}

static void escapes_of_bytes_make_characters(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_POSTGRESQL);
    f.call.preserve_string_length = true;
    assert_protects(&f, "insert into a (name) values (E'\\xc3\\xa9\\303\\251\\u00e9\\U0001F600')",
                    "insert into a (name) values ('****')");
    assert_refuses(&f, "insert into a (name) values (E'\\xc3')");
}

static void conditions_protect_the_literals_of_their_columns(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_H2);
    f.call.restricted_text = SLICE("*");
    assert_protects(&f,
                    "update a set id=1 where name = 'Bob' and (a.balance in (1, 2) or born is not "
                    "null) and note = 'Bob'",
                    "update a set id=1 where name = '*' and (a.balance in (0, 0) or born is not "
                    "null) and note = 'Bob'");
    assert_protects(&f,
                    "update a set id=1 where name is not distinct from 'Bob' and vip is true "
                    "or f(name = 'Bob', 1)",
                    "update a set id=1 where name is not distinct from '*' and vip is true "
                    "or f(name = '*', 1)");
    assert_refuses(&f, "update a set id=1 where name is 'Bob'");
    assert_refuses(&f, "update a set id=1 where name is not 'Bob'");
    assert_refuses(&f, "update a set id=1 where name is distinct from f('Bob')");
    assert_refuses(&f, "update a set id=1 where name = 'Bob' || 'Smith'");
    assert_refuses(&f, "update a set id=1 where name = 'Bob' 'Smith'");
    assert_refuses(&f, "update a set id=1 where balance = 1 + 51");
    assert_refuses(&f, "update a set id=1 where name like 'Bob%'");
    assert_refuses(&f, "update a set id=1 where lower(name) = 'bob'");
    assert_refuses(&f, "update a set id=1 where name = other");
}

/* A column's value may be an expression, in which protected columns stand. */
static void expressions_protect_what_columns_are_compared_with(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_POSTGRESQL);
    f.call.restricted_text = SLICE("*");
    assert_protects(&f, "insert into a (id, x) values (1, (select id from b where name = 'Bob'))",
                    "insert into a (id, x) values (1, (select id from b where name = '*'))");
    assert_protects(&f,
                    "update a set x = case when name in ('Bob', 'Al') then 'b' else 'c' end, "
                    "y = concat(name, born), z = f(b.*) from b join c on c.balance = 51",
                    "update a set x = case when name in ('*', '*') then 'b' else 'c' end, "
                    "y = concat(name, born), z = f(b.*) from b join c on c.balance = 0");
    assert_protects(&f, "update a set x = 1 update a set name = 'Bob'",
                    "update a set x = 1 update a set name = '*'");
    assert_refuses(&f, "update a set x = coalesce(name, 'Bob')");
    assert_refuses(&f, "update a set x = 'Bob' = name");
    assert_refuses(&f, "update a set x = name < 'Bob'");
    assert_refuses(&f, "update a set x = name = 'Bob' || 'Smith'");
    assert_refuses(&f, "update a set x = (select 'Bob' as name)");
    assert_refuses(&f, "update a set x = balance < x'ff'");
    assert_refuses(&f, "update a set x = 1 insert into a (name) values ('Bob')");
    assert_refuses(&f, "update a set id = 1 where balance = 7 div 2");
    assert_refuses(&f, "update a set id = 1 where name = 'Bob' operator(||) 'Smith'");
}

/* A column is known by its name however the dialect lets it be written. */
static void names_are_those_of_the_dialect(void **state)
{
    static const struct plan_attribute odd[] = {
        {"a.prénom", TYPE_STRING, NULL, NULL}, {"a.emp#", TYPE_STRING, NULL, NULL},
        {"a.1st", TYPE_STRING, NULL, NULL},    {"a.\"o`n]e\\\"\"", TYPE_STRING, NULL, NULL},
        {"a.$d", TYPE_STRING, NULL, NULL},     {"a.date", TYPE_DATE, NULL, NULL},
        {NULL, TYPE_STRING, NULL, NULL},
    };
    static const struct {
        enum sql_type type;
        const char *text;
        const char *expected;
    } rows[] = {
        {SQL_POSTGRESQL, "update a set PRÉNOM = 'x' where \"Prénom\" = 'x'",
         "update a set PRÉNOM = '*' where \"Prénom\" = '*'"},
        {SQL_ORACLE, "insert into a (Emp#) values ('x')", "insert into a (Emp#) values ('*')"},
        {SQL_SQLSERVER, "update #tmp set id = 1 where emp# = 'x'",
         "update #tmp set id = 1 where emp# = '*'"},
        {SQL_MYSQL, "update a set id = 0x12 where 1ST = 'x' or a.1st = 'x' or $d = 'x'",
         "update a set id = 0x12 where 1ST = '*' or a.1st = '*' or $d = '*'"},
        {SQL_MYSQL, "insert into a (`o``n]e\"`) values ('x')",
         "insert into a (`o``n]e\"`) values ('*')"},
        {SQL_SQLSERVER, "insert into a ([o`n]]e\"]) values ('x')",
         "insert into a ([o`n]]e\"]) values ('*')"},
        {SQL_SQLSERVER, "update a set [prénom  ] = 'x'", "update a set [prénom  ] = '*'"},
        {SQL_ORACLE, "update a set \"O`n]e\"\"\" = 'x'", "update a set \"O`n]e\"\"\" = '*'"},
        {SQL_H2, "update a set x = DATE '2020-01-31' where y = date '2020-01-31' and f(time '1')",
         "update a set x = DATE '2020-01-31' where y = date '2020-01-31' and f(time '1')"},
        {SQL_H2, "update a set x = $a$, prénom = 'x', y = $a$, $d = $$'x'$$",
         "update a set x = $a$, prénom = '*', y = $a$, $d = '*'"},
        {SQL_ORACLE, "update a set\fprénom\v= 'x'", "update a set\fprénom\v= '*'"},
    };
    auto_fixture struct fixture f;

    (void)state;
    fixture_init(&f, odd);
    f.call.type = DATA_SET_SQL;
    f.call.restricted_text = SLICE("*");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        f.call.sql_type = rows[i].type;
        assert_protects(&f, rows[i].text, rows[i].expected);
    }
    f.call.sql_type = SQL_POSTGRESQL;
    assert_refuses(&f, "update a set id = 1 where U&\"pr\\00e9nom\" = 'x'");
    assert_refuses(&f, "update a set id = 1 where prénom\u00a0= 'x'");
    assert_refuses(&f, "update a set a.* = 'x'");
    f.call.sql_type = SQL_MYSQL;
    assert_protects(
        &f, "update a set x = \"prénom\", y = \"Prénom\" in ('x') where \"a\".\"prénom\" = 'x'",
        "update a set x = \"prénom\", y = \"Prénom\" in ('*') where \"a\".\"prénom\" = '*'");
    assert_refuses(&f, "update a set id = 1 where \"prénom\" < 'x'");
    assert_refuses(&f, "update a set id = 1 /*M! , prénom = 'x' */");
}

/* A column of a composite type has no literal of its own there: its parts would pass in clear. */
static void fields_of_a_protected_column_are_refused(void **state)
{
    static const struct {
        enum sql_type type;
        const char *text;
        bool refused;
    } rows[] = {
        {SQL_POSTGRESQL, "update s.a set name.first = 'x'", true},
        {SQL_POSTGRESQL, "update a set id = 1, \"NAME\".first.initial = 'x'", true},
        {SQL_POSTGRESQL, "insert into a (id, name.first) values (1, 'x')", true},
        {SQL_POSTGRESQL, "update a set id = 1 where name.id = 'x'", false},
        {SQL_SQLSERVER, "update a set name.first = 'x'", true},
        {SQL_SQLSERVER, "update a set id = 1 where a.[name].first = 'x'", true},
        {SQL_SQLSERVER, "update name set name.id = 'x' where s.name.b = 'x'", false},
        {SQL_ORACLE, "update a set id = (select b from c d where d.name.first = 'x')", true},
        {SQL_DREMIO, "update a set id = 1 where a.name.first = 'x'", true},
        {SQL_MYSQL, "update name.a set name.a.id = 'x' where name.a.id = 'x'", false},
        {SQL_H2, "update a set id = 1 where name.id = 'x'", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_fixture struct fixture f;

        init(&f, rows[i].type);
        if (rows[i].refused)
            assert_refuses(&f, rows[i].text);
        else
            assert_protects(&f, rows[i].text, rows[i].text);
    }
}

/* Where two paths end with a column's name it is shown to who may see both, and tokens are the same
 * for all. */
static void paths_of_one_column_are_granted_together(void **state)
{
    static const struct plan_attribute twins[] = {
        {"a.name", TYPE_STRING, NULL, NULL},
        {"a.id", TYPE_STRING, NULL, NULL},
        {"b[].Name", TYPE_STRING, NULL, NULL},
        {NULL, TYPE_STRING, NULL, NULL},
    };
    static const bool grants[][3] = {{true, true, false}, {false, true, true}, {true, true, true}};
    static const char text[] = "insert into a (name,id) values ('Bob','7')";
    auto_fixture struct fixture f;

    (void)state;
    fixture_init(&f, twins);
    f.call.type = DATA_SET_SQL;
    for (size_t i = 0; i < 3; i++) {
        f.call.granted = grants[i];
        assert_protects(&f, text,
                        i < 2 ? "insert into a (name,id) values ('*********','7')" : text);
        assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, slice_of(text));
    }
}

static void refuses_other_statements_and_values(void **state)
{
    static const char *const texts[] = {
        "",
        ";",
        "-- nothing",
        "select 1",
        "delete from a",
        "insert into a values ('x')",
        "insert into a (name) select 'x'",
        "insert into a (name) values ('x') on conflict do nothing",
        "insert into a (name) values ('x'",
        "insert into a (name) values ('x)",
        "insert into a (name) values (upper('x'))",
        "insert into a (name) values ('x' || 'y')",
        "insert into a (name) values (default)",
        "insert into a (name) values (x'ff')",
        "insert into a (name) values ('x', 'y')",
        "insert into a (id, name) values (1)",
        "insert into a () values ()",
        "update a set name = other",
        "update a set name = 'x' + 'y'",
        "update a set name",
        "update a set id = ",
        "update a set id=1 where balance =",
        "update a set balance = -",
        "update a set balance = -/* c */5",
        "insert into a (name) values ('x'); drop table a",
        "insert into a (name) values ('x') /* open",
        "insert into a (name) values ('x') /*! code */",
        "insert into a (name) values ('\xff')",
    };
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_POSTGRESQL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_refuses(&f, texts[i]);
}

static void unlisted_columns_can_be_protected_or_refused(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_H2);
    f.call.restricted_text = SLICE("*");
    f.spec.unlisted = UNLISTED_PROTECT;
    fixture_replan(&f);
    assert_protects(&f, "insert into a (name,b) values ('x',5)",
                    "insert into a (name,b) values ('*',0)");
    assert_protects(&f,
                    "update a set name='x' where (b = 'y' and not c in (1,2)) or d is null or "
                    "e is not distinct from 'z' and name = 'x'",
                    "update a set name='*' where (b = '*' and not c in (0,0)) or d is null or "
                    "e is not distinct from '*' and name = '*'");
    assert_refuses(&f, "update a set name='x' where b like 'y%'");
    assert_refuses(&f, "update a set name='x' where lower(b) = 'y'");
    assert_refuses(&f, "update a set name='x' where b > 5");
    assert_refuses(&f, "update a set name='x' where x'ff' < b");
    f.spec.unlisted = UNLISTED_REJECT;
    fixture_replan(&f);
    assert_refuses(&f, "insert into a (name,b) values ('x',5)");
    assert_refuses(&f, "update a set name='x' where b = 'y'");
    assert_protects(&f, "update a set name='x' where name = 'x' and b is null",
                    "update a set name='*' where name = '*' and b is null");
}

static void nothing_is_changed_without_a_plan(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f, SQL_H2);
    f.call.plan = NULL;
    assert_protects(&f, "insert into a (name) values (upper('x'))",
                    "insert into a (name) values (upper('x'))");
    assert_refuses(&f, "drop table a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_the_literals_of_protected_columns),
        cmocka_unit_test(many_statements_may_follow_each_other),
        cmocka_unit_test(nulls_follow_the_flag),
        cmocka_unit_test(dialects_quote_in_their_own_ways),
        cmocka_unit_test(lengths_are_those_of_the_decoded_text),
        cmocka_unit_test(restored_text_is_escaped_as_the_dialect_needs),
        cmocka_unit_test(prefixes_go_with_their_strings),
        cmocka_unit_test(escapes_of_bytes_make_characters),
        cmocka_unit_test(conditions_protect_the_literals_of_their_columns),
        cmocka_unit_test(expressions_protect_what_columns_are_compared_with),
        cmocka_unit_test(names_are_those_of_the_dialect),
        cmocka_unit_test(fields_of_a_protected_column_are_refused),
        cmocka_unit_test(paths_of_one_column_are_granted_together),
        cmocka_unit_test(refuses_other_statements_and_values),
        cmocka_unit_test(unlisted_columns_can_be_protected_or_refused),
        cmocka_unit_test(nothing_is_changed_without_a_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
