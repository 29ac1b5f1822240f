/* Inside form_diff*.c: pairs of items, and where changes are noted. */
#ifndef PLICO_FORM_DIFF_INNER_H
#define PLICO_FORM_DIFF_INNER_H

#include "form/diff.h"

typedef struct {
	const Form *form;
	FormView *small; /* as a town at the threshold is asked it, and as a very large one */
	FormView *large;
} Edition;

typedef struct {
	Edition before;
	Edition after;
	GHashTable *old_of; /* Item of the later form -> Item of the earlier */
	GHashTable *new_of; /* and back; where two repeat one, the first */
	GHashTable
	    *like; /* Item without pair -> the Item without pair that it looks like; both ways */
	GHashTable *shifted; /* Items of the later form that stand in another order */
	GHashTable
	    *names; /* name of the earlier form -> name of its pair, or of what looks like it */
} Diff;

/* --- form_diff_match.c */
void diff_match(Diff *diff);
/* Whether the item is asked: a question, or a table or list. */
gboolean item_is_asked(const Item *item);

/* --- form_diff_pair.c */

/* Adds what changed between two paired items, the groups and rows they stand in apart, to @changes. */
void diff_pair(const Diff *diff, const Item *before, const Item *after, GPtrArray *changes);
/* Returns: (transfer none): the change, now of @changes */
Change *diff_say(GPtrArray *changes, ChangeKind kind, const Item *before, const Item *after,
    const char *from, const char *to);
/* Whether last year's answer is printed with the question or, of a table or list, with one of its rows. */
gboolean diff_remembers(const Diff *diff, const Item *after);

#endif
