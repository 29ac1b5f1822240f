/* Internal to outbox/: rows of a query as structs, and credentials. */
#ifndef PLICO_OUTBOX_ROWS_H
#define PLICO_OUTBOX_ROWS_H

#include "outbox/outbox.h"

/* Reads @rows to their end. Returns: (transfer full): of Dispatch, of Wave */
GPtrArray *outbox_dispatches_from(Rows *rows, GError **error);
/* Reads those that @wants (nullable: all), and no further than @limit of them. */
GPtrArray *outbox_dispatches_wanted(
    Rows *rows, guint limit, OutboxWants wants, gpointer self, GError **error);
GPtrArray *outbox_waves_from(Rows *rows, GError **error);

/* Logs @event, about @dispatch and its unit, in the transaction of its cause. Where that goes to a delegate, it is logged for each
 * unit that it speaks of, and the delegate's address is left out of the note: the log can never be cleared of a person. */
gboolean outbox_log(Store *store, const Dispatch *dispatch, const Event *event, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One event about a dispatch, in the transaction of its cause. Its evidence is the message, if there is one yet. */
gboolean outbox_event(Store *store, const Dispatch *dispatch, const char *what, const char *from,
    const char *to, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The credential whose code and sheets @dispatch carries. @out_kid: (out) (transfer full) */
gboolean outbox_credential(Store *store, const Dispatch *dispatch, gint64 *out_serial,
    char **out_kid, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* EDITION.UNIT.KIND.SERIAL.TAG@DOMAIN: the same for the same letter, and not to be guessed. Returns: (transfer full) */
char *outbox_message_id(const OutboxTools *tools, const char *kind, const Unit *unit,
    const char *sections, gint64 serial);
/* Settles which of last year's answers stand on the unit's sheets: what is imported later does not change a message that
 * has been planned. @out: the number of the print. */
gboolean outbox_remember(const OutboxTools *tools, const Unit *unit, gint64 *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What outbox_closing() says, as a sentence for the history. Returns: (transfer full) */
char *outbox_closing_words(const char *closing);
/* Issues a unit's credential. */
gboolean outbox_issue(const OutboxTools *tools, const Unit *unit, gint64 serial, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
