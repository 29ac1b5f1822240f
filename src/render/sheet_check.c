/* What a form would not print well, found by laying its sheets out. */
#include "base/error.h"
#include "base/lang.h"
#include "render/render.h"
#include "render/sheet.h"

#include <string.h>

#define POPULATION_LARGE 1000000

typedef struct {
	const Form *form;
	GPtrArray *findings;
	GHashTable *said; /* set of "code place" */
} Check;

/* --- characters ----------------------------------------------------------------------------------------- */

/* The column of a text: "label", "hint (de)". */
static char *
column_of(const Check *check, const char *column, guint lang)
{
	const char *code = g_ptr_array_index(check->form->langs, lang);

	return strcmp(code, check->form->default_lang) == 0
		   ? g_strdup(column)
		   : g_strdup_printf("%s (%s)", column, code);
}

static void
check_glyphs(const Check *check, const char *text, const char *place)
{
	gunichar missing;
	char shown[7] = "";

	if (text == NULL || measure_can_draw(text, &missing))
		return;
	(void)g_unichar_to_utf8(missing, shown);
	findings_add(check->findings, SEVERITY_WARNING, "character", place,
	    _("the character «%s» (U+%04X) cannot be printed: a letter like it or «?» stands there; write it otherwise"),
	    shown, missing);
}

static void
check_texts(
    const Check *check, const char *file, guint row, const char *column, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++) {
		g_autofree char *name = column_of(check, column, i);
		g_autofree char *place =
		    g_strdup_printf(_("%s, row %u, column %s"), file, row, name);

		check_glyphs(check, g_ptr_array_index(texts, i), place);
	}
}

static void
check_items(const Check *check, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		check_texts(check, "survey.csv", item->row, "label", item->labels);
		check_texts(check, "survey.csv", item->row, "hint", item->hints);
		check_texts(check, "survey.csv", item->row, "guidance_hint", item->guidance);
		check_items(check, item->items);
	}
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static void
check_lists(const Check *check)
{
	g_autoptr(GList) names = g_hash_table_get_keys(check->form->lists);

	names = g_list_sort(names, by_name);
	for (const GList *at = names; at != NULL; at = at->next) {
		const ChoiceList *list = g_hash_table_lookup(check->form->lists, at->data);

		for (guint i = 0; i < list->choices->len; i++) {
			const Choice *choice = g_ptr_array_index(list->choices, i);

			check_texts(check, "choices.csv", choice->row, "label", choice->labels);
		}
	}
}

/* --- layout --------------------------------------------------------------------------------------------- */

/* What was said of a row for one language or town is not said again for another. */
static void
add_new(const Check *check, const GPtrArray *found, const char *lang)
{
	for (guint i = 0; i < found->len; i++) {
		const Finding *finding = g_ptr_array_index(found, i);
		g_autofree char *key = g_strdup_printf("%s %s", finding->code, finding->place);
		gboolean own = strcmp(lang, check->form->default_lang) == 0;
		g_autofree char *place = own ? g_strdup(finding->place)
					     : g_strdup_printf("%s (%s)", finding->place, lang);

		if (g_hash_table_add(check->said, g_steal_pointer(&key)))
			findings_add(check->findings, finding->severity, finding->code, place, "%s",
			    finding->text);
	}
}

/* @lang: as it is called in messages, "de+it". */
static void
try_sections(const Check *check, const FormView *view, const char *lang)
{
	g_autoptr(GPtrArray) sections = form_view_sections(view);
	g_autoptr(GPtrArray) found = findings_new();

	for (guint i = 0; i < sections->len; i++) {
		Sheet sheet = { .form = check->form,
			.view = view,
			.section = g_ptr_array_index(sections, i),
			.lang = lang_first(lang),
			.other = lang_second(lang),
			.findings = found };

		(void)sheet_try(&sheet);
	}
	add_new(check, found, lang);
}

static void
try_town(const Check *check, gint64 population)
{
	char empty[] = "";
	Unit unit = { .code = empty,
		.istat_code = empty,
		.name = empty,
		.name_other = empty,
		.province = empty,
		.province_code = empty,
		.region = empty,
		.area = empty,
		.zip = empty,
		.tax_code = empty,
		.ipa_code = empty,
		.lang = empty,
		.mayor = empty,
		.population = population };
	g_autoptr(FormView) view = form_view_new(check->form, &unit);
	const char *own = check->form->default_lang;

	for (guint i = 0; i < check->form->langs->len; i++) {
		const char *lang = g_ptr_array_index(check->form->langs, i);
		g_autofree char *both = g_strdup_printf("%s+%s", lang, own);

		if (!lang_check(lang)) /* no sheet is sent in it */
			continue;
		try_sections(check, view, lang);
		if (lang_check(both))
			try_sections(check, view, both);
	}
}

void
render_check_form(const Form *form, gint64 small, GPtrArray *findings)
{
	g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const Check check = { form, findings, said };

	check_glyphs(&check, form->title, _("settings.csv, column form_title"));
	check_items(&check, form->items);
	check_lists(&check);
	try_town(&check, POPULATION_LARGE);
	try_town(&check, small);
}
