#include "tests/unit/engine_fixture.h"

#include "tests/unit/check.h"

#include <dlfcn.h>
#include <expat.h>

/* What expat was given since, and of that what it will look at once more; what it looked at so far. */
static size_t bytes_given, bytes_open, bytes_read;

enum XML_Status XML_ParseBuffer(XML_Parser parser, int len, int is_last)
{
    enum XML_Status (*parse)(XML_Parser, int, int);
    enum XML_Status parsed;
    XML_Index at;

    *(void **)&parse = dlsym(RTLD_NEXT, "XML_ParseBuffer");
    assert_non_null(parse);
    bytes_given += (size_t)len;
    bytes_open += (size_t)len;
    bytes_read += bytes_open;
    parsed = parse(parser, len, is_last);
    at = XML_GetCurrentByteIndex(parser);
    if (at >= 0)
        bytes_open = bytes_given - (size_t)at;
    return parsed;
}

static const struct plan_attribute attributes[] = {
    {"list.person[].name", TYPE_STRING, NULL, NULL},
    {"list.person[].age", TYPE_NUMBER, NULL, NULL},
    {"list.person[].vip", TYPE_BOOLEAN, NULL, NULL},
    {"list.person[].born", TYPE_DATE, NULL, NULL},
    {"list.person[].@id", TYPE_STRING, NULL, NULL},
    {"list.person[].address", TYPE_STRING, NULL, NULL},
    {NULL, TYPE_STRING, NULL, NULL},
};

#define LIST(inside) "<list><person>" inside "</person></list>"

static void init(struct fixture *f)
{
    fixture_init(f, attributes);
    f->call.type = DATA_SET_XML;
}

static void replaces_protected_texts_and_no_other_byte(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(
        &f,
        "<?xml version='1.0' encoding=\"ISO-8859-1\"?>\r\n<!-- Bob -->\n<list x = 'a>b' >"
        "<person\n id='7\"' other=\"Bob\"><p:name>Bob &amp; Al</p:name> <note>Bob</note>"
        "<born>\n18/12/1965 </born></person>\n<?pi Bob?></list >\n",
        "<?xml version='1.0' encoding=\"ISO-8859-1\"?>\r\n<!-- Bob -->\n<list x = 'a>b' >"
        "<person\n id='*********' other=\"Bob\"><p:name>*********</p:name> "
        "<note>Bob</note><born>\n01/01/0001 </born></person>\n<?pi Bob?></list >\n");
}

static void text_that_reads_as_the_type_is_of_the_type(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, LIST("<age>51</age><vip>true</vip>"), LIST("<age>0</age><vip>false</vip>"));
    assert_protects(&f, LIST("<age> -1.50e3\n</age><vip>yes</vip>"),
                    LIST("<age> 0\n</age><vip>*********</vip>"));
    assert_protects(&f, LIST("<age>fifty</age>"), LIST("<age>*********</age>"));
}

static void an_element_without_text_is_null(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, LIST("<name/><age></age>"), LIST("<name/><age></age>"));
    f.call.protect_null_values = true;
    assert_protects(&f, LIST("<name/><x:age a='1' /><vip></vip><other/>"),
                    LIST("<name>*********</name><x:age a='1' >0</x:age><vip>false</vip><other/>"));
    assert_reverses(&f, JOB_ENCRYPT, JOB_DECRYPT, SLICE(LIST("<name></name><age></age>")));
}

static void every_text_below_a_protected_element_is_protected(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(
        &f, LIST("<address>\n <street>High St</street>\n <zip>1</zip> c/o <b>Al</b></address>"),
        LIST("<address>\n <street>*********</street>\n <zip>*********</zip>*********"
             "<b>*********</b></address>"));
}

static void cdata_and_entities_are_text(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.preserve_string_length = true;
    assert_protects(&f, LIST("<name><![CDATA[a<b]]></name><name>x&lt;<![CDATA[&]]>\xc3\xa9</name>"),
                    LIST("<name>***</name><name>****</name>"));
    assert_protects(&f, LIST("<note><![CDATA[a<b]]></note>"), LIST("<note><![CDATA[a<b]]></note>"));
}

#define TEN "<!--0--><!--1--><!--2--><!--3--><!--4--><!--5--><!--6--><!--7--><!--8--><!--9-->"
#define TEN_GAPS                                                                                   \
    "<!--0-->b<!--1-->c<!--2-->d<!--3-->e<!--4-->f<!--5-->g<!--6-->h<!--7-->i<!--8-->j<!--9-->k"

static void comments_inside_a_text_stay(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.preserve_string_length = true;
    assert_protects(&f, LIST("<name>B<!-- 1 -->o<?p?><![CDATA[]]>b<![CDATA[by]]>&#65;</name>"),
                    LIST("<name>******<!-- 1 --><?p?><![CDATA[]]></name>"));
    assert_protects(&f,
                    LIST("<name><!-- 1 --><![CDATA[B]]><!-- 2 --><![CDATA[o]]><!-- 3 --></name>"),
                    LIST("<name><!-- 1 -->**<!-- 2 --><!-- 3 --></name>"));
    assert_protects(&f, LIST("<name>a" TEN_GAPS TEN_GAPS TEN_GAPS "<!--9--></name>"),
                    LIST("<name>*******************************" TEN TEN TEN "<!--9--></name>"));
    f.call.job = JOB_PSEUDONYMISE;
    fixture_protect(&f, SLICE(LIST("<name>B<!-- 1 -->o</name>")));
    assert_non_null(memmem(f.text.data, f.text.len, "<!-- 1 --></name>", 17));
}

