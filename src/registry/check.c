/* One cell of a list: its normal form, or why it has none. */
#include "registry/import.h"

#include "base/error.h"
#include "base/lang.h"
#include "base/text.h"

#include <string.h>

#define NAME_MAX_BYTES 200
#define SHOWN_MAX      80
#define POPULATION_MAX 9999999

typedef gboolean (*CellCheck)(const Import *import, const char *text, char **out, const char **why);

static gboolean
is_digits(const char *text, gsize least, gsize most)
{
	gsize n = strspn(text, "0123456789");

	return text[n] == '\0' && n >= least && n <= most;
}

/* The zeros that a spreadsheet takes from a code it holds for a number. */
static char *
with_zeros(const char *digits, gsize length)
{
	gsize n = strlen(digits);
	g_autofree char *zeros = g_strnfill(n < length ? length - n : 0, '0');

	return g_strconcat(zeros, digits, NULL);
}

/* A letter and three digits: D.M. 13/11/1975 and what the Agenzia delle Entrate publishes. */
static gboolean
check_code(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	if (!g_ascii_isalpha(*text) || !is_digits(text + 1, 3, 3)) {
		*why = _("a cadastral code is a letter and three digits");
		return FALSE;
	}
	*out = g_ascii_strup(text, -1);
	return TRUE;
}

static gboolean
lost_zeros(const char *istat)
{
	return *istat != '0' && is_digits(istat, 4, 5);
}

static gboolean
check_istat(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	if (!lost_zeros(text) && !is_digits(text, 6, 6)) {
		*why = _("an ISTAT code has six digits");
		return FALSE;
	}
	*out = with_zeros(text, 6);
	return TRUE;
}

/* Letters of the Latin alphabet with any accent, and what stands between them in names. The question mark is the
 * letter that a code page lost: who reads the name looks for it. */
static gboolean
is_name_character(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalpha((char)c) || (c != 0 && strchr(" '`-/.()?", (int)c) != NULL);
	return c == 0x2019 ||
	       (g_unichar_isalpha(c) && g_unichar_get_script(c) == G_UNICODE_SCRIPT_LATIN);
}

static gboolean
check_name(const Import *import, const char *text, char **out, const char **why)
{
	guint letters = 0;

	(void)import;
	if (strlen(text) > NAME_MAX_BYTES) {
		*why = _("longer than any name");
		return FALSE;
	}
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (!is_name_character(c)) {
			*why = _("a character that no name has stands in it");
			return FALSE;
		}
		letters += g_unichar_isalpha(c) ? 1 : 0;
	}
	if (letters == 0) {
		*why = _("it has no letter");
		return FALSE;
	}
	*out = g_strdup(text);
	return TRUE;
}

static gboolean
check_province_code(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	if (strlen(text) != 2 || !g_ascii_isalpha(text[0]) || !g_ascii_isalpha(text[1])) {
		*why = _("a province has a code of two letters");
		return FALSE;
	}
	*out = g_ascii_strup(text, -1);
	return TRUE;
}

/* "2644", or "2.644" as Italian spreadsheets write it. */
static gboolean
check_population(const Import *import, const char *text, char **out, const char **why)
{
	g_auto(GStrv) groups = g_strsplit(text, ".", 0);
	g_autofree char *digits = g_strjoinv("", groups);
	gint64 number = 0;

	(void)import;
	for (guint i = 0; groups[i] != NULL; i++)
		if (!is_digits(groups[i], i > 0 ? 3 : 1, i > 0 || groups[1] != NULL ? 3 : 7)) {
			*why = _("it is not a whole number");
			return FALSE;
		}
	if (!g_ascii_string_to_signed(digits, 10, 1, POPULATION_MAX, &number, NULL)) {
		*why = _("no town has so many inhabitants");
		return FALSE;
	}
	*out = g_strdup_printf("%" PRId64, number);
	return TRUE;
}

static gboolean
check_zip(const Import *import, const char *text, char **out, const char **why)
{
	if (!is_digits(text, import->zeros > 0 ? 3 : 5, 5)) {
		*why = _("a zip code has five digits");
		return FALSE;
	}
	*out = with_zeros(text, 5);
	return TRUE;
}

/* The last digit checks the ten before it: D.P.R. 784/1976 and D.M. 23/12/1976, the rule of ISO/IEC 7812. */
static gboolean
has_check_digit(const char *eleven)
{
	int sum = 0;

	for (int i = 0; i < 11; i++) {
		int digit = (eleven[i] - '0') * (i % 2 + 1);

		sum += digit / 10 + digit % 10;
	}
	return sum % 10 == 0;
}

