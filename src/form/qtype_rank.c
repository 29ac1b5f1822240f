/* A ranking: every choice of the list gets a position of its own, 1 to N. */
#include "form/qtype.h"

#include <string.h>

typedef struct {
	const Choice *choice;
	guint position;
} Place;

static void
fields_of(const Item *item, GPtrArray *specs)
{
	for (guint i = 0; i < item->list->choices->len; i++) {
		FieldSpec *spec = field_add_choice(
		    specs, item, FIELD_COMBO, g_ptr_array_index(item->list->choices, i));

		spec->positions = item->list->choices->len;
	}
}

/* 1 to @last; 0 for anything else. */
static guint
read_position(const char *typed, guint last)
{
	guint64 position;

	if (!g_ascii_string_to_unsigned(typed, 10, 1, last, &position, NULL))
		return 0;
	return (guint)position;
}

static int
by_position(gconstpointer a, gconstpointer b)
{
	const Place *one = a;
	const Place *other = b;

	return (one->position > other->position) - (one->position < other->position);
}

/* The places given, from first to last; equal ones in the order of the list. @wrong: a value is no position. */
static GArray *
read_places(const Item *item, const FieldSet *fields, gboolean *wrong)
{
	GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));
	guint last = item->list->choices->len;

	for (guint i = 0; i < last; i++) {
		Place place = { .choice = g_ptr_array_index(item->list->choices, i) };
		g_autofree char *name = field_name_of_choice(item, place.choice);
		g_autofree char *typed = g_strstrip(g_strdup(field_set_value(fields, name)));

		place.position = read_position(typed, last);
		if (place.position > 0)
			g_array_append_val(places, place);
		else
			*wrong = *wrong || *typed != '\0';
	}
	g_array_sort(places, by_position);
	return places;
}

static gboolean
is_whole(const GArray *places, guint last)
{
	for (guint i = 0; i < places->len; i++)
		if (g_array_index(places, Place, i).position != i + 1)
			return FALSE;
	return places->len == last;
}

static char *
read_answer(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	gboolean wrong = FALSE;
	g_autoptr(GArray) places = read_places(item, fields, &wrong);
	gboolean whole = is_whole(places, item->list->choices->len);
	g_autoptr(GString) text = g_string_new(NULL);

	if (wrong || (!whole && places->len > 0))
		field_wrong(findings, item, "rank");
	for (guint i = 0; i < places->len; i++) {
		const Place *place = &g_array_index(places, Place, i);

		g_string_append_printf(text, "%s%s", i > 0 ? " " : "", place->choice->name);
		if (!whole)
			g_string_append_printf(text, ":%u", place->position);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
write_answer(const Item *item, const char *value, FieldSet *fields)
{
	g_auto(GStrv) words = g_strsplit(value, " ", -1);

	for (guint i = 0; i < item->list->choices->len; i++) {
		g_autofree char *name =
		    field_name_of_choice(item, g_ptr_array_index(item->list->choices, i));

		field_set_put(fields, name, "");
	}
	for (guint i = 0; words[i] != NULL; i++) {
		char *colon = strchr(words[i], ':');
		g_autofree char *position =
		    colon != NULL ? g_strdup(colon + 1) : g_strdup_printf("%u", i + 1);
		const Choice *choice;
		g_autofree char *name = NULL;

		if (colon != NULL)
			*colon = '\0';
		choice = choice_list_find(item->list, words[i]);
		if (choice == NULL)
			continue;
		name = field_name_of_choice(item, choice);
		field_set_put(fields, name, position);
	}
}

const QuestionType qtype_rank = {
	.name = "rank",
	.takes_list = TRUE,
	.layout = LAYOUT_RANK,
	.fields = fields_of,
	.read = read_answer,
	.write = write_answer,
};
