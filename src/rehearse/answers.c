#include "rehearse/answers.h"

#include <string.h>

#define PERCENT_ROWS 3 /* a list of at least so many whole numbers is taken for shares of 100 */

typedef struct {
	guint64 seed;
	const char *unit;
	const FormView *view;
	Fault fault;
	guint edit;
	GHashTable *values;
} Draw;

/* A die for @what of @item. The correction throws again for one question in four. */
static guint throw(const Draw *draw, const Item *item, const char *what, guint sides)
{
	g_autofree char *question = g_strconcat(item->name, "/corrected", NULL);
	gboolean again = draw->edit > 0 && dice(draw->seed, draw->unit, question, 4) == 0;
	g_autofree char *words = g_strconcat(item->name, "/", what, again ? "#" : "", NULL);

	return dice(draw->seed, draw->unit, words, sides);
}

static gboolean
holds(const Draw *draw, const Expr *expr, const char *self)
{
	return expr == NULL || form_view_truth(draw->view, expr, draw->values, self) == TRUTH_TRUE;
}

static gboolean
offered(const Draw *draw, const Item *item, const Choice *choice)
{
	return form_view_offers(draw->view, item, choice, draw->values) != TRUTH_FALSE;
}

/* "" for a question that has been passed and left empty: what depends on it must know. */
static void
put(Draw *draw, const Item *item, const char *value)
{
	g_hash_table_insert(draw->values, g_strdup(item->name), g_strdup(value));
}

/* Choices that may be taken, and how strongly. Returns: (transfer full): of guint, 0 for those that may not */
static GArray *
weights_of(Draw *draw, const Item *item, guint *out_sum)
{
	GArray *weights = g_array_new(FALSE, TRUE, sizeof(guint));

	*out_sum = 0;
	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);
		guint weight =
		    offered(draw, item, choice) && holds(draw, item->constraint, choice->name)
			? MAX(leaning(item, choice), 1)
			: 0;

		g_array_append_val(weights, weight);
		*out_sum += weight;
	}
	return weights;
}

static void
draw_one(Draw *draw, const Item *item)
{
	guint sum;
	g_autoptr(GArray) weights = weights_of(draw, item, &sum);
	guint point;

	if (sum == 0)
		return;
	point = throw(draw, item, "one", sum);
	for (guint i = 0; i < weights->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);

		if (point < g_array_index(weights, guint, i)) {
			put(draw, item, choice->name);
			return;
		}
		point -= g_array_index(weights, guint, i);
	}
}

static void
add_name(GString *names, const char *name)
{
	if (names->len > 0)
		g_string_append_c(names, ' ');
	g_string_append(names, name);
}

/* Each box by its own chance; where none is ticked the exclusive one is, or else the first. */
static void
draw_several(Draw *draw, const Item *item)
{
	g_autoptr(GString) names = g_string_new(NULL);
	const Choice *alone = NULL;
	gboolean wrong = draw->fault == FAULT_SUMS && throw(draw, item, "wrong", 4) == 0;

	for (guint i = 0; i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);

		if (!offered(draw, item, choice))
			continue;
		if (choice->exclusive || (alone == NULL && i == 0))
			alone = choice;
		if (!choice->exclusive &&
		    throw(draw, item, choice->name, 100) < leaning(item, choice))
			add_name(names, choice->name);
	}
	if (alone != NULL && (names->len == 0 || (wrong && alone->exclusive)))
		add_name(names, alone->name);
	if (wrong || holds(draw, item->constraint, names->str))
		put(draw, item, names->str);
}

typedef struct {
	const Choice *choice;
	guint pull;
} Ranked;

static int
by_pull(gconstpointer a, gconstpointer b)
{
	const Ranked *one = a;
	const Ranked *other = b;

	return one->pull == other->pull	 ? strcmp(one->choice->name, other->choice->name)
	       : one->pull > other->pull ? -1
					 : 1;
}

/* The first three of @order with their places: the form's text for a bad ranking. */
static void
draw_half_ranking(Draw *draw, const Item *item, const GArray *order)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < MIN(order->len, 3); i++) {
		const Choice *choice = g_array_index(order, Ranked, i).choice;
		g_autofree char *place = g_strdup_printf("%s:%u", choice->name, i + 1);

		add_name(names, place);
	}
	put(draw, item, names->str);
}