static gboolean
check_tax_code(const Import *import, const char *text, char **out, const char **why)
{
	g_autofree char *eleven = NULL;

	(void)import;
	if (!is_digits(text, 8, 11)) {
		*why = _("the tax code of a town has eleven digits");
		return FALSE;
	}
	eleven = with_zeros(text, 11);
	if (!has_check_digit(eleven)) {
		*why = _("its check digit is wrong: a digit is mistyped or missing");
		return FALSE;
	}
	*out = g_steal_pointer(&eleven);
	return TRUE;
}

static gboolean
check_ipa_code(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	for (const char *at = text; *at != '\0'; at++)
		if ((!g_ascii_isalnum(*at) && *at != '_') || at - text >= 20) {
			*why = _("an IPA code has at most 20 letters, digits and underscores");
			return FALSE;
		}
	*out = g_strdup(text);
	return TRUE;
}

static gboolean
check_degrees(const char *text, double least, double most, char **out, const char **why)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *point = g_strdelimit(g_strdup(text), ",", '.');
	char *end = NULL;
	double degrees = g_ascii_strtod(point, &end);

	if (*end != '\0' || !(degrees >= least && degrees <= most)) {
		*why = _("not degrees of a place in Italy");
		return FALSE;
	}
	*out = g_strdup(g_ascii_formatd(number, sizeof number, "%.7g", degrees));
	return TRUE;
}

static gboolean
check_lat(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	return check_degrees(text, 35.0, 48.0, out, why);
}

static gboolean
check_lon(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	return check_degrees(text, 6.0, 19.0, out, why);
}

static gboolean
check_lang(const Import *import, const char *text, char **out, const char **why)
{
	(void)import;
	if (!lang_check(text)) {
		*why = _("it, de, fr, sl, or two of them joined by + are expected");
		return FALSE;
	}
	*out = g_strdup(text);
	return TRUE;
}

static const struct {
	const char *name;
	const char *finding;
	CellCheck check;
} rules[UNIT_CELLS] = {
	[CELL_CODE] = { "cadastral_code", "code-invalid", check_code },
	[CELL_ISTAT] = { "istat_code", "istat-invalid", check_istat },
	[CELL_NAME] = { "name", "name-invalid", check_name },
	[CELL_NAME_OTHER] = { "name_other", "name-invalid", check_name },
	[CELL_PROVINCE] = { "province", "place-invalid", check_name },
	[CELL_PROVINCE_CODE] = { "province_code", "province-code-invalid", check_province_code },
	[CELL_REGION] = { "region", "place-invalid", check_name },
	[CELL_AREA] = { "area", "place-invalid", check_name },
	[CELL_POPULATION] = { "population", "population-invalid", check_population },
	[CELL_ZIP] = { "zip", "zip-invalid", check_zip },
	[CELL_TAX_CODE] = { "tax_code", "tax-code-invalid", check_tax_code },
	[CELL_IPA_CODE] = { "ipa_code", "ipa-code-invalid", check_ipa_code },
	[CELL_LAT] = { "lat", "coordinate-invalid", check_lat },
	[CELL_LON] = { "lon", "coordinate-invalid", check_lon },
	[CELL_LANG] = { "lang", "lang-invalid", check_lang },
	[CELL_MAYOR] = { "mayor", "mayor-invalid", check_name },
};

const char *
import_cell_name(Cell cell)
{
	return rules[cell].name;
}

/* One form for what looks alike: accents joined to their letters (NFC), single blanks, none at the ends. */
static char *
tidy(const char *text)
{
	g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	g_autoptr(GString) out = g_string_new(NULL);

	for (const char *at = composed; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c != '\n' && c != '\r' && g_unichar_isspace(c))
			c = ' ';
		if (c != ' ' || (out->len > 0 && out->str[out->len - 1] != ' '))
			g_string_append_unichar(out, c);
	}
	if (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
import_take_text(Import *import, guint row, Cell cell, const char *text)
{
	g_autofree char *tidied = tidy(text);
	g_autofree char *value = NULL;
	g_autofree char *shown = NULL;
	const char *why = NULL;

	if (*tidied == '\0' || rules[cell].check(import, tidied, &value, &why))
		return g_steal_pointer(&value);
	shown = text_printable(tidied, -1, SHOWN_MAX);
	import_note(
	    import, row, cell, SEVERITY_ERROR, rules[cell].finding, "\"%s\": %s", shown, why);
	return NULL;
}

char *
import_take(Import *import, guint row, Cell cell)
{
	return import_take_text(import, row, cell, import_cell(import, row, cell));
}

void
import_count_zeros(Import *import)
{
	for (guint row = 0; row < table_rows(import->table); row++)
		if (lost_zeros(import_cell(import, row, CELL_ISTAT)) && import->zeros++ == 0)
			import->zeros_row = row;
}