static void what_comes_in_is_escaped(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.restricted_text = SLICE("<&>\"'\x01");
    assert_protects(&f, "<list><person id=\"1\"><name>a</name></person><person id='1'/></list>",
                    "<list><person id=\"&lt;&amp;&gt;&quot;'\xef\xbf\xbd\"><name>&lt;&amp;&gt;\"'"
                    "\xef\xbf\xbd</name></person><person id='&lt;&amp;&gt;\"&apos;\xef\xbf\xbd'/>"
                    "</list>");
    f.call.restricted_text = SLICE("\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf");
    assert_protects(&f, LIST("<name>a</name>"),
                    LIST("<name>\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</name>"));
}

static void an_empty_text_is_at_fault_at_its_first_byte(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_refuses(&f, "");
    assert_non_null(strstr(f.why.text, "byte 0 of the data set: no element found"));
}

static void tokens_reverse(void **state)
{
    const struct slice text =
        SLICE("<list><person id='a b'><name>Bob</name><name>it's</name><age>1.10</age>"
              "<vip>true</vip><born>2020-02-29</born><address><a>x</a></address></person></list>");
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_reverses(&f, JOB_ENCRYPT, JOB_DECRYPT, text);
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, text);
    f.call.preserve_string_length = true;
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, text);
}

/* Of so many pseudonyms of one character some are digits. */
static void tokens_that_read_as_numbers_reverse(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 16);

    (void)state;
    init(&f);
    f.call.preserve_string_length = true;
    buf_put_text(&text, "<list>");
    for (char c = 'A'; c <= 'z'; c++)
        buf_printf(&text, "<person><age>%c</age></person>", c);
    buf_put_text(&text, "</list>");
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, buf_slice(&text));
}

/* What XML itself means by an attribute is data where a path names it; a name space never is. */
static void attributes_of_xml_are_protected_where_a_path_names_them(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, "<list><person xml:id='7' xmlns:id='u'/></list>",
                    "<list><person xml:id='*********' xmlns:id='u'/></list>");
    f.spec.unlisted = UNLISTED_REJECT;
    fixture_replan(&f);
    assert_protects(
        &f, "<list xml:lang='en' xmlns='v' xmlns:id='u'><person><name>x</name></person></list>",
        "<list xml:lang='en' xmlns='v' xmlns:id='u'><person><name>*********</name></person></list>");
}

/* Text beside elements is no date of its own, so the blanks around it are text. */
static void text_beside_elements_is_a_string(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, LIST("<born>\n18/12/1965 <x/></born>"), LIST("<born>*********<x/></born>"));
}

/* a.b and a[].b are the same element: it is shown to who may see both, and tokens are the same for
 * all. */
static void paths_of_one_element_are_granted_together(void **state)
{
    static const struct plan_attribute twins[] = {
        {"a.b", TYPE_STRING, NULL, NULL},
        {"a[].b", TYPE_STRING, NULL, NULL},
        {"a[].@c", TYPE_STRING, NULL, NULL},
        {NULL, TYPE_STRING, NULL, NULL},
    };
    static const bool grants[][3] = {{true, false, true}, {false, true, true}, {true, true, true}};
    static const char text[] = "<a c='x'><b>Bob</b></a>";
    auto_fixture struct fixture f;

    (void)state;
    fixture_init(&f, twins);
    f.call.type = DATA_SET_XML;
    for (size_t i = 0; i < 3; i++) {
        f.call.granted = grants[i];
        assert_protects(&f, text, i < 2 ? "<a c='x'><b>*********</b></a>" : text);
        assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, slice_of(text));
    }
}

static void text_that_is_no_token_keeps_its_bytes(void **state)
{
    static const char text[] = LIST("<name><![CDATA[Bob]]></name><name>&#66;ob</name>");
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.job = JOB_RECONSTRUCT;
    assert_protects(&f, text, text);
    f.call.job = JOB_DECRYPT;
    assert_protects(&f, text, text);
}

static void unlisted_leaves_can_be_protected_or_refused(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.spec.unlisted = UNLISTED_PROTECT;
    fixture_replan(&f);
    assert_protects(&f, "<list xmlns='u' a='1'>\n<b>c</b></list>",
                    "<list xmlns='u' a='*********'>\n<b>*********</b></list>");
    f.spec.unlisted = UNLISTED_REJECT;
    fixture_replan(&f);
    assert_refuses(&f, "<list><b>c</b></list>");
    assert_refuses(&f, "<list a='1'/>");
    assert_protects(&f, LIST("<name>c</name>"), LIST("<name>*********</name>"));
}

