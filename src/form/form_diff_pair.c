/* What changed between a question and its pair in the other edition. */
#include "form/diff_inner.h"
#include "form/expr.h"

#include <string.h>

/* Two items, and the list that takes what is said of them. */
typedef struct {
	const Diff *diff;
	const Item *before;
	const Item *after;
	GPtrArray *changes;
} Pair;

gboolean
diff_remembers(const Diff *diff, const Item *after)
{
	g_autofree char *source = form_memory_source(after, diff->before.form->id);
	gboolean row = FALSE;

	for (guint i = 0; item_is_whole(after) && i < after->items->len; i++)
		row = row || diff_remembers(diff, g_ptr_array_index(after->items, i));
	return row || source != NULL;
}

Change *
diff_say(GPtrArray *changes, ChangeKind kind, const Item *before, const Item *after,
    const char *from, const char *to)
{
	Change *change = g_new0(Change, 1);

	change->kind = kind;
	change->before = before;
	change->after = after;
	change->from = g_strdup(from);
	change->to = g_strdup(to);
	g_ptr_array_add(changes, change);
	return change;
}

/* --- what it does to last year's answers ----------------------------------------------------------------------- */

static gboolean
is_type(const Item *item, const char *name)
{
	return item->type != NULL && strcmp(item->type->name, name) == 0;
}

static int
harm_of_type(const Item *before, const Item *after, int memory)
{
	if (is_type(before, "integer") && is_type(after, "decimal"))
		return HARM_NONE;
	if (is_type(before, "decimal") && is_type(after, "integer"))
		return memory; /* a fraction has no place any more */
	if (is_type(before, "select_one") && is_type(after, "select_multiple"))
		return HARM_COMPARISON; /* one choice is a right answer still */
	return HARM_COMPARISON | memory;
}

static int
harm_of(const Pair *pair, ChangeKind kind, const char *to)
{
	int memory = diff_remembers(pair->diff, pair->after) ? HARM_MEMORY : HARM_NONE;

	switch (kind) {
	case CHANGE_TYPE:
		return harm_of_type(pair->before, pair->after, memory);
	case CHANGE_NAME_REUSED:
	case CHANGE_AUDIENCE:
	case CHANGE_CONDITION:
	case CHANGE_CALCULATION:
		return HARM_COMPARISON;
	case CHANGE_OPTION_REMOVED:
	case CHANGE_OPTION_LOOKS_RENAMED:
		return HARM_COMPARISON | memory;
	case CHANGE_OPTION_ADDED: /* a ranking of last year has no place for it */
		return is_type(pair->after, "rank") ? HARM_COMPARISON | memory : HARM_NONE;
	case CHANGE_CONSTRAINT:
	case CHANGE_CHOICE_FILTER:
	case CHANGE_OPTION_EXCLUSIVE:
		return *to != '\0' ? memory : HARM_NONE;
	default:
		return HARM_NONE;
	}
}

static Change *
say(const Pair *pair, ChangeKind kind, const char *from, const char *to)
{
	Change *change = diff_say(pair->changes, kind, pair->before, pair->after, from, to);

	change->harm = harm_of(pair, kind, to);
	return change;
}

static void
compare(const Pair *pair, ChangeKind kind, const char *from, const char *to)
{
	if (strcmp(from, to) != 0)
		(void)say(pair, kind, from, to);
}

static void
compare_flag(const Pair *pair, ChangeKind kind, gboolean from, gboolean to)
{
	compare(pair, kind, from ? "si" : "", to ? "si" : "");
}

/* How last year's answer is printed; under which name it stood is another matter. */
static const char *
memory_of(const Item *item)
{
	return *item->memory == '\0' ? "" : item->beside ? "accanto" : "si";
}

/* --- texts ------------------------------------------------------------------------------------------------------- */

static gboolean
find_lang(const Form *form, const char *lang, guint *out)
{
	return g_ptr_array_find_with_equal_func(form->langs, lang, g_str_equal, out);
}

