#include "report/codebook.h"

#include "report/columns.h"

#include <inttypes.h>

#define POPULATION_MAX 100000000 /* more than any town has */

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
	{ "confirmed", "ricevuta: risposte precedenti confermate, nulla di cambiato" },
	{ NULL, NULL },
};

static const Code chosen[] = { { "0", "no" }, { "1", "sì" }, { NULL, NULL } };

/* NULL is an empty cell. */
typedef struct {
	const char *column;
	const char *number;
	const char *section;
	const char *type;
	const char *text;
	const char *value;
	const char *label;
	const char *asked; /* of whom, and when; "" of everyone */
} Line;

static void
add_line(Csv *csv, const Line *line)
{
	const char *const cells[] = { line->column, line->number, line->section, line->type,
		line->text, line->value, line->label, line->asked };

	for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
		csv_text(csv, cells[i] != NULL ? cells[i] : "");
	csv_end_row(csv);
}

static void
add_codes(Csv *csv, const Line *of, const Code *codes)
{
	for (; codes->value != NULL; codes++) {
		Line line = *of;

		line.value = codes->value;
		line.label = codes->label;
		add_line(csv, &line);
	}
}

/* A town of which only the size is known. Returns: (transfer full) */
static FormView *
view_of_size(const Form *form, gint64 population)
{
	char none[] = "";
	const Unit unit = { .code = none,
		.istat_code = none,
		.name = none,
		.name_other = none,
		.province = none,
		.province_code = none,
		.region = none,
		.area = none,
		.zip = none,
		.tax_code = none,
		.ipa_code = none,
		.lang = none,
		.mayor = none,
		.population = population };

	return form_view_new(form, &unit);
}

static gboolean
is_asked(const Form *form, const Item *item, gint64 population)
{
	g_autoptr(FormView) view = view_of_size(form, population);

	return form_view_asked(view, item) != ASKED_NO;
}

/* The smallest population from which on the question is asked; 0: of all, -1: it is not the size that decides. */
static gint64
asked_from(const Form *form, const Item *item)
{
	gint64 without = 0;
	gint64 with = POPULATION_MAX;

	if (is_asked(form, item, 0))
		return is_asked(form, item, POPULATION_MAX) ? 0 : -1;
	if (!is_asked(form, item, POPULATION_MAX))
		return -1;
	while (with - without > 1) {
		gint64 middle = without + (with - without) / 2;

		if (is_asked(form, item, middle))
			with = middle;
		else
			without = middle;
	}
	return with;
}

/* "da 5001 abitanti; se la risposta alla 3.1 è «No»": without it an empty cell cannot be understood. */
static char *
whom_asked(const Form *form, const Item *item)
{
	g_autoptr(FormView) view = view_of_size(form, POPULATION_MAX);
	g_autofree char *condition = form_view_condition(view, item, form->default_lang);
	g_autoptr(GString) text = g_string_new(NULL);
	gint64 from = asked_from(form, item);

	if (from > 0)
		g_string_append_printf(text, "da %" PRId64 " abitanti", from);
	else if (from < 0)
		g_string_append(text, "secondo i dati del Comune");
	if (*condition != '\0')
		g_string_append_printf(text, "%sse %s", text->len > 0 ? "; " : "", condition);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* "Quanto sono usati? Sito": the labels of the groups inside the section, then the item's own. */
static char *
question_text(const Form *form, const Column *column)
{
	const Item *item = column->item;
	g_autoptr(GString) text = g_string_new(form_text(form, item->labels, form->default_lang));

	for (const Item *group = item->parent; group != NULL && group->parent != NULL;
	     group = group->parent) {
		const char *label = form_text(form, group->labels, form->default_lang);

		if (*label == '\0')
			continue;
		g_string_prepend_c(text, ' ');
		g_string_prepend(text, label);
	}
	if (column->choice != NULL)
		g_string_append_printf(
		    text, " [%s]", form_text(form, column->choice->labels, form->default_lang));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_choices(Csv *csv, const Form *form, const ChoiceList *list, const Line *of)
{
	for (guint i = 0; i < list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(list->choices, i);
		Line line = *of;

		line.value = choice->name;
		line.label = form_text(form, choice->labels, form->default_lang);
		add_line(csv, &line);
	}
}

static void
add_column(Csv *csv, const Form *form, const Column *column, const char *asked)
{
	g_autofree char *text = question_text(form, column);
	Line line = { .column = column->name,
		.number = form_item_number(column->item),
		.section = column->section->name,
		.type = column->item->type->name,
		.text = text,
		.asked = asked };

	switch (column->kind) {
	case COLUMN_CHOSEN:
		add_codes(csv, &line, chosen);
		break;
	case COLUMN_POSITION:
		line.label = "posizione, da 1";
		add_line(csv, &line);
		break;
	case COLUMN_VALUE:
		if (column->item->list != NULL)
			add_choices(csv, form, column->item->list, &line);
		else
			add_line(csv, &line);
		break;
	}
}

static void
add_unit_columns(Csv *csv, const Form *form)
{
	const Line heads = { "colonna", "numero", "sezione", "tipo", "testo", "valore", "etichetta",
		"chiesta" };
	const Line size = { .column = "classe", .type = "testo", .text = "classe di popolazione" };
	const Line state = { .column = "stato", .type = "codice", .text = "stato del Comune" };
	const Line delivery = {
		.column = "consegna", .type = "codice", .text = "consegna dell'invito"
	};

	add_line(csv, &heads);
	for (const UnitColumn *column = unit_columns; column->name != NULL; column++)
		add_line(csv,
		    &(const Line){ .column = column->name, .type = "testo", .text = column->text });
	add_line(csv, &size);
	add_codes(csv, &state, unit_states);
	add_codes(csv, &delivery, deliveries);
	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);
		g_autofree char *name = g_strconcat(section->name, "_stato", NULL);
		g_autofree char *text = g_strdup_printf("stato della sezione %s", section->number);
		const Line line = { .column = name, .type = "codice", .text = text };

		add_codes(csv, &line, section_states);
	}
}

void
codebook_write(Csv *csv, const Form *form, const GPtrArray *columns)
{
	g_autofree char *asked = NULL;

	add_unit_columns(csv, form);
	for (guint i = 0; i < columns->len; i++) {
		const Column *column = g_ptr_array_index(columns, i);

		if (column->kind == COLUMN_VALUE) { /* the columns of its choices follow */
			g_free(asked);
			asked = whom_asked(form, column->item);
		}
		add_column(csv, form, column, asked);
	}
}