static void
draw_ranking(Draw *draw, const Item *item)
{
	g_autoptr(GArray) order = g_array_new(FALSE, TRUE, sizeof(Ranked));
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < item->list->choices->len; i++) {
		Ranked row = { .choice = g_ptr_array_index(item->list->choices, i) };

		row.pull = leaning(item, row.choice) + throw(draw, item, row.choice->name, 60);
		g_array_append_val(order, row);
	}
	g_array_sort(order, by_pull);
	if (draw->fault == FAULT_RANK) {
		draw_half_ranking(draw, item, order);
		return;
	}
	for (guint i = 0; i < order->len; i++)
		add_name(names, g_array_index(order, Ranked, i).choice->name);
	put(draw, item, names->str);
}

/* The "Dato non disponibile" that lifts the duty to write a figure: required = not(${it} = 'OK'). */
static const Item *
excuse_of(const Draw *draw, const Item *item)
{
	g_autoptr(GPtrArray) names =
	    item->required != NULL ? expr_references(item->required) : NULL;

	for (guint i = 0; names != NULL && i < names->len; i++) {
		const Item *other =
		    form_item(form_view_form(draw->view), g_ptr_array_index(names, i));

		if (other != NULL && other->type != NULL &&
		    strcmp(other->type->name, "acknowledge") == 0)
			return other;
	}
	return NULL;
}

/* @likely, or what is smaller where a constraint forbids that. */
static void
draw_number(Draw *draw, const Item *item, const char *likely)
{
	const char *const smaller[] = { likely, "10", "1", "0" };
	const Item *excuse = excuse_of(draw, item);

	if (excuse != NULL && throw(draw, item, "excuse", 100) < 8) {
		put(draw, excuse, "OK");
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(smaller); i++)
		if (holds(draw, item->constraint, smaller[i])) {
			put(draw, item, smaller[i]);
			return;
		}
}

static guint
people_of(const Draw *draw)
{
	const char *people = form_view_value(draw->view, "popolazione");

	return people != NULL ? (guint)g_ascii_strtoull(people, NULL, 10) : 1000;
}

/* About one person for 3,000 inhabitants, in halves. */
static void
draw_decimal(Draw *draw, const Item *item)
{
	guint halves = throw(draw, item, "least", 2) +
		       people_of(draw) / 1500 * (50 + throw(draw, item, "number", 100)) / 100;
	g_autofree char *likely = g_strdup_printf("%u%s", halves / 2, halves % 2 == 1 ? ".5" : "");

	draw_number(draw, item, likely);
}

/* Something that 4 to 43 of 100 inhabitants do. */
static void
draw_integer(Draw *draw, const Item *item)
{
	guint many =
	    (guint)((guint64)people_of(draw) * (4 + throw(draw, item, "number", 40)) / 100);
	g_autofree char *likely = g_strdup_printf("%u", many);

	draw_number(draw, item, likely);
}

static void
draw_date(Draw *draw, const Item *item)
{
	guint day = 1 + throw(draw, item, "day", 28);
	g_autofree char *value = g_strdup_printf("2024-07-%02u", day);

	if (holds(draw, item->constraint, value))
		put(draw, item, value);
}

/* What clerks write where a question's name ends so; the last row is for all others. */
static const struct {
	const char *ending;
	const char *texts[6];
} phrases[] = {
	{ "_nome", { "Nicolò", "Anna Maria", "Željka", "Giuseppe", "Renée", "Jörg" } },
	{ "_cognome", { "D'Àmico", "Bianchi", "Šuligoj", "Lo Presti", "Müller", "Dell'Oro" } },
	{ "_email",
	    { "segreteria@comune.example", "ced@comune.example", "protocollo@comune.example",
		"r.t.d@comune.example", "ragioneria@comune.example", "sindaco@comune.example" } },
	{ "_telefono", { "0123 456789", "+39 0123 4567", "0123/456789 int. 12", "0123456789",
			   "347 1234567", "0123-45678" } },
	{ "_url", { "https://social.example/comune", "social.example/comune.informa",
		      "https://social.example/citta", "@comune_example",
		      "https://social.example/il-comune", "social.example/c/comune" } },
	{ "_ente", { "Unione dei Comuni della Valle", "Comunità montana dell'Alta Valle",
		       "Città capofila del distretto", "Consorzio intercomunale",
		       "Unione Terre d'Acqua", "Comunità collinare" } },
	{ "q7_5_altro", { "Mastodon", "Bluesky", "Pinterest", "Flickr", "Vimeo", "SoundCloud" } },
	{ "", { "Ditta esterna, con canone di 1.200 € l'anno", "Personale dell'Unione",
		  "È in corso l'affidamento", "Società partecipata (50 %)", "Referente: geom. Čok",
		  "Uso saltuario, più che altro l'estate" } },
};

