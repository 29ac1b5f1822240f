/* The headers of the three files: which column stands where, in which language, and the words of older dialects. */
#include "form/read.h"

#include "base/error.h"

#include <string.h>

typedef struct {
	const char *name;
	gboolean translated;
	gboolean needed;
} Known;

static const Known known[FORM_COLUMNS] = {
	[SETTINGS_TITLE] = { "form_title", FALSE, TRUE },
	[SETTINGS_ID] = { "form_id", FALSE, TRUE },
	[SETTINGS_VERSION] = { "version", FALSE, TRUE },
	[SETTINGS_LANGUAGE] = { "default_language", FALSE, FALSE },
	[SETTINGS_INSTANCE_NAME] = { "instance_name", FALSE, FALSE },
	[SETTINGS_NAMESPACES] = { "namespaces", FALSE, FALSE },
	[SETTINGS_STYLE] = { "style", FALSE, FALSE },
	[SETTINGS_ANNOUNCED_LARGE] = { "numero_annunciato_grandi", FALSE, FALSE },
	[SETTINGS_ANNOUNCED_SMALL] = { "numero_annunciato_piccoli", FALSE, FALSE },
	[SETTINGS_POPULATION_SMALL] = { "popolazione_piccoli", FALSE, FALSE },
	[SETTINGS_SECTIONS] = { "sezioni_contate", FALSE, FALSE },
	[CHOICES_LABEL] = { "label", TRUE, TRUE },
	[CHOICES_LIST] = { "list_name", FALSE, TRUE },
	[CHOICES_NAME] = { "name", FALSE, TRUE },
	[CHOICES_EXCLUSIVE] = { "esclusiva", FALSE, FALSE },
	[SURVEY_LABEL] = { "label", TRUE, TRUE },
	[SURVEY_HINT] = { "hint", TRUE, FALSE },
	[SURVEY_GUIDANCE] = { "guidance_hint", TRUE, FALSE },
	[SURVEY_REQUIRED_MESSAGE] = { "required_message", TRUE, FALSE },
	[SURVEY_CONSTRAINT_MESSAGE] = { "constraint_message", TRUE, FALSE },
	[SURVEY_TYPE] = { "type", FALSE, TRUE },
	[SURVEY_NAME] = { "name", FALSE, TRUE },
	[SURVEY_RELEVANT] = { "relevant", FALSE, FALSE },
	[SURVEY_REQUIRED] = { "required", FALSE, FALSE },
	[SURVEY_CONSTRAINT] = { "constraint", FALSE, FALSE },
	[SURVEY_CALCULATION] = { "calculation", FALSE, FALSE },
	[SURVEY_DEFAULT] = { "default", FALSE, FALSE },
	[SURVEY_APPEARANCE] = { "appearance", FALSE, FALSE },
	[SURVEY_READONLY] = { "readonly", FALSE, FALSE },
	[SURVEY_CHOICE_FILTER] = { "choice_filter", FALSE, FALSE },
	[SURVEY_PARAMETERS] = { "parameters", FALSE, FALSE },
	[SURVEY_NUMBER] = { "bind::anci:numero", FALSE, FALSE },
	[SURVEY_MEMORY] = { "bind::anci:memoria", FALSE, FALSE },
	[SURVEY_INDICATOR] = { "bind::anci:indicatore", FALSE, FALSE },
	[SURVEY_RESERVED] = { "bind::anci:riservata", FALSE, FALSE },
};

static const FormColumn first_of[FORM_FILES + 1] = {
	[FILE_SETTINGS] = SETTINGS_TITLE,
	[FILE_CHOICES] = CHOICES_LABEL,
	[FILE_SURVEY] = SURVEY_LABEL,
	[FORM_FILES] = FORM_COLUMNS,
};

/* Headers of older forms and of what people guess: read as the present one, and said. */
static const struct {
	const char *old;
	const char *present;
} old_words[] = {
	{ "bind:constraint", "constraint" },
	{ "bind::constraint", "constraint" },
	{ "bind:relevant", "relevant" },
	{ "bind::relevant", "relevant" },
	{ "relevance", "relevant" },
	{ "bind:required", "required" },
	{ "bind::required", "required" },
	{ "bind:calculate", "calculation" },
	{ "bind::calculate", "calculation" },
	{ "calculate", "calculation" },
	{ "bind:readonly", "readonly" },
	{ "bind::readonly", "readonly" },
	{ "read_only", "readonly" },
	{ "read only", "readonly" },
	{ "command", "type" },
	{ "tag", "name" },
	{ "caption", "label" },
	{ "constraint message", "constraint_message" },
	{ "required message", "required_message" },
	{ "bind:jr:constraintmsg", "constraint_message" },
	{ "bind::jr:constraintmsg", "constraint_message" },
	{ "bind::jr:requiredmsg", "required_message" },
	{ "choice filter", "choice_filter" },
	{ "list name", "list_name" },
	{ "value", "name" },
	{ "title", "form_title" },
	{ "id_string", "form_id" },
	{ "default language", "default_language" },
};

