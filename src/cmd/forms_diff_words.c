/* Each kind of difference between two editions: its code, its sentence, what it does to last year's answers. */
#include "cmd/forms_diff.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* A sentence with both texts below it, unless change_words() has one that holds them. */
static const struct {
	const char *code;
	const char *words; /* NULL: change_words() makes them */
} kinds[CHANGE_KINDS] = {
	[CHANGE_ADDED] = { "added", NULL },
	[CHANGE_REMOVED] = { "removed", NULL },
	[CHANGE_RENAMED] = { "renamed", NULL },
	[CHANGE_LOOKS_RENAMED] = { "looks-renamed", NULL },
	[CHANGE_NAME_REUSED] = { "name-reused", NULL },
	[CHANGE_SOURCE_MISSING] = { "source-missing", NULL },
	[CHANGE_MOVED] = { "moved", NULL },
	[CHANGE_ORDER] = { "order", NULL },
	[CHANGE_NUMBER] = { "number", NULL },
	[CHANGE_TYPE] = { "type", NULL },
	[CHANGE_LABEL] = { "label", N_("other words") },
	[CHANGE_HINT] = { "hint", N_("another hint") },
	[CHANGE_GUIDANCE] = { "guidance", N_("another explanation") },
	[CHANGE_REQUIRED_MESSAGE] = { "required-message",
	    N_("another sentence where it is missing") },
	[CHANGE_CONSTRAINT_MESSAGE] = { "constraint-message",
	    N_("another sentence where it is wrong") },
	[CHANGE_AUDIENCE] = { "audience", NULL },
	[CHANGE_CONDITION] = { "condition", N_("another condition") },
	[CHANGE_REQUIRED] = { "required", NULL },
	[CHANGE_CONSTRAINT] = { "constraint", N_("another check of the answer") },
	[CHANGE_CALCULATION] = { "calculation", N_("another calculation") },
	[CHANGE_CHOICE_FILTER] = { "choice-filter", N_("another choice filter") },
	[CHANGE_DEFAULT] = { "default", N_("another answer written in advance") },
	[CHANGE_APPEARANCE] = { "appearance", N_("another appearance") },
	[CHANGE_READONLY] = { "readonly", NULL },
	[CHANGE_MEMORY] = { "memory", NULL },
	[CHANGE_INDICATOR] = { "indicator", N_("another indicator") },
	[CHANGE_RESERVED] = { "reserved", NULL },
	[CHANGE_OPTION_ADDED] = { "option-added", NULL },
	[CHANGE_OPTION_REMOVED] = { "option-removed", NULL },
	[CHANGE_OPTION_LOOKS_RENAMED] = { "option-looks-renamed", NULL },
	[CHANGE_OPTION_LABEL] = { "option-label", N_("option in other words") },
	[CHANGE_OPTION_EXCLUSIVE] = { "option-exclusive", NULL },
	[CHANGE_OPTION_ORDER] = { "option-order", N_("options in another order") },
	[CHANGE_LANG_ADDED] = { "lang-added", NULL },
	[CHANGE_LANG_REMOVED] = { "lang-removed", NULL },
};

/* What was switched on or off. */
static const struct {
	ChangeKind kind;
	const char *on;
	const char *off;
} switches[] = {
	{ CHANGE_READONLY, N_("can no longer be changed"), N_("can be changed now") },
	{ CHANGE_RESERVED, N_("confidential now"), N_("no longer confidential") },
	{ CHANGE_OPTION_EXCLUSIVE, N_("excludes the others now"),
	    N_("no longer excludes the others") },
};

static const struct {
	const char *type;
	const char *words;
} types[] = {
	{ "select_one", N_("one choice") },
	{ "select_multiple", N_("several choices") },
	{ "rank", N_("ranking") },
	{ "integer", N_("whole number") },
	{ "decimal", N_("number") },
	{ "text", N_("text") },
	{ "date", N_("date") },
	{ "acknowledge", N_("box to tick") },
	{ "note", N_("note") },
	{ "calculate", N_("calculated value") },
	{ "hidden", N_("known value") },
	{ "table-list", N_("table") },
	{ "field-list", N_("list of fields") },
	{ "begin_group", N_("group of questions") },
};

const char *
change_code(ChangeKind kind)
{
	return kinds[kind].code;
}

/* --- parts of sentences ------------------------------------------------------------------------------------------ */

static const char *
type_words(const char *type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return _(types[i].words);
	return type;
}

/* "all towns", in each form by its own threshold. Returns: (transfer full) */
static char *
audience_words(const Form *form, const char *audience)
{
	g_autofree char *size = text_number(form_small_population(form));

	if (strcmp(audience, "large") == 0)
		return g_strdup_printf(_("towns above %s inhabitants only"), size);
	if (strcmp(audience, "small") == 0)
		return g_strdup_printf(_("towns up to %s inhabitants only"), size);
	return g_strdup(strcmp(audience, "none") == 0 ? _("no town") : _("all towns"));
}