static void
draw_text(Draw *draw, const Item *item)
{
	for (gsize row = 0; row < G_N_ELEMENTS(phrases); row++) {
		guint start = throw(draw, item, "text", G_N_ELEMENTS(phrases[row].texts));

		if (row + 1 < G_N_ELEMENTS(phrases) && item->constraint == NULL &&
		    !g_str_has_suffix(item->name, phrases[row].ending))
			continue;
		for (guint i = 0; i < G_N_ELEMENTS(phrases[row].texts); i++) {
			const char *text =
			    phrases[row].texts[(start + i) % G_N_ELEMENTS(phrases[row].texts)];

			if (holds(draw, item->constraint, text)) {
				put(draw, item, text);
				return;
			}
		}
	}
}

static void
draw_acknowledge(Draw *draw, const Item *item)
{
	if (item->required != NULL)
		put(draw, item, "OK");
}

static const struct {
	const char *type;
	gboolean may_be_left; /* an optional question of this type is often left empty */
	void (*draw)(Draw *draw, const Item *item);
} drawers[] = {
	{ "select_one", FALSE, draw_one },
	{ "select_multiple", FALSE, draw_several },
	{ "rank", FALSE, draw_ranking },
	{ "integer", FALSE, draw_integer },
	{ "decimal", FALSE, draw_decimal },
	{ "date", FALSE, draw_date },
	{ "text", TRUE, draw_text },
	{ "acknowledge", FALSE, draw_acknowledge },
};

static gboolean
left_empty(Draw *draw, const Item *item, gboolean may_be_left)
{
	gboolean required = item->required != NULL && holds(draw, item->required, NULL);

	if (may_be_left && !required && throw(draw, item, "left", 100) < 60)
		return TRUE;
	return draw->fault == FAULT_GAPS && throw(draw, item, "gap", 6) == 0;
}

static void
draw_question(Draw *draw, const Item *item)
{
	for (gsize i = 0; i < G_N_ELEMENTS(drawers); i++)
		if (strcmp(item->type->name, drawers[i].type) == 0) {
			if (!left_empty(draw, item, drawers[i].may_be_left))
				drawers[i].draw(draw, item);
			return;
		}
}

/* The shares of a list: whole numbers, with nothing behind them but boxes that say they are not known. 0: it has none. */
static guint
count_shares(const Item *group)
{
	guint shares = 0;

	for (guint i = 0; i < group->items->len; i++) {
		const Item *row = g_ptr_array_index(group->items, i);
		const char *type = row->type != NULL ? row->type->name : "";

		if (strcmp(type, "integer") == 0 && shares == i)
			shares++;
		else if (strcmp(type, "acknowledge") != 0)
			return 0;
	}
	return shares >= PERCENT_ROWS ? shares : 0;
}

/* The whole list is not known: the box is ticked and nothing written. */
static gboolean
draw_excuse(Draw *draw, const Item *group)
{
	const Item *first = g_ptr_array_index(group->items, 0);
	const Item *excuse = excuse_of(draw, first);

	if (excuse == NULL || throw(draw, first, "excuse", 100) >= 8)
		return FALSE;
	put(draw, excuse, "OK");
	return TRUE;
}

