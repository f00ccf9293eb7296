#include "employees-mock/static_file.h"

#include "employees-mock/respond.h"
#include "employees-mock/static_name.h"
#include "employees-mock/static_send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILE_MAX = 256 << 20 };

struct media_type {
    const char *ending;
    const char *type;
};

/* By their endings, sorted: those that WireMock's server knows. */
static const struct media_type media_types[] = {
    {"ai", "application/postscript"},
    {"aif", "audio/x-aiff"},
    {"aifc", "audio/x-aiff"},
    {"aiff", "audio/x-aiff"},
    {"apk", "application/vnd.android.package-archive"},
    {"apng", "image/apng"},
    {"asc", "text/plain"},
    {"asf", "video/x.ms.asf"},
    {"asx", "video/x.ms.asx"},
    {"au", "audio/basic"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"bcpio", "application/x-bcpio"},
    {"bin", "application/octet-stream"},
    {"bmp", "image/bmp"},
    {"br", "application/brotli"},
    {"cab", "application/x-cabinet"},
    {"cdf", "application/x-netcdf"},
    {"chm", "application/vnd.ms-htmlhelp"},
    {"class", "application/java-vm"},
    {"cpio", "application/x-cpio"},
    {"cpt", "application/mac-compactpro"},
    {"crt", "application/x-x509-ca-cert"},
    {"csh", "application/x-csh"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"dcr", "application/x-director"},
    {"dir", "application/x-director"},
    {"dll", "application/x-msdownload"},
    {"dms", "application/octet-stream"},
    {"doc", "application/msword"},
    {"dtd", "application/xml-dtd"},
    {"dvi", "application/x-dvi"},
    {"dxr", "application/x-director"},
    {"eot", "application/vnd.ms-fontobject"},
    {"eps", "application/postscript"},
    {"etx", "text/x-setext"},
    {"exe", "application/octet-stream"},
    {"ez", "application/andrew-inset"},
    {"gif", "image/gif"},
    {"gtar", "application/x-gtar"},
    {"gz", "application/gzip"},
    {"gzip", "application/gzip"},
    {"hdf", "application/x-hdf"},
    {"hqx", "application/mac-binhex40"},
    {"htc", "text/x-component"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ice", "x-conference/x-cooltalk"},
    {"ico", "image/x-icon"},
    {"ief", "image/ief"},
    {"iges", "model/iges"},
    {"igs", "model/iges"},
    {"jad", "text/vnd.sun.j2me.app-descriptor"},
    {"jar", "application/java-archive"},
    {"java", "text/plain"},
    {"jnlp", "application/x-java-jnlp-file"},
    {"jp2", "image/jpeg2000"},
    {"jpe", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"jsp", "text/html"},
    {"kar", "audio/midi"},
    {"latex", "application/x-latex"},
    {"lha", "application/octet-stream"},
    {"lzh", "application/octet-stream"},
    {"man", "application/x-troff-man"},
    {"mathml", "application/mathml+xml"},
    {"me", "application/x-troff-me"},
    {"mesh", "model/mesh"},
    {"mid", "audio/midi"},
    {"midi", "audio/midi"},
    {"mif", "application/vnd.mif"},
    {"mjs", "text/javascript"},
    {"mol", "chemical/x-mdl-molfile"},
    {"mov", "video/quicktime"},
    {"movie", "video/x-sgi-movie"},
    {"mp2", "audio/mpeg"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpe", "video/mpeg"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"mpga", "audio/mpeg"},
    {"ms", "application/x-troff-ms"},
    {"msh", "model/mesh"},
    {"msi", "application/octet-stream"},
    {"nc", "application/x-netcdf"},
    {"oda", "application/oda"},
    {"odb", "application/vnd.oasis.opendocument.database"},
    {"odc", "application/vnd.oasis.opendocument.chart"},
    {"odf", "application/vnd.oasis.opendocument.formula"},
    {"odg", "application/vnd.oasis.opendocument.graphics"},
    {"odi", "application/vnd.oasis.opendocument.image"},
    {"odm", "application/vnd.oasis.opendocument.text-master"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ogg", "application/ogg"},
    {"otc", "application/vnd.oasis.opendocument.chart-template"},
    {"otf", "application/vnd.oasis.opendocument.formula-template"},
    {"otg", "application/vnd.oasis.opendocument.graphics-template"},
    {"oth", "application/vnd.oasis.opendocument.text-web"},
    {"oti", "application/vnd.oasis.opendocument.image-template"},
    {"otp", "application/vnd.oasis.opendocument.presentation-template"},
    {"ots", "application/vnd.oasis.opendocument.spreadsheet-template"},
    {"ott", "application/vnd.oasis.opendocument.text-template"},
    {"pbm", "image/x-portable-bitmap"},
    {"pdb", "chemical/x-pdb"},
    {"pdf", "application/pdf"},
    {"pgm", "image/x-portable-graymap"},
    {"pgn", "application/x-chess-pgn"},
    {"png", "image/png"},
    {"pnm", "image/x-portable-anymap"},
    {"ppm", "image/x-portable-pixmap"},
    {"pps", "application/vnd.ms-powerpoint"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"ps", "application/postscript"},
    {"qml", "text/x-qml"},
    {"qt", "video/quicktime"},
    {"ra", "audio/x-pn-realaudio"},
    {"ram", "audio/x-pn-realaudio"},
    {"rar", "application/x-rar-compressed"},
    {"ras", "image/x-cmu-raster"},
    {"rdf", "application/rdf+xml"},
    {"rgb", "image/x-rgb"},
    {"rm", "audio/x-pn-realaudio"},
    {"roff", "application/x-troff"},
    {"rpm", "application/x-rpm"},
    {"rtf", "application/rtf"},
    {"rtx", "text/richtext"},
    {"rv", "video/vnd.rn-realvideo"},
    {"ser", "application/java-serialized-object"},
    {"sgm", "text/sgml"},
    {"sgml", "text/sgml"},
    {"sh", "application/x-sh"},
    {"shar", "application/x-shar"},
    {"silo", "model/mesh"},
    {"sit", "application/x-stuffit"},
    {"skd", "application/x-koan"},
    {"skm", "application/x-koan"},
    {"skp", "application/x-koan"},
    {"skt", "application/x-koan"},
    {"smi", "application/smil"},
    {"smil", "application/smil"},
    {"snd", "audio/basic"},
    {"spl", "application/x-futuresplash"},
    {"src", "application/x-wais-source"},
    {"sv4cpio", "application/x-sv4cpio"},
    {"sv4crc", "application/x-sv4crc"},
    {"svg", "image/svg+xml"},
    {"svgz", "image/svg+xml"},
    {"swf", "application/x-shockwave-flash"},
    {"t", "application/x-troff"},
    {"tar", "application/x-tar"},
    {"tar.gz", "application/x-gtar"},
    {"tcl", "application/x-tcl"},
    {"tex", "application/x-tex"},
    {"texi", "application/x-texinfo"},
    {"texinfo", "application/x-texinfo"},
    {"tgz", "application/x-gtar"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"tr", "application/x-troff"},
    {"tsv", "text/tab-separated-values"},
    {"txt", "text/plain"},
    {"ustar", "application/x-ustar"},
    {"vcd", "application/x-cdlink"},
    {"vrml", "model/vrml"},
    {"vxml", "application/voicexml+xml"},
    {"wasm", "application/wasm"},
    {"wav", "audio/x-wav"},
    {"wbmp", "image/vnd.wap.wbmp"},
    {"webp", "image/webp"},
    {"wml", "text/vnd.wap.wml"},
    {"wmlc", "application/vnd.wap.wmlc"},
    {"wmls", "text/vnd.wap.wmlscript"},
    {"wmlsc", "application/vnd.wap.wmlscriptc"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"wrl", "model/vrml"},
    {"xbm", "image/x-xbitmap"},
    {"xcf", "image/xcf"},
    {"xht", "application/xhtml+xml"},
    {"xhtml", "application/xhtml+xml"},
    {"xls", "application/vnd.ms-excel"},
    {"xml", "application/xml"},
    {"xpm", "image/x-xpixmap"},
    {"xsd", "application/xml"},
    {"xsl", "application/xml"},
    {"xslt", "application/xslt+xml"},
    {"xul", "application/vnd.mozilla.xul+xml"},
    {"xwd", "image/x-xwindowdump"},
    {"xyz", "chemical/x-xyz"},
    {"xz", "application/x-xz"},
    {"z", "application/compress"},
    {"zip", "application/zip"},
};

static int compare_endings(const void *ending, const void *row)
{
    return strcasecmp(ending, ((const struct media_type *)row)->ending);
}

/* Of the longest ending that is known; JSON, where none is. */
static const char *media_type_of(const char *name)
{
    const char *slash = strrchr(name, '/');

    for (const char *dot = strchr(slash ? slash : name, '.'); dot; dot = strchr(dot + 1, '.')) {
        const struct media_type *found =
            bsearch(dot + 1, media_types, sizeof media_types / sizeof media_types[0],
                    sizeof media_types[0], compare_endings);

        if (found)
            return found->type;
    }
    return "application/json";
}

static bool send_file(struct app *app, struct http_request *req, const char *name,
                      int64_t modified_s, const char *type)
{
    auto_buf struct buf content = BUF_INIT(FILE_MAX);
    struct why why = {0};
    enum status st = body_files_read(app->files, name, &content, &why);

    if (st == ST_IO) { /* there is a file, but no reading it now */
        respond_exception(req, why.text);
        return true;
    }
    if (st != ST_OK)
        return false;
    static_send(app, req, &content, modified_s, type);
    return true;
}

static bool send_folder(struct app *app, struct http_request *req, const char *name)
{
    auto_buf struct buf index = BUF_INIT(8192);
    struct body_file_about about;
    size_t len = strlen(name);

    buf_printf(&index, "%s%sindex.html", name, len > 0 && name[len - 1] != '/' ? "/" : "");
    if (buf_text(&index) && body_files_about(app->files, index.data, &about, NULL) == ST_OK &&
        !about.folder)
        return send_file(app, req, index.data, about.modified_s, "text/html;charset=utf-8");
    respond_page(req, 403, "Forbidden");
    return true;
}

/* "get" is GET to WireMock, but not to the servlet that serves its files. */
static void refuse_method(struct http_request *req)
{
    char words[128];

    snprintf(words, sizeof words, "Method %.60s is not defined in RFC 2068 and is not supported",
             http_method(req));
    respond_page(req, 501, words);
}

bool static_file_answer(struct app *app, struct http_request *req)
{
    auto_buf struct buf name = BUF_INIT(http_path(req).len + 1);
    auto_buf struct buf shown = BUF_INIT(http_path(req).len + 1);
    struct body_file_about about;
    enum status st;

    if (strcasecmp(http_method(req), "GET") != 0)
        return false;
    if (strcmp(http_method(req), "GET") != 0) {
        refuse_method(req);
        return true;
    }
    st = static_name(http_path(req), &name, &shown);
    if (st == ST_DENIED)
        respond_page(req, 400, "Bad Request");
    if (st != ST_OK)
        return st == ST_DENIED;
    if (!buf_text(&name) || !buf_text(&shown) ||
        body_files_about(app->files, name.data, &about, NULL) != ST_OK)
        return false;
    if (about.folder)
        return send_folder(app, req, name.data);
    return send_file(app, req, name.data, about.modified_s, media_type_of(shown.data));
}
