/* daticert.xml, what a provider says of a message of certified mail (RFC 6109, 3.1.6 and annex). Runs in the cage. */
#ifndef PLICO_COLLECT_DATICERT_H
#define PLICO_COLLECT_DATICERT_H

#include <glib.h>

typedef struct {
	char *kind;	       /* tipo */
	char *error;	       /* errore */
	char *sender;	       /* mittente */
	GPtrArray *addressees; /* of char *: destinatari */
	guint ordinary;	       /* how many of them are tipo="esterno" */
	char *message_id;      /* msgid, without brackets */
	char *delivered_to;    /* consegna */
	char *error_detail;    /* errore-esteso */
	gint64 at;	       /* Unix time; 0: not said */
} Daticert;

void daticert_free(Daticert *daticert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Daticert, daticert_free)

/* In the parent, once. */
void daticert_prepare(void);

/* Strict about names, sizes and counts, not about the order. No DTD, no entities but XML's own, no network, no files.
 * Returns: (transfer full), NULL: no such file */
Daticert *daticert_read(GBytes *xml);

#endif
