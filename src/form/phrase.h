/* Inside form/: one condition, and its words in each language (form_phrase_words.c). */
#ifndef PLICO_FORM_PHRASE_H
#define PLICO_FORM_PHRASE_H

#include "form/expr.h"

/* In Italian: */
typedef enum {
	SAY_IS,	     /* la risposta alla 3.1 è «No» */
	SAY_CHOSEN,  /* alla 3.1.2 è stato scelto «File server» */
	SAY_CHECKED, /* alla 2.2 è barrata la casella «Dato non disponibile» */
	SAY_GIVEN,   /* alla 2.2 è stata data una risposta */
	SAY_NUMBER,  /* la risposta alla 2.2 è maggiore di 5 */
	SAY_DATE,    /* la risposta alla 1.3 è successiva al 31/12/2023 */
	SAY_COUNT    /* alla 2.4 le opzioni scelte sono più di 2 */
} Saying;

/* One comparison. */
typedef struct {
	Saying saying;
	const Item *item;
	Operator op; /* of SAY_NUMBER, SAY_DATE, SAY_COUNT: the negation is in it */
	gboolean negative;
	const char *word; /* what it is compared with; canonical */
} Atom;

typedef struct {
	const Form *form;
	const char *lang;
} Teller;

/* The clause of atoms, at least one, that differ in their words only; @joint: NODE_AND, NODE_OR. Returns: (transfer full) */
char *phrase_atoms(const Teller *teller, const GArray *atoms, NodeKind joint);
/* Two clauses as one; @apart: one of them is joined already. Returns: (transfer full) */
char *phrase_join(
    const Teller *teller, const char *one, const char *other, NodeKind joint, gboolean apart);

#endif
