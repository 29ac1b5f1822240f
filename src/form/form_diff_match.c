/* Which question of the earlier form a question of the later one is. */
#include "form/diff_inner.h"

#include <string.h>

#define LIKE_LEAST 0.5 /* so many of the words of two labels are the same */

gboolean
item_is_whole(const Item *item)
{
	return item->layout == LAYOUT_GRID || item->layout == LAYOUT_LIST;
}

gboolean
item_is_asked(const Item *item)
{
	return item_is_whole(item) || (item->type != NULL && item->type->fields != NULL);
}

static const Item *
pair_of(const GHashTable *pairs, const Item *item)
{
	return g_hash_table_lookup((GHashTable *)(gsize)pairs, item);
}

static void
add_pair(Diff *diff, const Item *before, const Item *after)
{
	g_hash_table_insert(diff->old_of, (gpointer)(gsize)after, (gpointer)(gsize)before);
	if (pair_of(diff->new_of, before) != NULL)
		return;
	g_hash_table_insert(diff->new_of, (gpointer)(gsize)before, (gpointer)(gsize)after);
	g_hash_table_insert(diff->names, before->name, after->name);
}

/* --- by memoria and by name ------------------------------------------------------------------------------------ */

/* The earlier name that memoria gives, unless it is the item's own. Returns: (transfer full) (nullable) */
static char *
renamed_from(const Diff *diff, const Item *item)
{
	g_autofree char *source = form_memory_source(item, diff->before.form->id);

	return source != NULL && strcmp(source, item->name) != 0 ? g_steal_pointer(&source) : NULL;
}

static void
match_names(Diff *diff, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		const Item *old = form_item(diff->before.form, item->name);
		g_autofree char *source = renamed_from(diff, item);

		if (old != NULL && source == NULL)
			add_pair(diff, old, item);
		match_names(diff, item->items);
	}
}

/* Behind match_names(): a question that kept its name is the pair, another that repeats its answer is new. */
static void
match_renamed(Diff *diff, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		g_autofree char *source = renamed_from(diff, item);
		const Item *old = source != NULL ? form_item(diff->before.form, source) : NULL;

		if (old != NULL && pair_of(diff->new_of, old) == NULL)
			add_pair(diff, old, item);
		match_renamed(diff, item->items);
	}
}

static void
match_groups(Diff *diff, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *group = g_ptr_array_index(items, i);

		match_groups(diff, group->items);
		for (guint c = 0; c < group->items->len && pair_of(diff->old_of, group) == NULL;
		     c++) {
			const Item *old = pair_of(diff->old_of, g_ptr_array_index(group->items, c));

			if (old != NULL && old->parent != NULL &&
			    old->parent->layout == group->layout &&
			    pair_of(diff->new_of, old->parent) == NULL)
				add_pair(diff, old->parent, group);
		}
	}
}

/* --- by their looks -------------------------------------------------------------------------------------------- */

static GHashTable *
words_of(const char *text)
{
	GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *folded = g_utf8_casefold(text, -1);
	g_autoptr(GString) word = g_string_new(NULL);

	for (const char *at = folded;; at = g_utf8_next_char(at)) {
		if (*at != '\0' && g_unichar_isalnum(g_utf8_get_char(at))) {
			g_string_append_unichar(word, g_utf8_get_char(at));
			continue;
		}
		if (word->len > 0)
			g_hash_table_add(words, g_strdup(word->str));
		g_string_truncate(word, 0);
		if (*at == '\0')
			return words;
	}
}

/* How many of all words of both stand in both: 0 to 1. */
static double
likeness(const char *one, const char *other)
{
	g_autoptr(GHashTable) words = words_of(one);
	g_autoptr(GHashTable) others = words_of(other);
	GHashTableIter iter;
	gpointer word;
	guint both = 0;
	guint all;

	g_hash_table_iter_init(&iter, words);
	while (g_hash_table_iter_next(&iter, &word, NULL))
		both += g_hash_table_contains(others, word) ? 1 : 0;
	all = g_hash_table_size(words) + g_hash_table_size(others) - both;
	return all > 0 ? (double)both / all : 0;
}

static const char *
label_of(const Form *form, const Item *item)
{
	return form_text(form, item->labels, form->default_lang);
}

static const Item *
table_of(const Item *item)
{
	return item->parent != NULL && item_is_whole(item->parent) ? item->parent : NULL;
}

