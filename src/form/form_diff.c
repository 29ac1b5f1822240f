/* Walks through both editions and tells what changed, in the order of the later one. */
#include "form/diff_inner.h"

#include <string.h>

#define POPULATION_LARGE G_MAXINT32

static void
change_free(Change *change)
{
	g_free(change->from);
	g_free(change->to);
	g_free(change);
}

static GPtrArray *
changes_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
}

static Edition
edition_open(const Form *form)
{
	const Unit small = { .population = form_small_population(form) };
	const Unit large = { .population = POPULATION_LARGE };

	return (Edition){ form, form_view_new(form, &small), form_view_new(form, &large) };
}

static void
edition_close(Edition *edition)
{
	form_view_free(edition->small);
	form_view_free(edition->large);
}

static void
diff_clear(Diff *diff)
{
	g_hash_table_unref(diff->old_of);
	g_hash_table_unref(diff->new_of);
	g_hash_table_unref(diff->like);
	g_hash_table_unref(diff->shifted);
	g_hash_table_unref(diff->names);
	edition_close(&diff->before);
	edition_close(&diff->after);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Diff, diff_clear)

static void
take_all(GPtrArray *changes, GPtrArray *more)
{
	while (more->len > 0)
		g_ptr_array_add(changes, g_ptr_array_steal_index(more, 0));
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static gboolean
is_same(const Change *one, const Change *other)
{
	return one->kind == other->kind && g_strcmp0(one->option, other->option) == 0 &&
	       g_strcmp0(one->lang, other->lang) == 0 && strcmp(one->from, other->from) == 0 &&
	       strcmp(one->to, other->to) == 0;
}

static gboolean
find_same(const GPtrArray *changes, const Change *change, guint *out)
{
	for (*out = 0; *out < changes->len; (*out)++)
		if (is_same(g_ptr_array_index(changes, *out), change))
			return TRUE;
	return FALSE;
}

/* @rows: of GPtrArray of Change: what changed in each. What all of them share goes to @changes as the table's. */
static void
merge_rows(const Item *before, const Item *after, GPtrArray *rows, GPtrArray *changes)
{
	GPtrArray *first = g_ptr_array_index(rows, 0);

	for (guint i = 0; i < first->len;) {
		g_autofree guint *at = g_new0(guint, rows->len);
		Change *change = g_ptr_array_index(first, i);
		gboolean all = rows->len > 1;

		for (guint r = 1; all && r < rows->len; r++)
			all = find_same(g_ptr_array_index(rows, r), change, &at[r]);
		if (!all) {
			i++;
			continue;
		}
		(void)g_ptr_array_steal_index(first, i);
		for (guint r = 1; r < rows->len; r++) {
			GPtrArray *row = g_ptr_array_index(rows, r);

			change->harm |= ((Change *)g_ptr_array_index(row, at[r]))->harm;
			g_ptr_array_remove_index(row, at[r]);
		}
		change->before = before;
		change->after = after;
		g_ptr_array_add(changes, change);
	}
}

/* --- the walk ---------------------------------------------------------------------------------------------------- */

static const Item *
outermost(const Item *item)
{
	while (item->parent != NULL)
		item = item->parent;
	return item;
}

static const Item *
place_of(const Diff *diff, const Change *change)
{
	const Item *group;
	const Item *now;

	if (change->after != NULL)
		return outermost(change->after);
	if (change->before == NULL)
		return NULL;
	group = outermost(change->before);
	now = g_hash_table_lookup(diff->new_of, group);
	return now != NULL ? outermost(now) : group;
}

/* A question that has no pair, as it is in the later form. */
static void
say_new(const Diff *diff, const Item *item, GPtrArray *changes)
{
	const Item *like = g_hash_table_lookup(diff->like, item);
	g_autofree char *source = form_memory_source(item, diff->before.form->id);
	gboolean named = source != NULL && strcmp(source, item->name) != 0;
	const Item *repeated = named ? form_item(diff->before.form, source) : NULL;
	gboolean row = item->parent != NULL && item_is_whole(item->parent) &&
		       g_hash_table_lookup(diff->old_of, item->parent) == NULL &&
		       g_hash_table_lookup(diff->like, item->parent) == NULL;

	if (named && repeated == NULL)
		diff_say(changes, CHANGE_SOURCE_MISSING, NULL, item, "", item->memory)->harm =
		    HARM_MEMORY;
	if (like != NULL)
		diff_say(changes, CHANGE_LOOKS_RENAMED, like, item, like->name, item->name)->harm =
		    HARM_COMPARISON | HARM_MEMORY;
	else if ((item_is_whole(item) || item->type != NULL) && !row)
		(void)diff_say(changes, CHANGE_ADDED, repeated, item, "", "");
}

/* "Altro: specificare" behind its question: one loss, not two. */
static gboolean
is_part_of_lost(const Diff *diff, const GPtrArray *items, guint at)
{
	const Item *item = g_ptr_array_index(items, at);
	const Item *previous = at > 0 ? g_ptr_array_index(items, at - 1) : NULL;

	return previous != NULL && *item->number != '\0' &&
	       strcmp(previous->number, item->number) == 0 &&
	       g_hash_table_lookup(diff->new_of, previous) == NULL;
}

static void
say_lost(const Diff *diff, const GPtrArray *items, GPtrArray *changes)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *old = g_ptr_array_index(items, i);
		gboolean told = FALSE;

		if (g_hash_table_lookup(diff->new_of, old) != NULL)
			continue; /* the walk comes to it */
		if (g_hash_table_lookup(diff->like, old) == NULL &&
		    (item_is_whole(old) || old->type != NULL)) {
			diff_say(changes, CHANGE_REMOVED, old, NULL, "", "")->harm =
			    item_is_asked(old) && !is_part_of_lost(diff, items, i) ? HARM_COMPARISON
										   : HARM_NONE;
			told = item_is_whole(old);
		}
		if (!told)
			say_lost(diff, old->items, changes);
	}
}

