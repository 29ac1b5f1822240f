#include "report/codebook.h"

#include "report/columns.h"

#include <string.h>

const UnitColumn unit_columns[] = {
	{ "codice", "codice catastale", FALSE },
	{ "istat", "codice ISTAT", TRUE },
	{ "denominazione", "nome del Comune", FALSE },
	{ "provincia", "provincia", FALSE },
	{ "sigla", "sigla della provincia", FALSE },
	{ "regione", "regione", FALSE },
	{ "ripartizione", "ripartizione geografica", FALSE },
	{ "popolazione", "popolazione legale", FALSE },
	{ NULL, NULL, FALSE },
};

typedef struct {
	const char *value;
	const char *label;
} Code;

static const Code unit_states[] = {
	{ "never_opened", "mai aperto" },
	{ "in_progress", "in compilazione" },
	{ "completed", "completato" },
	{ "declined", "ha rinunciato" },
	{ "excluded", "escluso" },
	{ NULL, NULL },
};

static const Code deliveries[] = {
	{ "not_sent", "invito non inviato" },
	{ "queued", "invito in coda" },
	{ "sent", "invito inviato" },
	{ "undelivered", "invito non consegnato" },
	{ "unknown", "esito dell'invio ignoto" },
	{ NULL, NULL },
};

static const Code section_states[] = {
	{ "", "sezione non inviata" },
	{ "sent", "sezione inviata" },
	{ "received_with_findings", "ricevuta, con errori" },
	{ "received", "ricevuta" },
	{ NULL, NULL },
};

static const Code chosen[] = { { "0", "no" }, { "1", "sì" }, { NULL, NULL } };

/* column, number, section, type, text, value, label */
static void
add_row(Csv *csv, const char *const cells[7])
{
	for (gsize i = 0; i < 7; i++)
		csv_text(csv, cells[i]);
	csv_end_row(csv);
}

static void
add_codes(Csv *csv, const char *column, const char *text, const Code *codes)
{
	for (; codes->value != NULL; codes++) {
		const char *const cells[] = { column, "", "", "codice", text, codes->value,
			codes->label };

		add_row(csv, cells);
	}
}

/* "Quanto sono usati? Sito": the labels of the groups inside the section, then the item's own. */
static char *
question_text(const Form *form, const Item *item)
{
	g_autoptr(GString) text = g_string_new(form_text(form, item->labels, form->default_lang));

	for (const Item *group = item->parent; group != NULL && group->parent != NULL;
	     group = group->parent) {
		const char *label = form_text(form, group->labels, form->default_lang);

		if (*label == '\0')
			continue;
		g_string_prepend_c(text, ' ');
		g_string_prepend(text, label);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_choices(Csv *csv, const Form *form, const Column *column, const char *text)
{
	for (guint i = 0; i < column->item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(column->item->list->choices, i);
		const char *const cells[] = { column->name, form_item_number(column->item),
			column->section->name, column->item->type->name, text, choice->name,
			form_text(form, choice->labels, form->default_lang) };

		add_row(csv, cells);
	}
}

static void
add_column(Csv *csv, const Form *form, const Column *column)
{
	const Item *item = column->item;
	const char *number = form_item_number(item);
	g_autofree char *text = question_text(form, item);
	const char *choice = column->choice != NULL
				 ? form_text(form, column->choice->labels, form->default_lang)
				 : "";
	g_autofree char *whole = g_strdup_printf("%s [%s]", text, choice);

	if (column->kind == COLUMN_VALUE && item->list != NULL) {
		add_choices(csv, form, column, text);
		return;
	}
	if (column->kind == COLUMN_CHOSEN) {
		for (const Code *code = chosen; code->value != NULL; code++)
			add_row(csv,
			    (const char *const[7]){ column->name, number, column->section->name,
				item->type->name, whole, code->value, code->label });
		return;
	}
	add_row(csv, (const char *const[7]){ column->name, number, column->section->name,
			 item->type->name, column->kind == COLUMN_POSITION ? whole : text, "",
			 column->kind == COLUMN_POSITION ? "posizione, da 1" : "" });
}

void
codebook_write(Csv *csv, const Form *form, const GPtrArray *columns)
{
	add_row(csv, (const char *const[7]){
			 "colonna", "numero", "sezione", "tipo", "testo", "valore", "etichetta" });
	for (const UnitColumn *column = unit_columns; column->name != NULL; column++)
		add_row(csv,
		    (const char *const[7]){ column->name, "", "", "testo", column->text, "", "" });
	add_row(csv,
	    (const char *const[7]){ "classe", "", "", "testo", "classe di popolazione", "", "" });
	add_codes(csv, "stato", "stato del Comune", unit_states);
	add_codes(csv, "consegna", "consegna dell'invito", deliveries);
	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);
		g_autofree char *name = g_strconcat(section->name, "_stato", NULL);
		g_autofree char *text = g_strdup_printf("stato della sezione %s", section->number);

		add_codes(csv, name, text, section_states);
	}
	for (guint i = 0; i < columns->len; i++)
		add_column(csv, form, g_ptr_array_index(columns, i));
}