/* Headers of XLSForm that a sheet of paper cannot follow; in choices.csv they would pass for free columns. */
static const char *const unread[] = { "media", "image", "big-image", "audio", "video", "autoplay",
	"repeat_count", "trigger", "geometry", NULL };

const char *
column_name(FormColumn column)
{
	return known[column].name;
}

/* "A", "Z", "AA": as a spreadsheet names a column. Returns: (transfer full) */
static char *
letters(guint column)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint n = column + 1; n > 0; n = (n - 1) / 26)
		g_string_prepend_c(text, (char)('A' + (n - 1) % 26));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
read_lang(const char *text, char **name)
{
	g_autoptr(GRegex) regex =
	    g_regex_new("^(?:(.*?) *\\( *)?([a-z]{2,3}(?:-[a-z0-9]{2,8})?) *(\\))?$",
		G_REGEX_CASELESS, (GRegexMatchFlags)0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *code = NULL;

	if (!g_regex_match(regex, text, (GRegexMatchFlags)0, &match))
		return NULL;
	code = g_match_info_fetch(match, 2);
	if ((strchr(text, '(') == NULL) != (strchr(text, ')') == NULL))
		return NULL;
	if (name != NULL)
		*name = g_match_info_fetch(match, 1);
	return g_ascii_strdown(code, -1);
}

static gboolean
column_holds_something(const Table *table, guint column)
{
	for (guint row = 0; row < table_rows(table); row++)
		if (*table_cell(table, row, (int)column) != '\0')
			return TRUE;
	return FALSE;
}

static int
find_lang(const FormReader *reader, const char *code)
{
	const GPtrArray *langs = reader->form->langs;

	for (guint i = 0; i < langs->len; i++)
		if (strcmp(g_ptr_array_index(langs, i), code) == 0)
			return (int)i;
	return -1;
}

/* The languages of the form are those in which the survey has labels. */
static void
declare_langs(FormReader *reader)
{
	const Table *table = reader->tables[FILE_SURVEY];

	for (guint at = 0; at < table_columns(table); at++) {
		g_auto(GStrv) parts = g_strsplit(table_header(table, at), "::", 2);
		g_autofree char *code = NULL;

		if (parts[0] == NULL || parts[1] == NULL ||
		    g_ascii_strcasecmp(g_strchomp(parts[0]), known[SURVEY_LABEL].name) != 0)
			continue;
		code = read_lang(g_strstrip(parts[1]), NULL);
		if (code != NULL && find_lang(reader, code) < 0 &&
		    reader->form->langs->len < FORM_LANGS_MAX)
			g_ptr_array_add(reader->form->langs, g_steal_pointer(&code));
	}
}

static void
set_column(FormReader *reader, FormFile file, FormColumn column, int lang, guint at)
{
	int *place = &reader->columns[column][lang];

	if (*place >= 0) {
		g_autofree char *one = letters((guint)*place);
		g_autofree char *other = letters(at);

		reader_say_at(reader, SEVERITY_ERROR, file, 1,
		    table_header(reader->tables[file], at), "duplicate-column",
		    _("columns %s and %s say the same: keep one"), one, other);
		return;
	}
	*place = (int)at;
}

/* A header with a language, "label::Italiano (it)"; without, it is in the form's own. */
static void
set_translated(FormReader *reader, FormFile file, FormColumn column, const char *text, guint at)
{
	const char *header = table_header(reader->tables[file], at);
	g_autofree char *name = NULL;
	g_autofree char *code =
	    *text != '\0' ? read_lang(text, &name) : g_strdup(reader->form->default_lang);
	const char *written;
	int lang;

	if (code == NULL) {
		reader_say_at(reader, SEVERITY_ERROR, file, 1, header, "language",
		    _("the language has no code: write %s::Italiano (it)"), known[column].name);
		if (reader->columns[column][0] < 0) /* likely the form's own */
			reader->columns[column][0] = (int)at;
		return;
	}
	lang = find_lang(reader, code);
	if (lang < 0) {
		reader_say_at(reader, SEVERITY_ERROR, file, 1, header, "unknown-language",
		    _("survey.csv has no label in this language (%s)"), code);
		return;
	}
	written = g_hash_table_lookup(reader->lang_names, code);
	if (written == NULL && name != NULL)
		g_hash_table_insert(reader->lang_names, g_strdup(code), g_strdup(name));
	else if (written != NULL && name != NULL && g_ascii_strcasecmp(written, name) != 0)
		reader_say_at(reader, SEVERITY_ERROR, file, 1, header, "unknown-language",
		    _("elsewhere this language is written %s (%s): write it the same everywhere"),
		    written, code);
	set_column(reader, file, column, lang, at);
}

/* The column of @file with that name, or FORM_COLUMNS. */
static FormColumn
find_known(FormFile file, const char *name)
{
	for (FormColumn i = first_of[file]; i < first_of[file + 1]; i++)
		if (strcmp(known[i].name, name) == 0)
			return i;
	return FORM_COLUMNS;
}

static const char *
present_word(const char *old)
{
	for (gsize i = 0; i < G_N_ELEMENTS(old_words); i++)
		if (strcmp(old_words[i].old, old) == 0)
			return old_words[i].present;
	return NULL;
}

static void
say_unknown(FormReader *reader, FormFile file, guint at)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (FormColumn i = first_of[file]; i < first_of[file + 1]; i++)
		g_string_append_printf(names, "%s%s%s", names->len > 0 ? ", " : "", known[i].name,
		    known[i].translated ? "::LANGUAGE (CODE)" : "");
	reader_say_at(reader, SEVERITY_ERROR, file, 1, table_header(reader->tables[file], at),
	    "unknown-column", _("unknown column; known: %s"), names->str);
}

