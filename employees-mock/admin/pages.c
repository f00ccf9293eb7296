#include "employees-mock/admin/pages.h"

static const char docs[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>employees-mock</title></head>\n"
    "<body><h1>employees-mock</h1>\n"
    "<p>It speaks the admin API of WireMock 3: see\n"
    "<a href=\"https://wiremock.org/docs/standalone/admin-api-reference/\">its reference</a>.</p>\n"
    "<ul><li><a href=\"/__admin/mappings\">Stubs</a></li>\n"
    "<li><a href=\"/__admin/requests\">Requests</a></li>\n"
    "<li><a href=\"/__admin/scenarios\">Scenarios</a></li>\n"
    "<li><a href=\"/__admin/recorder/\">Recorder</a></li></ul></body></html>\n";

static const char recorder[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Recorder</title></head>\n"
    "<body><h1>Recorder</h1>\n"
    "<form><label>Record what <input id=\"target\" type=\"url\" size=\"50\" required\n"
    "placeholder=\"http://example.com\"> answers</label>\n"
    "<button>Start</button> <button type=\"button\" id=\"stop\">Stop</button></form>\n"
    "<p>Status: <output id=\"status\"></output></p><pre id=\"made\"></pre>\n"
    "<script>\n"
    "const at = id => document.getElementById(id);\n"
    "const ask = (path, options) => fetch('/__admin/recordings/' + path, options);\n"
    "const post = (path, body) =>\n"
    "  ask(path, {method: 'POST', body: body && JSON.stringify(body)});\n"
    "const show = async () => {\n"
    "  at('status').textContent = (await (await ask('status')).json()).status;\n"
    "};\n"
    "document.forms[0].onsubmit = async event => {\n"
    "  event.preventDefault();\n"
    "  const answer = await post('start', {targetBaseUrl: at('target').value});\n"
    "  at('made').textContent = answer.ok ? '' : await answer.text();\n"
    "  show();\n"
    "};\n"
    "at('stop').onclick = async () => {\n"
    "  at('made').textContent = await (await post('stop')).text();\n"
    "  show();\n"
    "};\n"
    "show();\n"
    "</script></body></html>\n";

static void answer(struct http_request *req, struct slice page)
{
    http_reply_header(req, "Vary", "Origin");
    http_reply_static(req, 200, "text/html", page);
}

void page_docs(struct http_request *req)
{
    answer(req, (struct slice){docs, sizeof docs - 1});
}

void page_recorder(struct http_request *req)
{
    answer(req, (struct slice){recorder, sizeof recorder - 1});
}
