/* Conditions in the words of each language: one table a language (phrases_LANG.def), the same structure in all. */
#include "form/phrase.h"

#include "base/lang.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

typedef enum {
#define X(name, text) PHRASE_##name,
#include "form/phrases_it.def"
#undef X
	PHRASES
} Phrase;

/* The same names in each table: one that is missing shows in the count, one too many and one that stands twice do not
 * compile. */
#define X(name, text) +1
_Static_assert(0
#include "form/phrases_de.def"
		   == PHRASES,
    "phrases_de.def");
_Static_assert(0
#include "form/phrases_fr.def"
		   == PHRASES,
    "phrases_fr.def");
_Static_assert(0
#include "form/phrases_sl.def"
		   == PHRASES,
    "phrases_sl.def");
#undef X

static const struct {
	const char *lang;
	const char *phrases[PHRASES];
} tongues[] = {
#define X(name, text) [PHRASE_##name] = text,
	{ "it",
	    {
#include "form/phrases_it.def"
	    } },
	{ "de",
	    {
#include "form/phrases_de.def"
	    } },
	{ "fr",
	    {
#include "form/phrases_fr.def"
	    } },
	{ "sl",
	    {
#include "form/phrases_sl.def"
	    } },
#undef X
};

static const char *
phrase(const Teller *teller, Phrase phrase)
{
	const char *lang = lang_first(teller->lang);

	for (gsize i = 0; i < G_N_ELEMENTS(tongues); i++)
		if (strcmp(tongues[i].lang, lang) == 0)
			return tongues[i].phrases[phrase];
	g_assert_not_reached();
}

/* --- what stands in a clause ------------------------------------------------------------------------------- */

static char *
quoted(const Teller *teller, const char *label)
{
	return text_fill(phrase(teller, PHRASE_QUOTED), "label", label, NULL);
}

static const Item *
first_with_number(const GPtrArray *items, const char *number)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		const Item *inside;

		if (strcmp(item->number, number) == 0)
			return item;
		inside = first_with_number(item->items, number);
		if (inside != NULL)
			return inside;
	}
	return NULL;
}

/* The question that @item is or belongs to, said by the first of three phrases: TO, TO_VOWEL, TO_LABEL. Of a row or a
 * second box with its label: "alla 2.8 («Cloud e infrastrutture»)". */
static char *
say_where(const Teller *teller, const Item *item, Phrase which)
{
	const char *number = form_item_number(item);
	g_autofree char *label =
	    quoted(teller, form_text(teller->form, item->labels, teller->lang));
	gboolean vowel = *number == '8' || strtol(number, NULL, 10) == 11; /* otto, undici */
	g_autofree char *question = NULL;

	if (*number == '\0')
		return text_fill(phrase(teller, which + 2), "label", label, NULL);
	question = text_fill(phrase(teller, which + (vowel ? 1 : 0)), "number", number, NULL);
	if (first_with_number(teller->form->items, number) == item ||
	    strcmp(item->type->name, "acknowledge") == 0)
		return g_steal_pointer(&question);
	return text_fill(phrase(teller, PHRASE_OF_ROW), "question", question, "label", label, NULL);
}

/* @word: "2023-07-01". */
static char *
say_date(const Teller *teller, const char *word)
{
	g_auto(GStrv) parts = g_strsplit(word, "-", -1);

	if (g_strv_length(parts) != 3)
		return g_strdup(word);
	return text_fill(phrase(teller, PHRASE_DATE), "year", parts[0], "month", parts[1], "day",
	    parts[2], "m", parts[1] + strspn(parts[1], "0"), "d", parts[2] + strspn(parts[2], "0"),
	    NULL);
}

static char *
say_number(const Teller *teller, const char *word)
{
	g_auto(GStrv) parts = g_strsplit(word, ".", -1);

	return g_strjoinv(phrase(teller, PHRASE_DECIMAL), parts);
}

static char *
say_word(const Teller *teller, const Item *item, const char *word)
{
	const Choice *choice = item->list != NULL ? choice_list_find(item->list, word) : NULL;
	const char *type = item->type->name;

	if (strcmp(type, "integer") == 0 || strcmp(type, "decimal") == 0)
		return say_number(teller, word);
	if (strcmp(type, "date") == 0)
		return say_date(teller, word);
	return quoted(
	    teller, choice != NULL ? form_text(teller->form, choice->labels, teller->lang) : word);
}

static char *
joined(const Teller *teller, Phrase joint, const char *one, const char *other)
{
	return text_fill(phrase(teller, joint), "one", one, "other", other, NULL);
}

