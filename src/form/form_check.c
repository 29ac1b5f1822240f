/* What only shows when the whole form is read: sections, grids, numbers, lists, languages. */
#include "form/read.h"
#include "form/view.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static gboolean
draws_something(const Item *item)
{
	for (guint i = 0; i < item->items->len; i++)
		if (draws_something(g_ptr_array_index(item->items, i)))
			return TRUE;
	return item->type != NULL && item->layout != LAYOUT_NONE;
}

static void
find_sections(FormReader *reader)
{
	Form *form = reader->form;

	for (guint i = 0; i < form->items->len; i++) {
		Item *item = g_ptr_array_index(form->items, i);
		Section *section;

		if (item->type != NULL && item->layout != LAYOUT_NONE)
			reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE, item->row, "no-section",
			    _("%s stands in no group: each sheet is made of one outermost group"),
			    item->name);
		if (item->type != NULL || !draws_something(item))
			continue;
		section = g_new0(Section, 1);
		section->group = item;
		section->name = item->name;
		section->number = item->number;
		g_ptr_array_add(form->sections, section);
		if (*item->number == '\0' && reader->columns[SURVEY_NUMBER][0] >= 0)
			reader_say(reader, SEVERITY_WARNING, SURVEY_NUMBER, item->row, "no-number",
			    _("the section %s has no number: its questions are not counted"),
			    item->name);
	}
}

/* One line for each row under the same heads: what render/ draws as a table. */
static void
check_grid_row(FormReader *reader, const Item *grid, const Item *row)
{
	const Item *first = g_ptr_array_index(grid->items, 0);

	if (row->type == NULL || row->layout != LAYOUT_CHOICES)
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE, row->row, "table-list",
		    _("the group %s is a table-list: its rows are select_one or select_multiple"),
		    grid->name);
	else if (first->type != NULL && first->list != NULL &&
		 (row->type != first->type || row->list != first->list))
		reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE, row->row, "table-list",
		    _("the group %s is a table-list: all its rows are %s %s, as row %u is"),
		    grid->name, first->type->name, first->list->name, first->row);
	if (row->choice_filter != NULL)
		reader_say(reader, SEVERITY_ERROR, SURVEY_CHOICE_FILTER, row->row, "table-list",
		    _("the group %s is a table-list: its rows have the same choices, without choice_filter"),
		    grid->name);
}

static void
check_group(FormReader *reader, const Item *group)
{
	if (group->items->len == 0)
		reader_say(reader, group->layout == LAYOUT_GRID ? SEVERITY_ERROR : SEVERITY_WARNING,
		    SURVEY_TYPE, group->row, "empty-group", _("the group %s is empty"),
		    group->name);
	for (guint i = 0; i < group->items->len; i++) {
		const Item *item = g_ptr_array_index(group->items, i);

		if (group->layout == LAYOUT_GRID)
			check_grid_row(reader, group, item);
		else if (group->layout == LAYOUT_LIST && item->type == NULL)
			reader_say(reader, SEVERITY_ERROR, SURVEY_TYPE, item->row, "field-list",
			    _("the group %s is a field-list: there is no group inside it"),
			    group->name);
	}
}

typedef struct {
	const char *last;
	GHashTable *seen; /* number -> the first item that has it */
} Numbering;

/* Rows with one number are one question: they stand together, in the section of that number. */
static void
check_number(FormReader *reader, const Item *item, Numbering *numbering)
{
	const Section *section = form_item_section(reader->form, item);
	const Item *first = g_hash_table_lookup(numbering->seen, item->number);
	g_autofree char *prefix = g_strconcat(section != NULL ? section->number : "", ".", NULL);

	if (*item->number == '\0' || item->parent == NULL)
		return;
	if (strlen(prefix) > 1 && !g_str_has_prefix(item->number, prefix))
		reader_say(reader, SEVERITY_WARNING, SURVEY_NUMBER, item->row, "number-place",
		    _("the number %s stands in section %s"), item->number, section->number);
	if (first == NULL)
		g_hash_table_insert(numbering->seen, item->number, (gpointer)item->name);
	else if (g_strcmp0(numbering->last, item->number) != 0)
		reader_say(reader, SEVERITY_WARNING, SURVEY_NUMBER, item->row, "number-repeated",
		    _("the number %s occurs before, and others stand between"), item->number);
	numbering->last = item->number;
}

static void
check_items(FormReader *reader, const GPtrArray *items, Numbering *numbering)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (item->type == NULL)
			check_group(reader, item);
		check_number(reader, item, numbering);
		check_items(reader, item->items, numbering);
	}
}

static void
check_lists(FormReader *reader)
{
	g_autoptr(GList) lists =
	    g_list_sort(g_hash_table_get_keys(reader->form->lists), (GCompareFunc)strcmp);

	for (const GList *link = lists; link != NULL; link = link->next) {
		ChoiceList *list = g_hash_table_lookup(reader->form->lists, link->data);

		if (!g_hash_table_contains(reader->used, list))
			reader_say_at(reader, SEVERITY_WARNING, FILE_CHOICES, 0, -1, NULL,
			    "unused-list", _("the list %s is used nowhere"), list->name);
	}
}

static gboolean
lacks(const GPtrArray *labels, guint lang)
{
	return g_ptr_array_index(labels, 0) != NULL && g_ptr_array_index(labels, lang) == NULL;
}