static const char *
text_at(const GPtrArray *texts, guint lang)
{
	const char *text = lang < texts->len ? g_ptr_array_index(texts, lang) : NULL;

	return text != NULL ? text : "";
}

/* In each language that both editions have. @option: (nullable) */
static void
compare_texts(const Pair *pair, ChangeKind kind, const GPtrArray *before, const GPtrArray *after,
    const char *option)
{
	const Form *old_form = pair->diff->before.form;
	const Form *form = pair->diff->after.form;

	for (guint i = 0; i < form->langs->len; i++) {
		const char *lang = g_ptr_array_index(form->langs, i);
		guint old = 0;
		Change *change;

		if (!find_lang(old_form, lang, &old) ||
		    strcmp(text_at(before, old), text_at(after, i)) == 0)
			continue;
		change = say(pair, kind, text_at(before, old), text_at(after, i));
		change->lang = lang;
		change->option = option;
	}
}

static void
compare_all_texts(const Pair *pair)
{
	const Item *before = pair->before;
	const Item *after = pair->after;

	compare_texts(pair, CHANGE_LABEL, before->labels, after->labels, NULL);
	compare_texts(pair, CHANGE_HINT, before->hints, after->hints, NULL);
	compare_texts(pair, CHANGE_GUIDANCE, before->guidance, after->guidance, NULL);
	compare_texts(pair, CHANGE_REQUIRED_MESSAGE, before->required_messages,
	    after->required_messages, NULL);
	compare_texts(pair, CHANGE_CONSTRAINT_MESSAGE, before->constraint_messages,
	    after->constraint_messages, NULL);
}

/* --- expressions ----------------------------------------------------------------------------------------------- */

