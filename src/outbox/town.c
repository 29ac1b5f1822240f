#include "outbox/town.h"

#include "outbox/correct.h"

#include "base/error.h"
#include "base/lang.h"

#include <string.h>

void
mail_town_free(MailTown *town)
{
	if (town == NULL)
		return;
	g_free(town->sections);
	g_free(town->lang);
	g_free(town->facts);
	g_free(town->name);
	unit_free(town->unit);
	form_view_free(town->view);
	memory_free(town->printed);
	g_clear_pointer(&town->listed, g_ptr_array_unref);
	g_clear_pointer(&town->fields, g_hash_table_unref);
	g_clear_pointer(&town->parts, g_hash_table_unref);
	g_free(town);
}

static void
free_part(gpointer part)
{
	correction_part_free(part);
}

MailTown *
mail_town_new(void)
{
	MailTown *town = g_new0(MailTown, 1);

	town->fields = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref);
	town->parts = g_hash_table_new_full(NULL, NULL, NULL, free_part);
	return town;
}

static MailTown *
town_from(Rows *rows)
{
	MailTown *town = mail_town_new();

	town->unit_id = rows_int(rows, 0);
	town->sections = g_strdup(rows_text(rows, 1));
	town->serial = rows_int(rows, 2);
	town->lang = g_strdup(rows_text(rows, 3));
	town->memory = rows_int(rows, 4);
	town->facts = g_strdup(rows_text(rows, 5));
	town->name = g_strdup(rows_text(rows, 6));
	return town;
}

GPtrArray *
towns_of_delegate(Store *store, gint64 dispatch_id, GError **error)
{
	g_autoptr(GPtrArray) towns = g_ptr_array_new_with_free_func((GDestroyNotify)mail_town_free);
	g_autoptr(Rows) rows = store_query(store, error, SQL_outbox_town_list, "i", dispatch_id);
	g_autoptr(GError) why = NULL;

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		g_ptr_array_add(towns, town_from(rows));
	if (why == NULL)
		return g_steal_pointer(&towns);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

MailTown *
mail_town_of(const Dispatch *dispatch, gint64 serial)
{
	MailTown *town = mail_town_new();

	town->unit_id = dispatch->unit_id;
	town->sections = g_strdup(dispatch->sections);
	town->serial = serial;
	town->lang = g_strdup(dispatch->lang);
	town->memory = dispatch->memory;
	town->facts = g_strdup(dispatch->facts);
	town->name = g_strdup("");
	return town;
}

static gboolean
find_sections(const OutboxTools *tools, MailTown *town, GError **error)
{
	g_auto(GStrv) names = g_strsplit(town->sections, " ", 0);

	town->listed = g_ptr_array_new();
	for (gsize i = 0; names[i] != NULL; i++) {
		const Section *section = form_section(tools->form, names[i]);

		if (section == NULL)
			return fail(error, PLICO_ERROR_CONFIG,
			    _("section %s is no longer in the questionnaire; put it back, or plan the wave again"),
			    names[i]);
		g_ptr_array_add(town->listed, (gpointer)(guintptr)section);
	}
	return TRUE;
}

gboolean
mail_town_open(const OutboxTools *tools, MailTown *town, GError **error)
{
	town->unit = registry_unit(tools->store, town->unit_id, error);
	if (town->unit == NULL)
		return FALSE;
	town->view = form_view_new_as_of(tools->form, town->unit, town->facts);
	town->printed =
	    memory_printed(tools->store, tools->form, town->unit_id, town->memory, error);
	return town->printed != NULL && find_sections(tools, town, error);
}

static Attachment *
part_sheet(const OutboxTools *tools, const MailTown *town, const Section *section,
    const CorrectionPart *part, GError **error)
{
	g_autofree char *name = renderer_correction_name(tools->renderer, town->unit, section);
	const SheetCorrection asks = { .view = part->view,
		.section = section,
		.number = part->number,
		.remarks = part->remarks,
		.values = part->fields };
	Stem *stem = NULL;
	g_autoptr(GBytes) update = renderer_correction(
	    tools->renderer, town->unit, &asks, (guint)town->serial, town->lang, &stem, error);

	return update != NULL ? attachment_new_on_stem(name, stem, update) : NULL;
}

Attachment *
mail_town_sheet(
    const OutboxTools *tools, const MailTown *town, const Section *section, GError **error)
{
	const CorrectionPart *part = g_hash_table_lookup(town->parts, section);
	g_autofree char *name = renderer_sheet_name(tools->renderer, town->unit, section);
	Stem *stem = NULL;
	g_autoptr(GBytes) update = NULL;

	if (part != NULL)
		return part_sheet(tools, town, section, part, error);
	update = renderer_sheet_remembering(tools->renderer, town->unit, town->view, section,
	    (guint)town->serial, town->lang, town->printed,
	    g_hash_table_lookup(town->fields, section), &stem, error);

	return update != NULL ? attachment_new_on_stem(name, stem, update) : NULL;
}

char *
towns_lang(const GPtrArray *towns)
{
	const char *first = NULL;
	const char *second = NULL;

	for (guint i = 0; i < towns->len; i++) {
		const MailTown *town = g_ptr_array_index(towns, i);
		const char *const spoken[] = { lang_first(town->lang), lang_second(town->lang) };

		for (gsize k = 0; k < G_N_ELEMENTS(spoken) && spoken[k] != NULL; k++) {
			if (first == NULL)
				first = spoken[k];
			else if (second == NULL && strcmp(spoken[k], first) != 0)
				second = spoken[k];
		}
	}
	return second == NULL ? g_strdup(first != NULL ? first : "it")
			      : g_strdup_printf("%s+%s", first, second);
}

const char *
towns_name(const GPtrArray *towns)
{
	const char *name = "";

	for (guint i = 0; i < towns->len; i++) {
		const MailTown *town = g_ptr_array_index(towns, i);

		if (*town->name == '\0')
			continue;
		if (*name != '\0' && strcmp(name, town->name) != 0)
			return "";
		name = town->name;
	}
	return name;
}
