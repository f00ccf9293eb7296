#include "employees-mock/template/date_locale.h"

#include <string.h>

/* clang-format off */
static const struct date_names en = {
    .months = {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    .short_months = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    .weekdays = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .short_weekdays = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    .halves = {"AM", "PM"},
    .utc = "Coordinated Universal Time",
};

static const struct date_names en_gb = {
    .months = {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    .short_months = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"},
    .weekdays = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .short_weekdays = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    .halves = {"am", "pm"},
    .utc = "Coordinated Universal Time",
};

static const struct date_names en_ca = {
    .months = {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    .short_months = {"", "Jan.", "Feb.", "Mar.", "Apr.", "May", "Jun.", "Jul.", "Aug.", "Sep.", "Oct.", "Nov.", "Dec."},
    .weekdays = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .short_weekdays = {"", "Mon.", "Tue.", "Wed.", "Thu.", "Fri.", "Sat.", "Sun."},
    .halves = {"a.m.", "p.m."},
    .utc = "Coordinated Universal Time",
};

static const struct date_names en_au = {
    .months = {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    .short_months = {"", "Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"},
    .weekdays = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .short_weekdays = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    .halves = {"am", "pm"},
    .utc = "Coordinated Universal Time",
};

static const struct date_names en_nz = {
    .months = {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    .short_months = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    .weekdays = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .short_weekdays = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    .halves = {"am", "pm"},
    .utc = "Coordinated Universal Time",
};

static const struct date_names en_ie = {
    .months = {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
    .short_months = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    .weekdays = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .short_weekdays = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    .halves = {"a.m.", "p.m."},
    .utc = "Coordinated Universal Time",
};

static const struct date_names de = {
    .months = {"", "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
    .short_months = {"", "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
    .weekdays = {"", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
    .short_weekdays = {"", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."},
    .halves = {"AM", "PM"},
    .utc = "Koordinierte Weltzeit",
};

static const struct date_names de_at = {
    .months = {"", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
    .short_months = {"", "Jän.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."},
    .weekdays = {"", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
    .short_weekdays = {"", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."},
    .halves = {"AM", "PM"},
    .utc = "Koordinierte Weltzeit",
};

static const struct date_names fr = {
    .months = {"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
    .short_months = {"", "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
    .weekdays = {"", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    .short_weekdays = {"", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
    .halves = {"AM", "PM"},
    .utc = "Temps universel coordonné",
};

static const struct date_names fr_ca = {
    .months = {"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
    .short_months = {"", "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."},
    .weekdays = {"", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    .short_weekdays = {"", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
    .halves = {"a.m.", "p.m."},
    .utc = "temps universel coordonné",
};

static const struct date_names it = {
    .months = {"", "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
    .short_months = {"", "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
    .weekdays = {"", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
    .short_weekdays = {"", "lun", "mar", "mer", "gio", "ven", "sab", "dom"},
    .halves = {"AM", "PM"},
    .utc = "Tempo coordinato universale",
};

static const struct date_names es = {
    .months = {"", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
    .short_months = {"", "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
    .weekdays = {"", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
    .short_weekdays = {"", "lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
    .halves = {"a.\xc2\xa0""m.", "p.\xc2\xa0""m."},
    .utc = "tiempo universal coordinado",
};

static const struct date_names es_mx = {
    .months = {"", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
    .short_months = {"", "ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sep.", "oct.", "nov.", "dic."},
    .weekdays = {"", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
    .short_weekdays = {"", "lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
    .halves = {"a.\xc2\xa0""m.", "p.\xc2\xa0""m."},
    .utc = "hora universal coordinada",
};

static const struct date_names pt = {
    .months = {"", "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
    .short_months = {"", "jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."},
    .weekdays = {"", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"},
    .short_weekdays = {"", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom."},
    .halves = {"AM", "PM"},
    .utc = "Horário Universal Coordenado",
};

static const struct date_names pt_pt = {
    .months = {"", "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
    .short_months = {"", "jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."},
    .weekdays = {"", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"},
    .short_weekdays = {"", "segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"},
    .halves = {"da manhã", "da tarde"},
    .utc = "Hora Coordenada Universal",
};

static const struct date_names nl = {
    .months = {"", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
    .short_months = {"", "jan.", "feb.", "mrt.", "apr.", "mei", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."},
    .weekdays = {"", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
    .short_weekdays = {"", "ma", "di", "wo", "do", "vr", "za", "zo"},
    .halves = {"a.m.", "p.m."},
    .utc = "gecoördineerde wereldtijd",
};

static const struct date_names sv = {
    .months = {"", "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
    .short_months = {"", "jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."},
    .weekdays = {"", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"},
    .short_weekdays = {"", "mån", "tis", "ons", "tors", "fre", "lör", "sön"},
    .halves = {"fm", "em"},
    .utc = "koordinerad universell tid",
};

static const struct date_names da = {
    .months = {"", "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},
    .short_months = {"", "jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."},
    .weekdays = {"", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"},
    .short_weekdays = {"", "man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn."},
    .halves = {"AM", "PM"},
    .utc = "Koordineret universaltid",
};

static const struct date_names nb_no = {
    .months = {"", "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
    .short_months = {"", "jan.", "feb.", "mar.", "apr.", "mai", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "des."},
    .weekdays = {"", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"},
    .short_weekdays = {"", "man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn."},
    .halves = {"a.m.", "p.m."},
    .utc = "koordinert universaltid",
};

static const struct date_names fi_fi = {
    .months = {"", "tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta", "heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta"},
    .short_months = {"", "tammik.", "helmik.", "maalisk.", "huhtik.", "toukok.", "kesäk.", "heinäk.", "elok.", "syysk.", "lokak.", "marrask.", "jouluk."},
    .weekdays = {"", "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina"},
    .short_weekdays = {"", "ma", "ti", "ke", "to", "pe", "la", "su"},
    .halves = {"ap.", "ip."},
    .utc = "UTC-yleisaika",
};

static const struct date_names pl = {
    .months = {"", "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"},
    .short_months = {"", "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
    .weekdays = {"", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"},
    .short_weekdays = {"", "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."},
    .halves = {"AM", "PM"},
    .utc = "uniwersalny czas koordynowany",
};

static const struct date_locale locales[] = {
    {"en", &en,
     {"EEEE, MMMM d, y", "MMMM d, y", "MMM d, y", "M/d/yy"},
     {"h:mm:ss a zzzz", "h:mm:ss a z", "h:mm:ss a", "h:mm a"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_US", &en,
     {"EEEE, MMMM d, y", "MMMM d, y", "MMM d, y", "M/d/yy"},
     {"h:mm:ss a zzzz", "h:mm:ss a z", "h:mm:ss a", "h:mm a"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_GB", &en_gb,
     {"EEEE, d MMMM y", "d MMMM y", "d MMM y", "dd/MM/y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_CA", &en_ca,
     {"EEEE, MMMM d, y", "MMMM d, y", "MMM d, y", "y-MM-dd"},
     {"h:mm:ss a zzzz", "h:mm:ss a z", "h:mm:ss a", "h:mm a"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_AU", &en_au,
     {"EEEE, d MMMM y", "d MMMM y", "d MMM y", "d/M/yy"},
     {"h:mm:ss a zzzz", "h:mm:ss a z", "h:mm:ss a", "h:mm a"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_NZ", &en_nz,
     {"EEEE, d MMMM y", "d MMMM y", "d/MM/y", "d/MM/yy"},
     {"h:mm:ss a zzzz", "h:mm:ss a z", "h:mm:ss a", "h:mm a"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_IE", &en_ie,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd/MM/y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_IN", &en_nz,
     {"EEEE, d MMMM, y", "d MMMM y", "dd-MMM-y", "dd/MM/yy"},
     {"h:mm:ss a zzzz", "h:mm:ss a z", "h:mm:ss a", "h:mm a"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"en_ZA", &en_nz,
     {"EEEE, dd MMMM y", "dd MMMM y", "dd MMM y", "y/MM/dd"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'at' ", " 'at' ", ", ", ", "}},
    {"de", &de,
     {"EEEE, d. MMMM y", "d. MMMM y", "dd.MM.y", "dd.MM.yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'um' ", " 'um' ", ", ", ", "}},
    {"de_DE", &de,
     {"EEEE, d. MMMM y", "d. MMMM y", "dd.MM.y", "dd.MM.yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'um' ", " 'um' ", ", ", ", "}},
    {"de_AT", &de_at,
     {"EEEE, d. MMMM y", "d. MMMM y", "dd.MM.y", "dd.MM.yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'um' ", " 'um' ", ", ", ", "}},
    {"de_CH", &de,
     {"EEEE, d. MMMM y", "d. MMMM y", "dd.MM.y", "dd.MM.yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'um' ", " 'um' ", ", ", ", "}},
    {"fr", &fr,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd/MM/y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'à' ", " 'à' ", ", ", " "}},
    {"fr_FR", &fr,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd/MM/y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'à' ", " 'à' ", ", ", " "}},
    {"fr_BE", &fr,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "d/MM/yy"},
     {"H 'h' mm 'min' ss 's' zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'à' ", " 'à' ", ", ", " "}},
    {"fr_CA", &fr_ca,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "y-MM-dd"},
     {"HH 'h' mm 'min' ss 's' zzzz", "HH 'h' mm 'min' ss 's' z", "HH 'h' mm 'min' ss 's'", "HH 'h' mm"},
     {" 'à' ", " 'à' ", ", ", " "}},
    {"fr_CH", &fr,
     {"EEEE, d MMMM y", "d MMMM y", "d MMM y", "dd.MM.yy"},
     {"HH.mm:ss 'h' zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'à' ", " 'à' ", ", ", " "}},
    {"it", &it,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd/MM/yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", ", ", ", "}},
    {"it_IT", &it,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd/MM/yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", ", ", ", "}},
    {"es", &es,
     {"EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y", "d MMM y", "d/M/yy"},
     {"H:mm:ss (zzzz)", "H:mm:ss z", "H:mm:ss", "H:mm"},
     {", ", ", ", " ", " "}},
    {"es_ES", &es,
     {"EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y", "d MMM y", "d/M/yy"},
     {"H:mm:ss (zzzz)", "H:mm:ss z", "H:mm:ss", "H:mm"},
     {", ", ", ", " ", " "}},
    {"es_MX", &es_mx,
     {"EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y", "d MMM y", "dd/MM/yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {", ", ", ", " ", " "}},
    {"pt", &pt,
     {"EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y", "d 'de' MMM 'de' y", "dd/MM/y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", " ", " "}},
    {"pt_BR", &pt,
     {"EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y", "d 'de' MMM 'de' y", "dd/MM/y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", " ", " "}},
    {"pt_PT", &pt_pt,
     {"EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y", "dd/MM/y", "dd/MM/yy"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'às' ", " 'às' ", ", ", ", "}},
    {"nl", &nl,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd-MM-y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'om' ", " 'om' ", " ", " "}},
    {"nl_NL", &nl,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "dd-MM-y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'om' ", " 'om' ", " ", " "}},
    {"sv", &sv,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "y-MM-dd"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", " ", " "}},
    {"sv_SE", &sv,
     {"EEEE d MMMM y", "d MMMM y", "d MMM y", "y-MM-dd"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", " ", " "}},
    {"da", &da,
     {"EEEE 'den' d. MMMM y", "d. MMMM y", "d. MMM y", "dd.MM.y"},
     {"HH.mm.ss zzzz", "HH.mm.ss z", "HH.mm.ss", "HH.mm"},
     {" 'kl'. ", " 'kl'. ", " ", " "}},
    {"da_DK", &da,
     {"EEEE 'den' d. MMMM y", "d. MMMM y", "d. MMM y", "dd.MM.y"},
     {"HH.mm.ss zzzz", "HH.mm.ss z", "HH.mm.ss", "HH.mm"},
     {" 'kl'. ", " 'kl'. ", " ", " "}},
    {"nb_NO", &nb_no,
     {"EEEE d. MMMM y", "d. MMMM y", "d. MMM y", "dd.MM.y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" 'kl'. ", " 'kl'. ", ", ", ", "}},
    {"fi_FI", &fi_fi,
     {"cccc d. MMMM y", "d. MMMM y", "d.M.y", "d.M.y"},
     {"H.mm.ss zzzz", "H.mm.ss z", "H.mm.ss", "H.mm"},
     {" 'klo' ", " 'klo' ", " 'klo' ", " "}},
    {"pl", &pl,
     {"EEEE, d MMMM y", "d MMMM y", "d MMM y", "dd.MM.y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", ", ", ", "}},
    {"pl_PL", &pl,
     {"EEEE, d MMMM y", "d MMMM y", "d MMM y", "dd.MM.y"},
     {"HH:mm:ss zzzz", "HH:mm:ss z", "HH:mm:ss", "HH:mm"},
     {" ", " ", ", ", ", "}},
};
/* clang-format on */

static const struct date_locale *find(struct slice name)
{
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++)
        if (slice_is(name, locales[i].name))
            return &locales[i];
    return NULL;
}

const struct date_locale *date_locale_find(struct slice name)
{
    const struct date_locale *found = find(name);
    const char *mark = name.len > 0 ? memchr(name.data, '_', name.len) : NULL;

    if (name.len == 0)
        return &locales[0];
    if (!found && mark)
        found = find((struct slice){name.data, (size_t)(mark - name.data)});
    return found;
}
