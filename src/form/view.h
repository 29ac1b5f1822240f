/* Inside form/: values and conditions as one unit sees them. */
#ifndef PLICO_FORM_VIEW_H
#define PLICO_FORM_VIEW_H

#include "base/table.h"
#include "form/expr.h"

#define REGISTRY "comuni" /* the table of pulldata() that is the registry */

/* What the names of a form stand for, for one unit: before anyone answers, or with answers. What was found is kept. */
typedef struct {
	const Form *form;
	GHashTable *facts;   /* what is known of the unit: name -> value */
	GHashTable *answers; /* (nullable): name -> canonical text */
	GHashTable *values;  /* name -> value, NULL where not known */
	GHashTable *truths;  /* const Item * -> Truth */
} Sight;

/* @facts and @answers are borrowed and must outlive it. */
void sight_init(Sight *sight, const Form *form, GHashTable *facts, GHashTable *answers);
void sight_clear(Sight *sight);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sight, sight_clear)

/* NULL where it is not known. Returns: (transfer none) */
const char *sight_value(Sight *sight, const char *name);
/* Whether the item is to be answered: its own condition and those of its groups. */
Truth sight_relevant(Sight *sight, const Item *item);
Scope sight_scope(Sight *sight);

/* --- form_view.c */

/* What all views of a form share. */
struct FormInner {
	GPtrArray *facts; /* of char *: what of a unit the form knows before anyone answers */
	GPtrArray
	    *deciders; /* of char *: the known values on which conditions rest; @NAME is a fact */
	GHashTable *shapes; /* their values -> Shape */
	GHashTable *data;   /* name -> DataTable: tables beside the form */
	GPtrArray *sources; /* of GBytes: the files it was read from, in the order of FormFile */
};

/* A table for pulldata(). */
typedef struct {
	GBytes *bytes; /* as it stands in its file */
	Table *table;
} DataTable;

GHashTable *data_tables_new(void);
/* "" where no row has the key; NULL where there is no such table. Returns: (transfer full) (nullable) */
char *data_value(const FormInner *inner, const char *table, const char *column,
    const char *key_column, const char *key);

/* How many questions are asked, of all sections that count: found once for each shape. */
guint form_view_count(const FormView *view);

/* form_count.c: as form_numbers(). @view: NULL: whoever is asked */
GPtrArray *form_view_numbers(const Form *form, const FormView *view, const Section *section);

FormInner *form_inner_new(void);
void form_inner_free(FormInner *inner);

/* --- form_phrase.c: conditions in words */

/* "la risposta alla 3.1 è «No»"; "" where it cannot be said. Returns: (transfer full) */
char *phrase_condition(const Form *form, const Node *node, const char *lang);
/* Whether all that is left of a condition before rendering can be said in words. */
gboolean phrase_is_possible(const Form *form, const Node *node);

#endif