/* How many labels a file lacks in a language, and the first row that does. */
typedef struct {
	guint count;
	guint row;
} Lacking;

static void
note_lacking(Lacking *lacking, guint row)
{
	if (lacking->count++ == 0 || row < lacking->row)
		lacking->row = row;
}

static void
find_untranslated(const GPtrArray *items, guint lang, Lacking *lacking)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (item->layout != LAYOUT_NONE && lacks(item->labels, lang))
			note_lacking(lacking, item->row);
		find_untranslated(item->items, lang, lacking);
	}
}

static void
find_untranslated_choices(const Form *form, guint lang, Lacking *lacking)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, form->lists);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ChoiceList *list = value;

		for (guint i = 0; i < list->choices->len; i++) {
			const Choice *choice = g_ptr_array_index(list->choices, i);

			if (lacks(choice->labels, lang))
				note_lacking(lacking, choice->row);
		}
	}
}

static void
say_lacking(FormReader *reader, FormColumn column, const char *code, const Lacking *lacking)
{
	if (lacking->count > 0)
		reader_say(reader, SEVERITY_WARNING, column, lacking->row, "missing-translation",
		    ngettext(
			"%u label is missing in %s, this one: sheets show it in %s; translate it",
			"%u labels are missing in %s, this one first: sheets show them in %s; translate them",
			lacking->count),
		    lacking->count, code, reader->form->default_lang);
}

static void
check_translations(FormReader *reader)
{
	const Form *form = reader->form;

	if (reader->columns[SURVEY_LABEL][0] < 0) /* said already, and nothing to compare with */
		return;
	for (guint lang = 1; lang < form->langs->len; lang++) {
		const char *code = g_ptr_array_index(form->langs, lang);
		Lacking rows = { 0 };
		Lacking choices = { 0 };

		find_untranslated(form->items, lang, &rows);
		find_untranslated_choices(form, lang, &choices);
		say_lacking(reader, SURVEY_LABEL, code, &rows);
		say_lacking(reader, CHOICES_LABEL, code, &choices);
	}
}

static void
check_settings(FormReader *reader)
{
	const char *sections = g_hash_table_lookup(reader->form->settings, "sezioni_contate");
	const char *namespaces = g_hash_table_lookup(reader->form->settings, "namespaces");
	g_auto(GStrv) names = g_strsplit(sections != NULL ? sections : "", " ", -1);
	gboolean extended = FALSE;

	for (gsize i = 0; names[i] != NULL; i++)
		if (*names[i] != '\0' && form_section(reader->form, names[i]) == NULL)
			reader_say(reader, SEVERITY_ERROR, SETTINGS_SECTIONS,
			    reader_row(reader, FILE_SETTINGS, 0), "missing-reference",
			    _("%s is no section"), names[i]);
	for (FormColumn i = SURVEY_NUMBER; i <= SURVEY_RESERVED; i++)
		extended = extended || reader->columns[i][0] >= 0;
	if (extended && (namespaces == NULL || strstr(namespaces, "anci=") == NULL))
		reader_say(reader, SEVERITY_WARNING, SETTINGS_NAMESPACES,
		    table_header_number(reader->tables[FILE_SETTINGS]) + 1, "namespaces",
		    _("other programs expect anci=\"...\" here, because of the columns bind::anci:"));
}

static void
add_name(GPtrArray *names, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, g_strdup(name));
}

/* pulldata() in a condition itself: its columns decide. */
static void
add_pulled(FormInner *inner, const Node *node)
{
	const gboolean asks_registry =
	    function_is(node, "pulldata") && g_strcmp0(node_child(node, 0)->text, REGISTRY) == 0;

	for (guint i = 1; asks_registry && i < 3; i++) {
		const Node *column = node_child(node, i);
		g_autofree char *fact =
		    g_strconcat("@", column->text != NULL ? column->text : "", NULL);

		add_name(inner->deciders, fact);
	}
	for (guint i = 0; i < node_children(node); i++)
		add_pulled(inner, node_child(node, i));
}

/* The known values in conditions: units that have the same are asked the same. */
static void
find_deciders(Form *form, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		find_deciders(form, item->items);
		if (item->relevant == NULL)
			continue;
		add_pulled(form->inner, item->relevant->root);
		for (guint r = 0; r < item->relevant->references->len; r++) {
			const Item *named =
			    form_item(form, g_ptr_array_index(item->relevant->references, r));

			if (named != NULL && named->layout == LAYOUT_NONE)
				add_name(form->inner->deciders, named->name);
		}
	}
}

static void
find_facts(Form *form, const GPtrArray *items)
{
	const Unit nobody = { 0 };

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		g_autofree char *value = NULL;

		find_facts(form, item->items);
		if (item->type == NULL || strcmp(item->type->name, "hidden") != 0)
			continue;
		value = unit_attribute(&nobody, item->name);
		if (value != NULL)
			add_name(form->inner->facts, item->name);
	}
}

void
check_form(FormReader *reader)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	Numbering numbering = { .seen = seen };

	find_sections(reader);
	find_facts(reader->form, reader->form->items);
	find_deciders(reader->form, reader->form->items);
	check_items(reader, reader->form->items, &numbering);
	check_expressions(reader);
	check_lists(reader);
	check_translations(reader);
	check_settings(reader);
}
