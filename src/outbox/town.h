/* Internal to outbox/: the units whose sheets one message carries, each as it was when that was planned. */
#ifndef PLICO_OUTBOX_TOWN_H
#define PLICO_OUTBOX_TOWN_H

#include "outbox/outbox.h"

typedef struct {
	gint64 unit_id;
	char *sections; /* "s2 s5" */
	gint64 serial;	/* of the credential that its sheets name */
	char *lang;	/* of its sheets */
	gint64 memory;	/* number of the print of last year's answers; 0: none */
	char *facts;	/* form_facts() */
	char *name;	/* of the delegate, as the town told it; "": not known */

	/* mail_town_open() fills these in */
	Unit *unit;
	FormView *view;
	GPtrArray *listed; /* of const Section *: those of @sections */
	Memory *printed;
	/* Section -> FieldSet: what its sheet is filled with beside that; made empty, filled by who knows */
	GHashTable *fields;
	/* Section -> CorrectionPart: where its sheet asks some questions alone; likewise */
	GHashTable *parts;
} MailTown;

/* All empty. Returns: (transfer full) */
MailTown *mail_town_new(void);
void mail_town_free(MailTown *town);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailTown, mail_town_free)

/* The towns of a message to a delegate, by ISTAT code. Returns: (transfer full): of MailTown, not opened */
GPtrArray *towns_of_delegate(Store *store, gint64 dispatch_id, GError **error);
/* The one town of any other message, whose sheets name the credential @serial. Returns: (transfer full) */
MailTown *mail_town_of(const Dispatch *dispatch, gint64 serial);

/* Finds the unit, its sections and last year's answers. */
gboolean mail_town_open(const OutboxTools *tools, MailTown *town, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Makes the sheet of one of its sections. @tools has a renderer. Returns: (transfer full) */
Attachment *mail_town_sheet(
    const OutboxTools *tools, const MailTown *town, const Section *section, GError **error);

/* "it", or the two languages first spoken by @towns joined: those of a text that all of them are to understand.
 * Returns: (transfer full) */
char *towns_lang(const GPtrArray *towns);
/* The delegate's name where all @towns that tell one tell the same; otherwise "". Returns: (transfer none) */
const char *towns_name(const GPtrArray *towns);

#endif
