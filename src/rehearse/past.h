/*
 * Last year in a rehearsal: some municipalities answered then, mostly what they would say today. Their answers are
 * imported before the invitation and stand on their sheets; some go through them and confirm what they leave, some
 * confirm without a look, some write only what is blank.
 */
#ifndef PLICO_REHEARSE_PAST_H
#define PLICO_REHEARSE_PAST_H

#include "form/form.h"
#include "store/store.h"

typedef enum {
	PAST_NONE,   /* it did not answer last year */
	PAST_RENEWS, /* writes all its answers anew, and ticks the box */
	PAST_KEEPS,  /* leaves what stands there, and ticks the box */
	PAST_IGNORES /* leaves what stands there */
} Past;

/* Who does which: faulty ones, and those that write more than once, renew. */
Past past_of(guint64 seed, const char *unit);
/* Its answers of last year that this year's form remembers; empty for PAST_NONE. Returns: (transfer full): name ->
 * canonical text */
GHashTable *past_answers(guint64 seed, const char *unit, const FormView *view);
/* Those of them that stand in the fields of its sheets. Returns: (transfer full) */
GHashTable *past_printed(guint64 seed, const char *unit, const FormView *view);
/* Whether last year's answers are left as they stand: then the other ones are of a piece with them. */
gboolean past_stays(Past past);
/* Whether one of them belongs to the section: then its sheet has the box. */
gboolean past_has_section(GHashTable *answers, const FormView *view, const Section *section);

/* "mappa-2023" for "mappa-2024". Returns: (transfer full) */
char *past_edition(const char *edition);

/* Writes the answers of all open units to @path and imports them. */
gboolean past_import(Store *store, const Form *form, guint64 seed, const char *path,
    const char *actor, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
