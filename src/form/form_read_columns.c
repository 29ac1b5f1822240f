/* The headers of the three files: which column stands where, in which language, and the words of older dialects. */
#include "form/read.h"
#include "form/book.h"

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
	[SETTINGS_DUPLICATES] = { "allow_choice_duplicates", FALSE, FALSE },
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
	{ "constraintmsg", "constraint_message" },
	{ "requiredmsg", "required_message" },
	{ "control:appearance", "appearance" },
	{ "control::appearance", "appearance" },
	{ "body:appearance", "appearance" },
	{ "body::appearance", "appearance" },
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
static const struct {
	const char *name;
	const char *advice;
} unread[] = {
	{ "media", N_("a sheet of paper has no pictures, sounds or films: delete the column") },
	{ "image", N_("a sheet of paper has no pictures, sounds or films: delete the column") },
	{ "big-image", N_("a sheet of paper has no pictures, sounds or films: delete the column") },
	{ "audio", N_("a sheet of paper has no pictures, sounds or films: delete the column") },
	{ "video", N_("a sheet of paper has no pictures, sounds or films: delete the column") },
	{ "autoplay", N_("a sheet of paper has no pictures, sounds or films: delete the column") },
	{ "repeat_count",
	    N_("a sheet has a fixed number of rows and cannot repeat: delete the column") },
	{ "trigger", N_("a sheet of paper calculates nothing: delete the column") },
	{ "geometry", N_("a sheet of paper has no maps: delete the column") },
};

/* Languages that are written without their code, in the words of those who do. */
static const struct {
	const char *present;
	const char *names[4];
} well_known[] = {
	{ "Italiano (it)", { "italiano", "italian" } },
	{ "Deutsch (de)", { "deutsch", "german", "tedesco" } },
	{ "Français (fr)", { "français", "francais", "french", "francese" } },
	{ "Slovenščina (sl)", { "slovenščina", "slovenian", "slovene", "sloveno" } },
	{ "English (en)", { "english", "inglese" } },
};

const char *
column_name(FormColumn column)
{
	return known[column].name;
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

const char *
well_known_lang(const char *name)
{
	g_autofree char *folded = g_utf8_casefold(name, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(well_known); i++)
		for (gsize n = 0; n < G_N_ELEMENTS(well_known[i].names); n++)
			if (g_strcmp0(well_known[i].names[n], folded) == 0)
				return well_known[i].present;
	return NULL;
}

/* What stands behind "label" and one or two colons; NULL where nothing does. Returns: (transfer full) */
static char *
lang_part(const char *header)
{
	const char *colon = strchr(header, ':');

	if (colon == NULL)
		return NULL;
	colon += strspn(colon, ":");
	return g_strstrip(g_strdup(colon));
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
		const char *header = table_header(table, at);
		g_autofree char *base = g_strndup(header, strcspn(header, ":"));
		g_autofree char *text = lang_part(header);
		g_autofree char *code = NULL;

		if (text == NULL ||
		    g_ascii_strcasecmp(g_strchomp(base), known[SURVEY_LABEL].name) != 0)
			continue;
		if (strstr(header, "::") != NULL)
			code = read_lang(text, NULL);
		if (code == NULL && reader->source->tolerant && well_known_lang(text) != NULL)
			code = read_lang(well_known_lang(text), NULL);
		if (code != NULL && find_lang(reader, code) < 0 &&
		    reader->form->langs->len < FORM_LANGS_MAX)
			g_ptr_array_add(reader->form->langs, g_steal_pointer(&code));
	}
}

/* The column's name as it is written today. */
static void
set_header(FormReader *reader, FormFile file, guint at, const char *base, const char *lang)
{
	char **header = (char **)&g_ptr_array_index(reader->headers[file], at);

	g_free(*header);
	*header = *lang != '\0' ? g_strconcat(base, "::", lang, NULL) : g_strdup(base);
}