/* Choices may have columns of the author's own, for choice_filter and exports. */
static gboolean
set_free(FormReader *reader, FormFile file, const char *header, guint at)
{
	if (file != FILE_CHOICES || g_strv_contains(unread, header) ||
	    !name_is_good(header, strlen(header)) || g_hash_table_contains(reader->free, header))
		return FALSE;
	g_hash_table_insert(reader->free, g_strdup(header), GUINT_TO_POINTER(at + 1));
	return TRUE;
}

/* "label:english", with one colon, of before there were two. */
static FormColumn
find_single_colon(FormFile file, const char *header)
{
	const char *colon = strchr(header, ':');
	g_autofree char *base = NULL;
	FormColumn column;

	if (colon == NULL || colon[1] == ':')
		return FORM_COLUMNS;
	base = g_strndup(header, (gsize)(colon - header));
	column = find_known(file, base);
	return column < FORM_COLUMNS && known[column].translated ? column : FORM_COLUMNS;
}

static void
say_old(FormReader *reader, FormFile file, guint at, const char *present)
{
	reader_say_at(reader, SEVERITY_ERROR, file, 1, table_header(reader->tables[file], at),
	    "old-word", _("a word of older forms: write %s"), present);
}

static void
read_header(FormReader *reader, FormFile file, guint at)
{
	const char *header = table_header(reader->tables[file], at);
	g_autofree char *folded = g_ascii_strdown(header, -1);
	const char *present = present_word(folded);
	const char *name =
	    present != NULL && find_known(file, present) < FORM_COLUMNS ? present : folded;
	FormColumn column = find_known(file, name);
	const char *colons = strstr(folded, "::");

	if (column < FORM_COLUMNS) {
		if (name == present)
			say_old(reader, file, at, present);
		if (known[column].translated)
			set_translated(reader, file, column, "", at);
		else
			set_column(reader, file, column, 0, at);
		return;
	}
	if (colons != NULL) {
		g_autofree char *base = g_strchomp(g_strndup(folded, (gsize)(colons - folded)));

		column = find_known(file, base);
		if (column < FORM_COLUMNS && known[column].translated) {
			g_autofree char *text =
			    g_strstrip(g_strdup(header + (colons - folded) + 2));

			set_translated(reader, file, column, text, at);
			return;
		}
	}
	column = find_single_colon(file, folded);
	if (column < FORM_COLUMNS) {
		g_autofree char *form = g_strdup_printf("%s::Italiano (it)", known[column].name);

		say_old(reader, file, at, form);
		set_translated(reader, file, column, "", at);
		return;
	}
	if (!set_free(reader, file, header, at))
		say_unknown(reader, file, at);
}

/* A cell behind the last header is a text whose comma was not put in quotes. */
static void
check_widths(FormReader *reader, FormFile file)
{
	const Table *table = reader->tables[file];

	for (guint row = 0; row < table_rows(table); row++)
		for (guint at = table_columns(table); at < table_cells(table, row); at++)
			if (*table_cell(table, row, (int)at) != '\0') {
				g_autofree char *letter = letters(at);

				reader_say_at(reader, SEVERITY_ERROR, file,
				    reader_row(reader, file, row), letter, "extra-cell",
				    _("the row has more cells than there are columns: a text with a comma must stand in quotes"));
				break;
			}
}

void
read_columns(FormReader *reader, FormFile file)
{
	const Table *table = reader->tables[file];

	if (file == FILE_SURVEY)
		declare_langs(reader);
	for (guint at = 0; at < table_columns(table); at++) {
		if (*table_header(table, at) != '\0') {
			read_header(reader, file, at);
		} else if (column_holds_something(table, at)) {
			g_autofree char *letter = letters(at);

			reader_say_at(reader, SEVERITY_ERROR, file, 1, letter, "unknown-column",
			    _("the column has no name"));
		}
	}
	for (FormColumn i = first_of[file]; i < first_of[file + 1]; i++)
		if (known[i].needed && reader->columns[i][0] < 0)
			reader_say_at(reader, SEVERITY_ERROR, file, 1, known[i].name,
			    "missing-column",
			    known[i].translated
				? _("the column is missing in the form's own language (default_language in settings.csv: %s)")
				: _("the column is missing"),
			    reader->form->default_lang);
	check_widths(reader, file);
}
