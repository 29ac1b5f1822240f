/* The answers of a section in the words of a summary. */
#include "render/render.h"

/* "1. Costi\n2. Tempi": a ranking is read downwards. */
static char *
ranking_lines(const Form *form, const Item *item, const char *value, const char *lang)
{
	g_auto(GStrv) names = g_strsplit(value, " ", 0);
	g_autoptr(GString) lines = g_string_new(NULL);

	for (gsize i = 0; names[i] != NULL; i++) {
		const Choice *choice = choice_list_find(item->list, names[i]);

		if (choice == NULL) /* incomplete: "costi:1 tempi:1" */
			return answer_words(form, item, value, lang);
		g_string_append_printf(lines, "%s%zu. %s", i > 0 ? "\n" : "", i + 1,
		    form_text(form, choice->labels, lang));
	}
	return g_string_free(g_steal_pointer(&lines), FALSE);
}

static char *
answer_shown(const Form *form, const Item *item, const char *value, const char *lang)
{
	if (item->layout == LAYOUT_RANK)
		return ranking_lines(form, item, value, lang);
	return answer_words(form, item, value, lang);
}

static GHashTable *
words_of(const FormView *view, GHashTable *values, const char *lang)
{
	GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	const Form *form = form_view_form(view);
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, values);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const Item *item = form_item(form, name);

		if (item != NULL)
			g_hash_table_insert(words, name, answer_shown(form, item, value, lang));
	}
	return words;
}

static GPtrArray *
remarks_of(const FormView *view, const GPtrArray *findings, const char *lang)
{
	GPtrArray *remarks = findings_new();

	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);
		g_autofree char *text =
		    form_remark(form_view_form(view), finding->place, finding->code, lang);

		if (finding->severity != SEVERITY_NOTE)
			findings_add(
			    remarks, finding->severity, finding->code, finding->place, "%s", text);
	}
	return remarks;
}

SummarySection *
summary_section_new(const FormView *view, const Section *section, GHashTable *values,
    const GPtrArray *findings, const char *lang)
{
	SummarySection *made = g_new0(SummarySection, 1);

	made->view = view;
	made->section = section;
	if (values == NULL)
		return made;
	made->values = values;
	made->words = words_of(view, values, lang);
	made->remarks = remarks_of(view, findings, lang);
	return made;
}

void
summary_section_free(SummarySection *section)
{
	g_clear_pointer(&section->words, g_hash_table_unref);
	g_clear_pointer(&section->remarks, g_ptr_array_unref);
	g_free(section);
}