static gboolean
is_asked_at(const Form *form, const Item *item, gint64 population)
{
	const Unit unit = { .population = population };
	g_autoptr(FormView) view = form_view_new(form, &unit);

	return form_view_asked(view, item) != ASKED_NO;
}

static const char *
audience_of(const Form *form, const Item *item)
{
	gboolean small = is_asked_at(form, item, form_small_population(form));
	gboolean large = is_asked_at(form, item, G_MAXINT32);

	if (small)
		return large ? "all" : "small";
	return large ? "large" : "none";
}

char *
item_words(const Form *form, const Item *item)
{
	const Item *first = item->items->len > 0 ? g_ptr_array_index(item->items, 0) : NULL;
	const ChoiceList *list = item->list != NULL ? item->list
				 : first != NULL    ? first->list
						    : NULL;
	const char *type = item->type != NULL ? item->type->name : item->appearance;
	g_autofree char *whom = audience_words(form, audience_of(form, item));

	if (item->layout == LAYOUT_NONE)
		return g_strdup(type_words(type));
	if (item_is_whole(item) && list != NULL)
		return g_strdup_printf(ngettext("%s of %u row (%s), for %s",
					   "%s of %u rows (%s), for %s", item->items->len),
		    type_words(type), item->items->len, type_words(first->type->name), whom);
	if (item_is_whole(item))
		return g_strdup_printf(
		    ngettext("%s of %u row, for %s", "%s of %u rows, for %s", item->items->len),
		    type_words(type), item->items->len, whom);
	if (list != NULL)
		return g_strdup_printf(ngettext("%s out of %u option, for %s",
					   "%s out of %u options, for %s", list->choices->len),
		    type_words(type), list->choices->len, whom);
	return g_strdup_printf(_("%s, for %s"), type_words(type), whom);
}

/* "la sezione 5, Servizi, applicazioni e dati". Returns: (transfer full) */
static char *
group_words(const Form *form, const char *name)
{
	const Item *group = form_item(form, name);
	const char *label = group != NULL ? form_text(form, group->labels, form->default_lang) : "";

	if (group == NULL)
		return g_strdup(_("none"));
	if (group->parent == NULL)
		return g_strdup_printf(_("section %s (%s)"), group->number, label);
	return g_strdup_printf("%s (%s)", form_item_number(group), name);
}

/* "5.13 (q5_13)". Returns: (transfer full) */
static char *
name_words(const Form *form, const char *name)
{
	const Item *item = form_item(form, name);
	const char *number = item != NULL ? form_item_number(item) : "";

	return *number != '\0' ? g_strdup_printf("%s (%s)", number, name) : g_strdup(name);
}

static const char *
option_label(const Editions *editions, const Change *change)
{
	const Item *item = change->after != NULL ? change->after : change->before;
	const Item *first = item->items->len > 0 ? g_ptr_array_index(item->items, 0) : item;
	const Choice *choice =
	    first->list != NULL ? choice_list_find(first->list, change->option) : NULL;

	return choice != NULL
		   ? form_text(editions->after, choice->labels, editions->after->default_lang)
		   : change->option;
}

/* --- sentences ----------------------------------------------------------------------------------------------------- */

static char *
words_of_new(const Editions *editions, const Change *change)
{
	g_autofree char *what = item_words(editions->after, change->after);
	g_autofree char *other = NULL;

	if (change->before == NULL)
		return g_strdup_printf(_("new: %s"), what);
	other = name_words(editions->before, change->before->name);
	return g_strdup_printf(_("new: %s; prints last year's answer to %s as well"), what, other);
}

static char *
words_of_move(const Editions *editions, const Change *change)
{
	g_autofree char *from = group_words(editions->before, change->from);
	g_autofree char *to = group_words(editions->after, change->to);

	return g_strdup_printf(_("moved: was in %s, is in %s"), from, to);
}

static char *
words_of_order(const Editions *editions, const Change *change)
{
	g_autofree char *behind = NULL;

	if (*change->to == '\0')
		return g_strdup(_("stands first now"));
	behind = name_words(editions->after, change->to);
	return g_strdup_printf(_("stands behind %s now"), behind);
}

static char *
words_of_audience(const Editions *editions, const Change *change)
{
	g_autofree char *from = audience_words(editions->before, change->from);
	g_autofree char *to = audience_words(editions->after, change->to);

	return g_strdup_printf(_("for %s; it was for %s"), to, from);
}

static char *
words_of_required(const Change *change)
{
	if (*change->from == '\0' && strcmp(change->to, "true()") == 0)
		return g_strdup(_("must be answered now"));
	if (*change->to == '\0' && strcmp(change->from, "true()") == 0)
		return g_strdup(_("may be left empty now"));
	return g_strdup(_("must be answered in other cases"));
}