static void refuses_what_is_no_xml(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "text",
                                        "<a>",
                                        "<a></b>",
                                        "<a/><b/>",
                                        "<a>&b;</a>",
                                        "<a b=c/>",
                                        "<a b='1' b='2'/>",
                                        "<a>\xff</a>",
                                        "<a>\x01</a>",
                                        "<!DOCTYPE a><a/>",
                                        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
                                        "{\"a\":1}"};
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refuses(&f, texts[i]);
        f.call.plan = NULL;
        assert_refuses(&f, texts[i]);
        f.call.plan = f.plan;
    }
}

/* The parser is given so large a text in pieces, which end wherever they do. */
static void large_texts_are_read_to_their_end(void **state)
{
    enum { SIZE = 600000 };
    static const char in[] =
        "<person id='\xc3\xa9\xc3\xa9'><name>\xe2\x82\xac &amp; <![CDATA[]] ]]>"
        "</name>\r\n<note>\xe2\x82\xac</note></person>";
    static const char out[] = "<person id='*********'><name>*********</name>\r\n"
                              "<note>\xe2\x82\xac</note></person>";
    auto_buf struct buf text = BUF_INIT(4 * SIZE), expected = BUF_INIT(4 * SIZE);
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    buf_put_text(&text, "<list>");
    buf_put_text(&expected, "<list>");
    while (text.len < SIZE) {
        buf_put_text(&text, in);
        buf_put_text(&expected, out);
    }
    buf_put_text(&text, "<person><name>");
    while (text.len < 2 * SIZE)
        buf_put_text(&text, "one text, \xe2\x82\xac. ");
    buf_put_text(&text, "</name></person></list>");
    buf_put_text(&expected, "<person><name>*********</name></person></list>");
    assert_text(fixture_protect(&f, buf_slice(&text)), buf_text(&expected));
    text.len--;
    assert_int_equal(fixture_try(&f, buf_slice(&text)), ST_BAD_INPUT);
    assert_non_null(strstr(f.why.text, "unclosed token"));
}

/* expat reads what a piece does not end once more: a byte is to be given few times. */
static void a_long_comment_or_tag_is_read_a_few_times(void **state)
{
    enum { SIZE = 8 << 20 };
    static const char *const texts[][2] = {
        {"<a><!--", "--></a>"}, {"<a x='", "'/>"}, {"<a><?b ", "?></a>"},
        {"<a ", "/>"},          {"<a><!--", ""},   {"<!--", "--><a/>"},
        {"<a/><!--", "-->"},    {"<a>", "</a>"},   {"<a><![CDATA[", "]]></a>"}};
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (size_t i = 0; i < COUNT(texts); i++) {
        auto_buf struct buf text = BUF_INIT(2 * SIZE);

        buf_put_text(&text, texts[i][0]);
        memset(buf_reserve(&text, SIZE), ' ', SIZE);
        text.len += SIZE;
        buf_put_text(&text, texts[i][1]);
        bytes_given = bytes_open = bytes_read = 0;
        assert_int_equal(fixture_try(&f, buf_slice(&text)), texts[i][1][0] ? ST_OK : ST_BAD_INPUT);
        assert_in_range(bytes_read, text.len, 3 * text.len);
    }
}

static void nesting_ends_at_512(void **state)
{
    auto_fixture struct fixture f;
    char text[513 * 7 + 1];

    (void)state;
    init(&f);
    for (size_t levels = 512; levels <= 513; levels++) {
        text[0] = '\0';
        for (size_t i = 0; i < levels; i++)
            strcpy(text + 3 * i, "<a>");
        for (size_t i = 0; i < levels; i++)
            strcpy(text + 3 * levels + 4 * i, "</a>");
        assert_int_equal(fixture_try(&f, slice_of(text)), levels == 512 ? ST_OK : ST_BAD_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_protected_texts_and_no_other_byte),
        cmocka_unit_test(text_that_reads_as_the_type_is_of_the_type),
        cmocka_unit_test(an_element_without_text_is_null),
        cmocka_unit_test(every_text_below_a_protected_element_is_protected),
        cmocka_unit_test(cdata_and_entities_are_text),
        cmocka_unit_test(comments_inside_a_text_stay),
        cmocka_unit_test(what_comes_in_is_escaped),
        cmocka_unit_test(an_empty_text_is_at_fault_at_its_first_byte),
        cmocka_unit_test(tokens_reverse),
        cmocka_unit_test(tokens_that_read_as_numbers_reverse),
        cmocka_unit_test(attributes_of_xml_are_protected_where_a_path_names_them),
        cmocka_unit_test(text_beside_elements_is_a_string),
        cmocka_unit_test(paths_of_one_element_are_granted_together),
        cmocka_unit_test(text_that_is_no_token_keeps_its_bytes),
        cmocka_unit_test(unlisted_leaves_can_be_protected_or_refused),
        cmocka_unit_test(refuses_what_is_no_xml),
        cmocka_unit_test(large_texts_are_read_to_their_end),
        cmocka_unit_test(a_long_comment_or_tag_is_read_a_few_times),
        cmocka_unit_test(nesting_ends_at_512),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