/* «A» oppure «B»; né «A» né «B»; «A» e «B». */
static char *
say_words(const Teller *teller, const GArray *atoms, NodeKind joint)
{
	const Atom *first = &g_array_index(atoms, Atom, 0);
	gboolean neither = first->negative && atoms->len > 1;
	Phrase by = neither ? PHRASE_NOR : joint == NODE_OR ? PHRASE_OR : PHRASE_AND;
	g_autofree char *said = say_word(teller, first->item, first->word);

	if (neither) {
		g_autofree char *alone = g_steal_pointer(&said);

		said = text_fill(phrase(teller, PHRASE_NEITHER), "one", alone, NULL);
	}
	for (guint i = 1; i < atoms->len; i++) {
		const Atom *atom = &g_array_index(atoms, Atom, i);
		g_autofree char *before = g_steal_pointer(&said);
		g_autofree char *next = say_word(teller, atom->item, atom->word);

		said = joined(teller, by, before, next);
	}
	return g_steal_pointer(&said);
}

/* --- clauses ------------------------------------------------------------------------------------------------ */

static Phrase
relation_of(const Atom *atom)
{
	static const Phrase numbers[] = {
		[OP_LESS] = PHRASE_NUMBER_LESS,
		[OP_LESS_EQUAL] = PHRASE_NUMBER_LESS_EQUAL,
		[OP_GREATER] = PHRASE_NUMBER_GREATER,
		[OP_GREATER_EQUAL] = PHRASE_NUMBER_GREATER_EQUAL,
	};
	static const Phrase dates[] = {
		[OP_LESS] = PHRASE_DATE_LESS,
		[OP_LESS_EQUAL] = PHRASE_DATE_LESS_EQUAL,
		[OP_GREATER] = PHRASE_DATE_GREATER,
		[OP_GREATER_EQUAL] = PHRASE_DATE_GREATER_EQUAL,
	};
	static const Phrase counts[] = {
		[OP_EQUAL] = PHRASE_COUNT_EQUAL,
		[OP_DIFFERS] = PHRASE_COUNT_DIFFERS,
		[OP_LESS] = PHRASE_COUNT_LESS,
		[OP_LESS_EQUAL] = PHRASE_COUNT_LESS_EQUAL,
		[OP_GREATER] = PHRASE_COUNT_GREATER,
		[OP_GREATER_EQUAL] = PHRASE_COUNT_GREATER_EQUAL,
	};

	if (atom->saying == SAY_COUNT)
		return counts[atom->op];
	return atom->saying == SAY_DATE ? dates[atom->op] : numbers[atom->op];
}

static Phrase
clause_of(const GArray *atoms, NodeKind joint)
{
	/* positive; negative; several, negative */
	static const Phrase clauses[][3] = {
		[SAY_IS] = { PHRASE_IS, PHRASE_IS_NOT, PHRASE_IS_NEITHER },
		[SAY_CHOSEN] = { PHRASE_CHOSEN, PHRASE_CHOSEN_NOT, PHRASE_CHOSEN_NEITHER },
		[SAY_CHECKED] = { PHRASE_CHECKED, PHRASE_CHECKED_NOT, PHRASE_CHECKED_NOT },
		[SAY_GIVEN] = { PHRASE_GIVEN, PHRASE_GIVEN_NOT, PHRASE_GIVEN_NOT },
	};
	const Atom *atom = &g_array_index(atoms, Atom, 0);

	if (atom->saying >= SAY_NUMBER)
		return relation_of(atom);
	if (atom->negative)
		return clauses[atom->saying][atoms->len > 1 ? 2 : 1];
	if (atom->saying == SAY_CHOSEN && joint == NODE_AND && atoms->len > 1)
		return atoms->len == 2 ? PHRASE_CHOSEN_TWO : PHRASE_CHOSEN_MORE;
	return clauses[atom->saying][0];
}

static char *
say_what(const Teller *teller, const GArray *atoms, NodeKind joint)
{
	const Atom *atom = &g_array_index(atoms, Atom, 0);

	switch (atom->saying) {
	case SAY_CHECKED:
		return quoted(teller, form_text(teller->form, atom->item->labels, teller->lang));
	case SAY_NUMBER:
	case SAY_COUNT:
		return say_number(teller, atom->word);
	case SAY_DATE:
		return say_date(teller, atom->word);
	case SAY_IS:
	case SAY_CHOSEN:
	case SAY_GIVEN:
		break;
	}
	return say_words(teller, atoms, joint);
}

char *
phrase_atoms(const Teller *teller, const GArray *atoms, NodeKind joint)
{
	const Item *item = g_array_index(atoms, Atom, 0).item;
	g_autofree char *to = say_where(teller, item, PHRASE_TO);
	g_autofree char *at = say_where(teller, item, PHRASE_AT);
	g_autofree char *what = say_what(teller, atoms, joint);

	return text_fill(
	    phrase(teller, clause_of(atoms, joint)), "to", to, "at", at, "what", what, NULL);
}

char *
phrase_join(
    const Teller *teller, const char *one, const char *other, NodeKind joint, gboolean apart)
{
	if (joint == NODE_AND)
		return joined(teller, apart ? PHRASE_APART_AND : PHRASE_CLAUSE_AND, one, other);
	return joined(teller, apart ? PHRASE_APART_OR : PHRASE_CLAUSE_OR, one, other);
}