static char *
words_of_name(const Editions *editions, const Change *change)
{
	g_autofree char *other = name_words(editions->before, change->from);

	if (change->kind == CHANGE_RENAMED && change->after->type == NULL)
		return g_strdup_printf(_("renamed: it was %s"), change->from);
	if (change->kind == CHANGE_RENAMED)
		return g_strdup_printf(_("renamed: last year's answer is that of %s"), other);
	if (change->kind == CHANGE_LOOKS_RENAMED)
		return g_strdup_printf(_("looks like %s under another name"), other);
	return g_strdup_printf(_("takes the name of another question, «%s»"),
	    form_text(editions->before, change->before->labels, editions->before->default_lang));
}

static char *
words_of_option(const Editions *editions, const Change *change)
{
	switch (change->kind) {
	case CHANGE_OPTION_ADDED:
		return g_strdup_printf(_("new option «%s» (%s)"), change->to, change->option);
	case CHANGE_OPTION_REMOVED:
		return g_strdup_printf(
		    _("option dropped: «%s» (%s)"), change->from, change->option);
	case CHANGE_OPTION_LOOKS_RENAMED:
		return g_strdup_printf(_("option «%s» has another name: %s, was %s"),
		    option_label(editions, change), change->to, change->from);
	default:
		return NULL;
	}
}

/* Returns: (transfer full) (nullable) */
static char *
words_of_memory(const Change *change)
{
	if (strcmp(change->to, "accanto") == 0)
		return g_strdup(_("last year's answer is printed beside the field now"));
	if (strcmp(change->from, "accanto") == 0 && *change->to != '\0')
		return g_strdup(
		    _("last year's answer is printed in the field now, no longer beside it"));
	return g_strdup(*change->to != '\0' ? _("last year's answer is printed now")
					    : _("last year's answer is no longer printed"));
}

static char *
words_of_switch(const Editions *editions, const Change *change)
{
	for (gsize i = 0; i < G_N_ELEMENTS(switches); i++) {
		const char *words = *change->to != '\0' ? switches[i].on : switches[i].off;

		if (switches[i].kind != change->kind)
			continue;
		return change->option != NULL
			   ? g_strdup_printf("«%s» (%s): %s", option_label(editions, change),
				 change->option, _(words))
			   : g_strdup(_(words));
	}
	return NULL;
}

/* One of the texts: of which option, and in which language if not the form's own. */
static char *
words_of_text(const Editions *editions, const Change *change)
{
	g_autoptr(GString) words = g_string_new(_(kinds[change->kind].words));

	if (change->option != NULL)
		g_string_append_printf(words, " (%s)", change->option);
	if (change->lang != NULL && strcmp(change->lang, editions->after->default_lang) != 0)
		g_string_append_printf(words, " [%s]", change->lang);
	return g_string_free(g_steal_pointer(&words), FALSE);
}

char *
change_words(const Editions *editions, const Change *change)
{
	switch (change->kind) {
	case CHANGE_ADDED:
		return words_of_new(editions, change);
	case CHANGE_REMOVED:
		return g_strdup(_("dropped"));
	case CHANGE_RENAMED:
	case CHANGE_LOOKS_RENAMED:
	case CHANGE_NAME_REUSED:
		return words_of_name(editions, change);
	case CHANGE_SOURCE_MISSING:
		return g_strdup_printf(
		    _("memoria %s: %s has no such question"), change->to, editions->before->id);
	case CHANGE_MOVED:
		return words_of_move(editions, change);
	case CHANGE_ORDER:
		return words_of_order(editions, change);
	case CHANGE_NUMBER:
		return g_strdup_printf(_("number %s; it was %s"),
		    *change->to != '\0' ? change->to : "–",
		    *change->from != '\0' ? change->from : "–");
	case CHANGE_TYPE:
		return g_strdup_printf(_("answered by %s; it was %s"), type_words(change->to),
		    type_words(change->from));
	case CHANGE_AUDIENCE:
		return words_of_audience(editions, change);
	case CHANGE_REQUIRED:
		return words_of_required(change);
	case CHANGE_MEMORY:
		return words_of_memory(change);
	case CHANGE_READONLY:
	case CHANGE_RESERVED:
	case CHANGE_OPTION_EXCLUSIVE:
		return words_of_switch(editions, change);
	case CHANGE_OPTION_ADDED:
	case CHANGE_OPTION_REMOVED:
	case CHANGE_OPTION_LOOKS_RENAMED:
		return words_of_option(editions, change);
	case CHANGE_LANG_ADDED:
		return g_strdup_printf(_("new language: %s"), change->lang);
	case CHANGE_LANG_REMOVED:
		return g_strdup_printf(_("language dropped: %s"), change->lang);
	default:
		return words_of_text(editions, change);
	}
}

gboolean
change_shows_both(const Change *change)
{
	if (change->kind == CHANGE_REQUIRED)
		return (*change->from != '\0' && strcmp(change->from, "true()") != 0) ||
		       (*change->to != '\0' && strcmp(change->to, "true()") != 0);
	return kinds[change->kind].words != NULL;
}