static void say_header(FormReader *reader, Severity severity, FormFile file, guint at,
    const char *code, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* What is wrong with the name of a column. */
static void
say_header(FormReader *reader, Severity severity, FormFile file, guint at, const char *code,
    const char *format, ...)
{
	const Table *table = reader->tables[file];
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	reader_say_at(reader, severity, file, table_header_number(table), (int)at,
	    table_header(table, at), code, "%s", text);
}

static void
set_column(FormReader *reader, FormFile file, FormColumn column, int lang, guint at)
{
	int *place = &reader->columns[column][lang];

	if (*place >= 0) {
		g_autofree char *one = column_letters((guint)*place);
		g_autofree char *other = column_letters(at);

		say_header(reader, SEVERITY_ERROR, file, at, "duplicate-column",
		    _("columns %s and %s say the same: keep one"), one, other);
		return;
	}
	*place = (int)at;
}

/* The language of a header, with its name; where it has no code, that of the name where forms come from outside.
 * Returns: (transfer full) (nullable) */
static char *
header_lang(
    FormReader *reader, FormFile file, FormColumn column, const char *text, guint at, char **name)
{
	const char *present = well_known_lang(text);
	char *code = read_lang(text, name);

	if (code != NULL)
		return code;
	if (present == NULL || !reader->source->tolerant) {
		g_autofree char *with_code = g_strdup_printf("%s (CODE)", text);

		say_header(reader, SEVERITY_ERROR, file, at, "language",
		    _("the language has no code: write %s::%s"), known[column].name,
		    present != NULL ? present : with_code);
		return NULL;
	}
	say_header(reader, SEVERITY_WARNING, file, at, "language",
	    _("«%s» has no code: %s is taken"), text, present);
	set_header(reader, file, at, known[column].name, present);
	return read_lang(present, name);
}

/* A language is called the same everywhere. */
static void
check_lang_name(FormReader *reader, FormFile file, const char *code, const char *name, guint at)
{
	const char *written = g_hash_table_lookup(reader->lang_names, code);

	if (written == NULL && name != NULL)
		g_hash_table_insert(reader->lang_names, g_strdup(code), g_strdup(name));
	if (written == NULL || name == NULL || g_ascii_strcasecmp(written, name) == 0)
		return;
	say_header(reader, SEVERITY_ERROR, file, at, "unknown-language",
	    _("elsewhere this language is written %s (%s): write it the same everywhere"), written,
	    code);
}

/* A header with a language, "label::Italiano (it)"; without, it is in the form's own. */
static void
set_translated(FormReader *reader, FormFile file, FormColumn column, const char *text, guint at)
{
	g_autofree char *name = NULL;
	g_autofree char *code = NULL;
	int lang;

	set_header(reader, file, at, known[column].name, text);
	code = *text != '\0' ? header_lang(reader, file, column, text, at, &name)
			     : g_strdup(reader->form->default_lang);
	if (code == NULL) {
		if (reader->columns[column][0] < 0) /* likely the form's own */
			reader->columns[column][0] = (int)at;
		return;
	}
	lang = find_lang(reader, code);
	if (lang < 0) {
		say_header(reader, SEVERITY_ERROR, file, at, "unknown-language",
		    _("the survey has no label in this language (%s)"), code);
		return;
	}
	check_lang_name(reader, file, code, name, at);
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

/* What to do with a column that no sheet of paper can follow; NULL for others. */
static const char *
find_unread(const char *header)
{
	for (gsize i = 0; i < G_N_ELEMENTS(unread); i++) {
		const gsize length = strlen(unread[i].name);

		if (g_ascii_strncasecmp(header, unread[i].name, length) == 0 &&
		    (header[length] == '\0' || header[length] == ':'))
			return unread[i].advice;
	}
	return NULL;
}

static void
say_unknown(FormReader *reader, FormFile file, guint at)
{
	const char *advice = find_unread(table_header(reader->tables[file], at));
	g_autoptr(GString) names = g_string_new(NULL);

	for (FormColumn i = first_of[file]; i < first_of[file + 1]; i++)
		g_string_append_printf(names, "%s%s%s", names->len > 0 ? ", " : "", known[i].name,
		    known[i].translated ? "::LANGUAGE (CODE)" : "");
	if (advice != NULL)
		say_header(reader, SEVERITY_ERROR, file, at, "unknown-column", "%s", _(advice));
	else
		say_header(reader, SEVERITY_ERROR, file, at, "unknown-column",
		    _("unknown column; known: %s"), names->str);
}

/* Choices may have columns of the author's own, for choice_filter and exports. */
static gboolean
set_free(FormReader *reader, FormFile file, const char *header, guint at)
{
	if (file != FILE_CHOICES || find_unread(header) != NULL ||
	    !name_is_good(header, strlen(header)) || g_hash_table_contains(reader->free, header))
		return FALSE;
	g_hash_table_insert(reader->free, g_strdup(header), GUINT_TO_POINTER(at + 1));
	set_header(reader, file, at, header, "");
	return TRUE;
}

char *
present_column(const char *header)
{
	g_autofree char *folded = g_ascii_strdown(header, -1);
	const char *present = present_word(folded);

	return present != NULL ? g_strdup(present) : g_steal_pointer(&folded);
}

static void
say_old(FormReader *reader, FormFile file, guint at, const char *base, const char *lang)
{
	say_header(reader, reader_mild(reader), file, at, "old-word",
	    _("a word of older forms: write %s%s%s"), base, *lang != '\0' ? "::" : "", lang);
}

/* "label:english", with one colon, of before there were two. */
static gboolean
set_single_colon(
    FormReader *reader, FormFile file, const char *folded, const char *header, guint at)
{
	g_autofree char *base = g_strchomp(g_strndup(folded, strcspn(folded, ":")));
	const FormColumn column = find_known(file, base);
	g_autofree char *text = lang_part(header);
	const char *present = text != NULL ? well_known_lang(text) : NULL;

	if (text == NULL || column == FORM_COLUMNS || !known[column].translated)
		return FALSE;
	say_old(reader, file, at, known[column].name, present != NULL ? present : "Italiano (it)");
	set_translated(
	    reader, file, column, reader->source->tolerant && present != NULL ? present : "", at);
	return TRUE;
}

static void
set_known(FormReader *reader, FormFile file, FormColumn column, guint at)
{
	if (known[column].translated) {
		set_translated(reader, file, column, "", at);
		return;
	}
	set_header(reader, file, at, known[column].name, "");
	set_column(reader, file, column, 0, at);
}

static void
read_header(FormReader *reader, FormFile file, guint at)
{
	const char *header = table_header(reader->tables[file], at);
	g_autofree char *folded = g_ascii_strdown(header, -1);
	const char *present = present_word(folded);
	const char *colons = strstr(folded, "::");
	FormColumn column = present != NULL ? find_known(file, present) : FORM_COLUMNS;

	if (column < FORM_COLUMNS) {
		say_old(reader, file, at, present, "");
		set_known(reader, file, column, at);
		return;
	}
	column = find_known(file, folded);
	if (column < FORM_COLUMNS) {
		set_known(reader, file, column, at);
		return;
	}
	if (colons != NULL) {
		g_autofree char *base = g_strchomp(g_strndup(folded, (gsize)(colons - folded)));

		column = find_known(file, base);
		if (column < FORM_COLUMNS && known[column].translated) {
			g_autofree char *text = lang_part(header);

			set_translated(reader, file, column, text, at);
			return;
		}
	}
	if ((colons != NULL || !set_single_colon(reader, file, folded, header, at)) &&
	    !set_free(reader, file, header, at))
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
				g_autofree char *letter = column_letters(at);

				reader_say_at(reader, SEVERITY_ERROR, file,
				    reader_row(reader, file, row), (int)at, letter, "extra-cell",
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
			g_autofree char *letter = column_letters(at);

			reader_say_at(reader, SEVERITY_ERROR, file, table_header_number(table),
			    (int)at, reader->source->cells ? NULL : letter, "unknown-column",
			    _("the column has no name"));
		}
	}
	for (FormColumn i = first_of[file]; i < first_of[file + 1]; i++)
		if (known[i].needed && reader->columns[i][0] < 0)
			reader_say_at(reader, SEVERITY_ERROR, file, table_header_number(table), -1,
			    known[i].name, "missing-column",
			    known[i].translated
				? _("the column is missing in the form's own language (default_language in settings: %s)")
				: _("the column is missing"),
			    reader->form->default_lang);
	check_widths(reader, file);
}