/* How often a label stands outside of tables: "Altro: specificare" tells nothing. */
static guint
count_label(const Form *form, const GPtrArray *items, const char *label)
{
	guint n = 0;

	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		n += item_is_asked(item) && table_of(item) == NULL &&
			     strcmp(label_of(form, item), label) == 0
			 ? 1
			 : 0;
		n += count_label(form, item->items, label);
	}
	return n;
}

static gboolean
may_be_like(const Diff *diff, const Item *old, const Item *item)
{
	const Item *old_table = table_of(old);
	const Item *table = table_of(item);
	const Form *form = diff->before.form;

	if (!item_is_asked(old) || old->type != item->type || old->layout != item->layout ||
	    pair_of(diff->new_of, old) != NULL || pair_of(diff->like, old) != NULL)
		return FALSE;
	if (old_table == NULL || table == NULL)
		return old_table == table &&
		       count_label(form, form->items, label_of(form, old)) == 1;
	return pair_of(diff->old_of, table) == old_table || pair_of(diff->like, table) == old_table;
}

static void
find_like(const Diff *diff, const GPtrArray *candidates, const Item *item, double *best,
    const Item **found)
{
	for (guint i = 0; i < candidates->len; i++) {
		const Item *old = g_ptr_array_index(candidates, i);
		double same = 0;

		if (may_be_like(diff, old, item))
			same = likeness(
			    label_of(diff->before.form, old), label_of(diff->after.form, item));
		if (same >= LIKE_LEAST && same > *best) {
			*best = same;
			*found = old;
		}
		find_like(diff, old->items, item, best, found);
	}
}

static void
match_looks(Diff *diff, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		const Item *found = NULL;
		g_autofree char *source = renamed_from(diff, item);
		double best = 0;

		if (item_is_asked(item) && source == NULL && pair_of(diff->old_of, item) == NULL)
			find_like(diff, diff->before.form->items, item, &best, &found);
		if (found != NULL) {
			g_hash_table_insert(
			    diff->like, (gpointer)(gsize)item, (gpointer)(gsize)found);
			g_hash_table_insert(diff->names, found->name, item->name);
			g_hash_table_insert(
			    diff->like, (gpointer)(gsize)found, (gpointer)(gsize)item);
		}
		match_looks(diff, item->items);
	}
}

/* --- order ------------------------------------------------------------------------------------------------------- */

typedef struct {
	const Item *item;
	guint position; /* in the earlier form */
	guint length;	/* of the longest run of rising positions that ends here */
	int previous;	/* of that run; -1 for none */
} Placed;

static GArray *
placed_of(const Diff *diff, const GPtrArray *items, const GPtrArray *old_items)
{
	GArray *placed = g_array_new(FALSE, TRUE, sizeof(Placed));

	for (guint i = 0; i < items->len; i++) {
		Placed each = { .item = g_ptr_array_index(items, i), .previous = -1 };
		const Item *old = pair_of(diff->old_of, each.item);

		if (old != NULL &&
		    g_ptr_array_find((GPtrArray *)(gsize)old_items, old, &each.position))
			g_array_append_val(placed, each);
	}
	return placed;
}

/* As few as can be are said to have moved: all but a longest run that kept its order. */
static void
find_shifted(Diff *diff, const GPtrArray *items, const GPtrArray *old_items)
{
	g_autoptr(GArray) placed = placed_of(diff, items, old_items);
	int last = -1;

	for (guint i = 0; i < placed->len; i++) {
		Placed *each = &g_array_index(placed, Placed, i);

		for (guint j = 0; j < i; j++) {
			const Placed *other = &g_array_index(placed, Placed, j);

			if (other->position < each->position && other->length >= each->length) {
				each->length = other->length;
				each->previous = (int)j;
			}
		}
		each->length++;
		if (last < 0 || each->length > g_array_index(placed, Placed, last).length)
			last = (int)i;
		g_hash_table_add(diff->shifted, (gpointer)(gsize)each->item);
	}
	for (; last >= 0; last = g_array_index(placed, Placed, last).previous)
		g_hash_table_remove(diff->shifted, g_array_index(placed, Placed, last).item);
}

static void
find_all_shifted(Diff *diff, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);
		const Item *old = pair_of(diff->old_of, item);

		if (old != NULL && item->items->len > 0)
			find_shifted(diff, item->items, old->items);
		find_all_shifted(diff, item->items);
	}
}

void
diff_match(Diff *diff)
{
	const GPtrArray *items = diff->after.form->items;

	match_names(diff, items);
	match_renamed(diff, items);
	match_groups(diff, items);
	match_looks(diff, items);
	find_shifted(diff, items, diff->before.form->items);
	find_all_shifted(diff, items);
}