static void walk(const Diff *diff, const GPtrArray *items, GPtrArray *changes);

/* A table with its rows. */
static void
walk_table(const Diff *diff, const Item *old, const Item *table, GPtrArray *changes)
{
	g_autoptr(GPtrArray) rows =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_autoptr(GPtrArray) added = changes_new();

	for (guint i = 0; i < table->items->len; i++) {
		const Item *row = g_ptr_array_index(table->items, i);
		const Item *old_row = g_hash_table_lookup(diff->old_of, row);
		GPtrArray *own;

		if (old_row == NULL) {
			say_new(diff, row, added);
			continue;
		}
		own = changes_new();
		g_ptr_array_add(rows, own);
		diff_pair(diff, old_row, row, own);
	}
	if (rows->len > 0)
		merge_rows(old, table, rows, changes);
	for (guint i = 0; i < rows->len; i++)
		take_all(changes, g_ptr_array_index(rows, i));
	take_all(changes, added);
	say_lost(diff, old->items, changes);
}

static void
walk_item(const Diff *diff, const Item *item, GPtrArray *changes)
{
	const Item *old = g_hash_table_lookup(diff->old_of, item);

	if (old == NULL) {
		say_new(diff, item, changes);
		walk(diff, item->items, changes);
		return;
	}
	diff_pair(diff, old, item, changes);
	if (item_is_whole(item)) {
		walk_table(diff, old, item, changes);
		return;
	}
	walk(diff, item->items, changes);
	say_lost(diff, old->items, changes);
}

static void
walk(const Diff *diff, const GPtrArray *items, GPtrArray *changes)
{
	for (guint i = 0; i < items->len; i++)
		walk_item(diff, g_ptr_array_index(items, i), changes);
}

static void
compare_langs(const Diff *diff, GPtrArray *changes)
{
	const GPtrArray *old = diff->before.form->langs;
	const GPtrArray *now = diff->after.form->langs;

	for (guint i = 0; i < old->len; i++) {
		const char *lang = g_ptr_array_index(old, i);

		if (!g_ptr_array_find_with_equal_func(
			(GPtrArray *)(gsize)now, lang, g_str_equal, NULL))
			diff_say(changes, CHANGE_LANG_REMOVED, NULL, NULL, "", "")->lang = lang;
	}
	for (guint i = 0; i < now->len; i++) {
		const char *lang = g_ptr_array_index(now, i);

		if (!g_ptr_array_find_with_equal_func(
			(GPtrArray *)(gsize)old, lang, g_str_equal, NULL))
			diff_say(changes, CHANGE_LANG_ADDED, NULL, NULL, "", "")->lang = lang;
	}
}

GPtrArray *
form_diff(const Form *before, const Form *after)
{
	GPtrArray *changes = changes_new();
	g_auto(Diff) diff = { .before = edition_open(before),
		.after = edition_open(after),
		.old_of = g_hash_table_new(NULL, NULL),
		.new_of = g_hash_table_new(NULL, NULL),
		.like = g_hash_table_new(NULL, NULL),
		.shifted = g_hash_table_new(NULL, NULL),
		.names = g_hash_table_new(g_str_hash, g_str_equal) };

	diff_match(&diff);
	compare_langs(&diff, changes);
	walk(&diff, after->items, changes);
	say_lost(&diff, before->items, changes);
	for (guint i = 0; i < changes->len; i++) {
		Change *change = g_ptr_array_index(changes, i);

		change->place = place_of(&diff, change);
	}
	return changes;
}