/* An earlier expression as it would stand in the later form: with the new names. Returns: (transfer full) */
static char *
carried(const Diff *diff, const Expr *expr)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *at = expr != NULL ? expr->text : "";

	while (*at != '\0') {
		const char *end = g_str_has_prefix(at, "${") ? strchr(at, '}') : NULL;
		g_autofree char *name =
		    end != NULL ? g_strndup(at + 2, (gsize)(end - at - 2)) : NULL;
		const char *now = name != NULL ? g_hash_table_lookup(diff->names, name) : NULL;

		if (now != NULL) {
			g_string_append_printf(text, "${%s}", now);
			at = end + 1;
		} else {
			g_string_append_c(text, *at++);
		}
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static const char *
text_of(const Expr *expr)
{
	return expr != NULL ? expr->text : "";
}

static gboolean
expr_differs(const Diff *diff, const Expr *before, const Expr *after)
{
	g_autofree char *text = carried(diff, before);

	return strcmp(text, text_of(after)) != 0;
}

static void
compare_expr(const Pair *pair, ChangeKind kind, const Expr *before, const Expr *after)
{
	if (expr_differs(pair->diff, before, after))
		(void)say(pair, kind, text_of(before), text_of(after));
}

static const char *
audience(const Edition *edition, const Item *item)
{
	gboolean small = form_view_asked(edition->small, item) != ASKED_NO;
	gboolean large = form_view_asked(edition->large, item) != ASKED_NO;

	if (small)
		return large ? "all" : "small";
	return large ? "large" : "none";
}

/* What the groups around have said already is not repeated. */
static void
compare_audience(const Pair *pair)
{
	const Edition *old = &pair->diff->before;
	const Edition *now = &pair->diff->after;
	const Item *group = pair->after->parent;
	const Item *old_group = pair->before->parent;
	const char *from = audience(old, pair->before);
	const char *to = audience(now, pair->after);

	if (group == NULL || old_group == NULL || strcmp(audience(old, old_group), from) != 0 ||
	    strcmp(audience(now, group), to) != 0)
		compare(pair, CHANGE_AUDIENCE, from, to);
}

static void
compare_condition(const Pair *pair)
{
	const Edition *old = &pair->diff->before;
	const Edition *now = &pair->diff->after;
	g_autofree char *from =
	    form_view_condition(old->large, pair->before, old->form->default_lang);
	g_autofree char *to = form_view_condition(now->large, pair->after, now->form->default_lang);

	if (!expr_differs(pair->diff, pair->before->relevant, pair->after->relevant))
		return;
	if (strcmp(from, to) != 0)
		(void)say(pair, CHANGE_CONDITION, from, to);
	else if (strcmp(audience(old, pair->before), audience(now, pair->after)) == 0)
		(void)say(pair, CHANGE_CONDITION, text_of(pair->before->relevant),
		    text_of(pair->after->relevant));
}

static void
compare_exprs(const Pair *pair)
{
	const Item *before = pair->before;
	const Item *after = pair->after;

	if (after->layout != LAYOUT_NONE && before->layout != LAYOUT_NONE) {
		compare_audience(pair);
		compare_condition(pair);
	}
	compare_expr(pair, CHANGE_REQUIRED, before->required, after->required);
	compare_expr(pair, CHANGE_CONSTRAINT, before->constraint, after->constraint);
	compare_expr(pair, CHANGE_CALCULATION, before->calculation, after->calculation);
	compare_expr(pair, CHANGE_CHOICE_FILTER, before->choice_filter, after->choice_filter);
}

/* --- options ----------------------------------------------------------------------------------------------------- */

static const char *
option_label(const Form *form, const Choice *choice)
{
	return form_text(form, choice->labels, form->default_lang);
}

/* The option that only the other list has, with the same label; NULL where there is none. */
static const Choice *
same_label(const Pair *pair, const Choice *old)
{
	const Form *old_form = pair->diff->before.form;
	const Form *form = pair->diff->after.form;
	g_autofree char *folded = g_utf8_casefold(option_label(old_form, old), -1);

	for (guint i = 0; i < pair->after->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(pair->after->list->choices, i);
		g_autofree char *label = g_utf8_casefold(option_label(form, choice), -1);

		if (strcmp(folded, label) == 0 &&
		    choice_list_find(pair->before->list, choice->name) == NULL)
			return choice;
	}
	return NULL;
}

/* @taken: names of the later list that are no additions. */
static void
compare_old_options(const Pair *pair, GHashTable *taken)
{
	for (guint i = 0; i < pair->before->list->choices->len; i++) {
		const Choice *old = g_ptr_array_index(pair->before->list->choices, i);
		const Choice *now = choice_list_find(pair->after->list, old->name);
		const Choice *like = now == NULL ? same_label(pair, old) : NULL;
		const char *label = option_label(pair->diff->before.form, old);

		if (now != NULL) {
			g_hash_table_add(taken, now->name);
			compare_texts(
			    pair, CHANGE_OPTION_LABEL, old->labels, now->labels, now->name);
			if (old->exclusive != now->exclusive)
				say(pair, CHANGE_OPTION_EXCLUSIVE, old->exclusive ? "si" : "",
				    now->exclusive ? "si" : "")
				    ->option = now->name;
		} else if (like != NULL) {
			g_hash_table_add(taken, like->name);
			say(pair, CHANGE_OPTION_LOOKS_RENAMED, old->name, like->name)->option =
			    like->name;
		} else {
			say(pair, CHANGE_OPTION_REMOVED, label, "")->option = old->name;
		}
	}
}

/* The labels, as they are now, of the options that both lists have, in the order of @list. Returns: (transfer full) */
static char *
common_labels(const Pair *pair, const ChoiceList *list)
{
	g_autoptr(GString) labels = g_string_new(NULL);

	for (guint i = 0; i < list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(list->choices, i);
		const Choice *now = choice_list_find(pair->after->list, choice->name);

		if (now != NULL && choice_list_find(pair->before->list, choice->name) != NULL)
			g_string_append_printf(labels, "%s%s", labels->len > 0 ? " · " : "",
			    option_label(pair->diff->after.form, now));
	}
	return g_string_free(g_steal_pointer(&labels), FALSE);
}

static void
compare_options(const Pair *pair)
{
	g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *from = NULL;
	g_autofree char *to = NULL;

	if (pair->before->list == NULL || pair->after->list == NULL)
		return;
	compare_old_options(pair, taken);
	for (guint i = 0; i < pair->after->list->choices->len; i++) {
		const Choice *now = g_ptr_array_index(pair->after->list->choices, i);

		if (!g_hash_table_contains(taken, now->name))
			say(pair, CHANGE_OPTION_ADDED, "",
			    option_label(pair->diff->after.form, now))
			    ->option = now->name;
	}
	from = common_labels(pair, pair->before->list);
	to = common_labels(pair, pair->after->list);
	compare(pair, CHANGE_OPTION_ORDER, from, to);
}

/* --- place and kind ---------------------------------------------------------------------------------------------- */

static const char *
type_of(const Item *item)
{
	if (item->type != NULL)
		return item->type->name;
	return *item->appearance != '\0' ? item->appearance : "begin_group";
}

static const char *
group_name(const Item *item)
{
	return item->parent != NULL ? item->parent->name : "";
}

/* The number is that of the table the item stands in. */
static gboolean
has_number_of_table(const Item *item)
{
	return item->parent != NULL && item_is_whole(item->parent) &&
	       strcmp(item->number, item->parent->number) == 0;
}

static void
compare_name(const Pair *pair)
{
	const Item *other = form_item(pair->diff->before.form, pair->after->name);

	if (strcmp(pair->before->name, pair->after->name) == 0)
		return;
	(void)say(pair, CHANGE_RENAMED, pair->before->name, pair->after->name);
	if (other != NULL && item_is_asked(other))
		say(pair, CHANGE_NAME_REUSED, pair->before->name, pair->after->name)->before =
		    other;
}

static void
compare_place(const Pair *pair)
{
	const Item *group = pair->after->parent;
	const Item *was = group != NULL ? g_hash_table_lookup(pair->diff->old_of, group) : NULL;
	const Item *behind = NULL;

	if (was != pair->before->parent || (group != NULL && was == NULL)) {
		(void)say(pair, CHANGE_MOVED, group_name(pair->before), group_name(pair->after));
	} else if (g_hash_table_contains(pair->diff->shifted, pair->after)) {
		const GPtrArray *items =
		    group != NULL ? group->items : pair->diff->after.form->items;
		guint at = 0;

		if (g_ptr_array_find((GPtrArray *)(gsize)items, pair->after, &at) && at > 0)
			behind = g_ptr_array_index(items, at - 1);
		(void)say(pair, CHANGE_ORDER, "", behind != NULL ? behind->name : "");
	}
	if (!has_number_of_table(pair->before) || !has_number_of_table(pair->after))
		compare(pair, CHANGE_NUMBER, pair->before->number, pair->after->number);
}

void
diff_pair(const Diff *diff, const Item *before, const Item *after, GPtrArray *changes)
{
	const Pair pair = { diff, before, after, changes };

	compare_name(&pair);
	compare_place(&pair);
	compare(&pair, CHANGE_TYPE, type_of(before), type_of(after));
	compare_all_texts(&pair);
	compare_exprs(&pair);
	compare_options(&pair);
	compare(&pair, CHANGE_DEFAULT, before->default_value, after->default_value);
	if (before->type == after->type && after->type != NULL)
		compare(&pair, CHANGE_APPEARANCE, before->appearance, after->appearance);
	compare_flag(&pair, CHANGE_READONLY, before->readonly, after->readonly);
	compare(&pair, CHANGE_MEMORY, memory_of(before), memory_of(after));
	compare(&pair, CHANGE_INDICATOR, before->indicator, after->indicator);
	compare_flag(&pair, CHANGE_RESERVED, before->reserved, after->reserved);
}
