/* Differences of two editions in words, for forms_diff.c. */
#ifndef PLICO_CMD_FORMS_DIFF_H
#define PLICO_CMD_FORMS_DIFF_H

#include "cmd/forms.h"
#include "form/diff.h"

typedef struct {
	Form *before;
	Form *after;
	GPtrArray *changes; /* of Change */
} Editions;

/* "option-removed". Returns: (transfer none) */
const char *change_code(ChangeKind kind);
/* What changed, in a line; of texts it names only which. Returns: (transfer full) */
char *change_words(const Editions *editions, const Change *change);
/* Whether from and to are texts to show below change_words(). */
gboolean change_shows_both(const Change *change);
/* What it does to last year's answers, and what to do; "" where it does nothing. Returns: (transfer full) */
char *change_advice(const Editions *editions, const Change *change);
/* The item that a change is told of, and its form; NULL where it is the whole form. */
const Item *change_item(const Editions *editions, const Change *change, const Form **out_form);
/* "scelta singola tra 5 opzioni, per tutti i Comuni". Returns: (transfer full) */
char *item_words(const Form *form, const Item *item);

#endif
