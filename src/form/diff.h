/*
 * Two editions of a questionnaire side by side, for cmd/: what changed, and what of it touches last year's answers.
 *
 * A question of the later form is paired with one of the earlier by bind::anci:memoria (q5_13@2024), otherwise by its
 * name; groups by name, or by the first question in them that has a pair. Nothing else pairs: what merely looks like the
 * same question under another name is said to look so.
 */
#ifndef PLICO_FORM_DIFF_H
#define PLICO_FORM_DIFF_H

#include "form/form.h"

typedef enum {
	CHANGE_ADDED, /* after; before: the question whose answer it repeats beside another, or NULL */
	CHANGE_REMOVED,	       /* before */
	CHANGE_RENAMED,	       /* from, to: the names */
	CHANGE_LOOKS_RENAMED,  /* a new question much like a dropped one, and no memoria says so */
	CHANGE_NAME_REUSED,    /* after has the name of before, and is paired with another */
	CHANGE_SOURCE_MISSING, /* to: the memoria that names nothing of the earlier form */
	CHANGE_MOVED,	       /* into another section or group: from, to: their names */
	CHANGE_ORDER,	       /* to: the name behind which it now stands, "" for none */
	CHANGE_NUMBER,
	CHANGE_TYPE, /* of a group its appearance, or begin_group */
	CHANGE_LABEL,
	CHANGE_HINT,
	CHANGE_GUIDANCE,
	CHANGE_REQUIRED_MESSAGE,
	CHANGE_CONSTRAINT_MESSAGE,
	CHANGE_AUDIENCE, /* "all", "large", "small", "none": as each form's own threshold divides */
	CHANGE_CONDITION, /* in words where the words differ, otherwise as written */
	CHANGE_REQUIRED,  /* as written; "" for none */
	CHANGE_CONSTRAINT,
	CHANGE_CALCULATION,
	CHANGE_CHOICE_FILTER,
	CHANGE_DEFAULT,
	CHANGE_APPEARANCE,
	CHANGE_READONLY, /* "", "si" */
	CHANGE_MEMORY,	 /* "", "si", "accanto" */
	CHANGE_INDICATOR,
	CHANGE_RESERVED,	     /* "", "si" */
	CHANGE_OPTION_ADDED,	     /* to: its label */
	CHANGE_OPTION_REMOVED,	     /* from: its label */
	CHANGE_OPTION_LOOKS_RENAMED, /* from, to: two names with one label */
	CHANGE_OPTION_LABEL,
	CHANGE_OPTION_EXCLUSIVE, /* "", "si" */
	CHANGE_OPTION_ORDER,	 /* all labels that stayed, with " · " between */
	CHANGE_LANG_ADDED,	 /* lang; of the form */
	CHANGE_LANG_REMOVED,
	CHANGE_KINDS
} ChangeKind;

/* What a change touches, as bits. */
typedef enum {
	HARM_NONE = 0,
	HARM_COMPARISON = 1 << 0, /* the figures of the two years are not of the same thing */
	HARM_MEMORY = 1 << 1	  /* answers of last year that no longer fit or are not found */
} Harm;

/* One difference. Items and choices belong to the forms. */
typedef struct {
	ChangeKind kind;
	int harm;	    /* Harm */
	const Item *before; /* (nullable) */
	const Item *after;  /* (nullable) */
	const Item *
	    place; /* (nullable): the outermost group to tell it under: of the later form, or a lost one of
				the earlier */
	const char *option; /* (nullable): name of the choice */
	const char *lang;   /* (nullable): of a text */
	char *from;	    /* "" for nothing */
	char *to;
} Change;

/* Both forms without errors, and to outlive what is returned. Rows of one table that changed alike are one change of the
 * table. Returns: (transfer full): of Change, in the order of the later form, what was dropped behind what stayed in its
 * group */
GPtrArray *form_diff(const Form *before, const Form *after);

/* Whether group and rows are one question: drawn as a table or a list. */
gboolean item_is_whole(const Item *item);

#endif