/* Shares that make 100, larger ones first; under FAULT_SUMS the last is 7 too many. */
static gboolean
draw_percentages(Draw *draw, const Item *group)
{
	guint count = count_shares(group);
	guint left = 100;

	if (count == 0 || draw_excuse(draw, group))
		return count > 0;
	for (guint i = 0; i < count; i++) {
		const Item *row = g_ptr_array_index(group->items, i);
		guint share = i + 1 < count ? throw(draw, row, "share", 2 * left / 3 + 1) : left;
		g_autofree char *value = NULL;

		left -= share;
		if (i + 1 == count && draw->fault == FAULT_SUMS)
			share += 7;
		value = g_strdup_printf("%u", share);
		if (draw->fault != FAULT_SUMS && draw->fault != FAULT_GAPS && i + 1 == count &&
		    !holds(draw, row->constraint, value))
			return FALSE; /* no percentages after all: draw_items() throws for each row */
		put(draw, row, left_empty(draw, row, FALSE) ? "" : value);
	}
	return TRUE;
}

static gboolean
concerned(const Draw *draw, const Item *item)
{
	return draw->fault == FAULT_IRRELEVANT ||
	       form_view_relevant(draw->view, item, draw->values) == TRUTH_TRUE;
}

static gboolean
is_empty(gpointer name, gpointer value, gpointer data)
{
	(void)name;
	(void)data;
	return *(const char *)value == '\0';
}

static void
draw_items(Draw *draw, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		if (form_view_asked(draw->view, item) == ASKED_NO)
			continue;
		if (item->type == NULL) {
			if (!concerned(draw, item) || !draw_percentages(draw, item))
				draw_items(draw, item->items);
		} else if (item->type->fields != NULL &&
			   !g_hash_table_contains(draw->values, item->name)) {
			put(draw, item, "");
			if (concerned(draw, item))
				draw_question(draw, item);
		}
	}
}

GHashTable *
answers_draw(guint64 seed, const char *unit, const FormView *view, Fault fault, guint edit)
{
	g_autoptr(GHashTable) values =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) sections = form_view_sections(view);
	Draw draw = { .seed = seed,
		.unit = unit,
		.view = view,
		.fault = fault,
		.edit = edit,
		.values = values };

	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		draw_items(&draw, section->group->items);
	}
	(void)g_hash_table_foreach_remove(values, is_empty, NULL);
	return g_steal_pointer(&values);
}

static void
add_questions(const FormView *view, const GPtrArray *items, GPtrArray *questions)
{
	for (guint i = 0; i < items->len; i++) {
		Item *item = g_ptr_array_index(items, i);

		if (form_view_asked(view, item) == ASKED_NO)
			continue;
		if (item->type == NULL)
			add_questions(view, item->items, questions);
		else if (item->type->fields != NULL)
			g_ptr_array_add(questions, item);
	}
}

GPtrArray *
answers_questions(const FormView *view, const Section *section)
{
	GPtrArray *questions = g_ptr_array_new();

	add_questions(view, section->group->items, questions);
	return questions;
}

/* "12345" as "12345" or "12.345", "0.5" as "0,5". */
static char *
typed_number(const char *canonical, gboolean points)
{
	g_auto(GStrv) halves = g_strsplit(canonical, ".", 2);
	g_autoptr(GString) typed = g_string_new(halves[0]);

	for (gssize at = (gssize)typed->len - 3; points && at > 0; at -= 3)
		g_string_insert_c(typed, at, '.');
	if (halves[1] != NULL)
		g_string_append_printf(typed, ",%s", halves[1]);
	return g_string_free(g_steal_pointer(&typed), FALSE);
}

FieldSet *
answers_fields(const FormView *view, const Section *section, GHashTable *answers, guint typist)
{
	g_autoptr(GPtrArray) questions = answers_questions(view, section);
	FieldSet *fields = field_set_new();

	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *value = g_hash_table_lookup(answers, item->name);
		gboolean whole = strcmp(item->type->name, "integer") == 0;
		gboolean number = whole || strcmp(item->type->name, "decimal") == 0;
		g_autofree char *typed = NULL;

		if (value == NULL)
			continue;
		item->type->write(item, value, fields);
		if (!number)
			continue;
		typed = typed_number(value, whole && typist % 2 == 1);
		field_set_put(fields, item->name, typed);
	}
	return fields;
}
