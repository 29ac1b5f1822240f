#include "form/read.h"

#include "base/error.h"

#include <string.h>

static void
choice_free(Choice *choice)
{
	g_free(choice->name);
	g_clear_pointer(&choice->labels, g_ptr_array_unref);
	g_clear_pointer(&choice->columns, g_hash_table_unref);
	g_clear_pointer(&choice->others, g_ptr_array_unref);
	g_free(choice);
}

void
choice_list_free(ChoiceList *list)
{
	g_free(list->name);
	g_ptr_array_unref(list->choices);
	g_free(list);
}

ChoiceList *
reader_list(FormReader *reader, const char *name)
{
	ChoiceList *list = g_hash_table_lookup(reader->form->lists, name);

	if (list != NULL)
		return list;
	list = g_new0(ChoiceList, 1);
	list->name = g_strdup(name);
	list->choices = g_ptr_array_new_with_free_func((GDestroyNotify)choice_free);
	g_hash_table_insert(reader->form->lists, list->name, list);
	return list;
}

/* Names become parts of field and column names; statistics programs do not tell A from a. */
static gboolean
check_name(FormReader *reader, guint row, const ChoiceList *list, const char *name)
{
	if (!name_is_good(name, strlen(name))) {
		reader_say(reader, SEVERITY_ERROR, CHOICES_NAME,
		    reader_row(reader, FILE_CHOICES, row), "bad-name",
		    _("«%s»: a name begins with a letter and has letters without accents, digits and _, at most %d"),
		    name, FORM_NAME_MAX);
		return FALSE;
	}
	for (guint i = 0; i < list->choices->len; i++) {
		const Choice *other = g_ptr_array_index(list->choices, i);

		if (g_ascii_strcasecmp(other->name, name) == 0 &&
		    !(reader->duplicates && strcmp(other->name, name) == 0)) {
			reader_say(reader, SEVERITY_ERROR, CHOICES_NAME,
			    reader_row(reader, FILE_CHOICES, row), "duplicate-choice",
			    _("list %s has the choice %s already"), list->name, other->name);
			return FALSE;
		}
	}
	return TRUE;
}

static Choice *
read_choice(FormReader *reader, guint row, const char *name)
{
	Choice *choice = g_new0(Choice, 1);
	GHashTableIter iter;
	gpointer column, at;

	choice->name = g_strdup(name);
	choice->row = reader_row(reader, FILE_CHOICES, row);
	choice->labels = reader_texts(reader, row, CHOICES_LABEL);
	choice->exclusive = reader_flag(reader, row, CHOICES_EXCLUSIVE);
	choice->columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(choice->columns, g_strdup(column_name(CHOICES_EXCLUSIVE)),
	    g_strdup(reader_cell(reader, row, CHOICES_EXCLUSIVE)));
	g_hash_table_iter_init(&iter, reader->free);
	while (g_hash_table_iter_next(&iter, &column, &at)) {
		int cell = (int)GPOINTER_TO_UINT(at) - 1;

		g_hash_table_insert(choice->columns, g_strdup(column),
		    g_strdup(table_cell(reader->tables[FILE_CHOICES], row, cell)));
	}
	if (g_ptr_array_index(choice->labels, 0) == NULL && reader->columns[CHOICES_LABEL][0] >= 0)
		reader_say(reader, SEVERITY_ERROR, CHOICES_LABEL,
		    reader_row(reader, FILE_CHOICES, row), "missing-label",
		    _("the choice %s has no label"), name);
	return choice;
}

static gboolean
same_labels(const Choice *one, const Choice *other)
{
	for (guint i = 0; i < one->labels->len; i++)
		if (g_strcmp0(g_ptr_array_index(one->labels, i),
			g_ptr_array_index(other->labels, i)) != 0)
			return FALSE;
	return TRUE;
}

/* A choice under several conditions has a row for each (settings, allow_choice_duplicates): one choice to tick. */
static void
add_choice(FormReader *reader, guint row, ChoiceList *list, Choice *choice)
{
	for (guint i = 0; i < list->choices->len; i++) {
		Choice *first = g_ptr_array_index(list->choices, i);

		if (strcmp(first->name, choice->name) != 0)
			continue;
		if (!same_labels(first, choice))
			reader_say(reader, SEVERITY_ERROR, CHOICES_LABEL,
			    reader_row(reader, FILE_CHOICES, row), "duplicate-choice",
			    _("list %s has the choice %s already, with another label"), list->name,
			    choice->name);
		if (first->others == NULL)
			first->others = g_ptr_array_new_with_free_func((GDestroyNotify)choice_free);
		g_ptr_array_add(first->others, choice);
		return;
	}
	g_ptr_array_add(list->choices, choice);
}

static void
read_row(FormReader *reader, guint row)
{
	const char *list_name = reader_cell(reader, row, CHOICES_LIST);
	const char *name = reader_cell(reader, row, CHOICES_NAME);
	ChoiceList *list;

	if (!name_is_good(list_name, strlen(list_name))) {
		reader_say(reader, SEVERITY_ERROR, CHOICES_LIST,
		    reader_row(reader, FILE_CHOICES, row), "bad-name",
		    _("«%s»: a name begins with a letter and has letters without accents, digits and _, at most %d"),
		    list_name, FORM_NAME_MAX);
		return;
	}
	list = reader_list(reader, list_name);
	if (list->choices->len == FORM_CHOICES_MAX)
		reader_say(reader, SEVERITY_ERROR, CHOICES_LIST,
		    reader_row(reader, FILE_CHOICES, row), "too-long",
		    _("list %s has more than %d choices"), list_name, FORM_CHOICES_MAX);
	if (list->choices->len == FORM_CHOICES_MAX)
		return;
	if (check_name(reader, row, list, name))
		add_choice(reader, row, list, read_choice(reader, row, name));
	else
		g_hash_table_add(reader->crippled, list);
}

void
read_choices(FormReader *reader)
{
	if (reader->columns[CHOICES_LIST][0] < 0 || reader->columns[CHOICES_NAME][0] < 0)
		return;
	for (guint row = 0; row < table_rows(reader->tables[FILE_CHOICES]); row++)
		if (!reader_row_is_blank(reader, FILE_CHOICES, row))
			read_row(reader, row);
}
