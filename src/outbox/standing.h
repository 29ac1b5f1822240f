/* Internal to outbox/: how the sections of a unit stood when a message was planned, and what had been answered. */
#ifndef PLICO_OUTBOX_STANDING_H
#define PLICO_OUTBOX_STANDING_H

#include "outbox/outbox.h"

typedef struct Standing Standing;

/* Of @unit at the time at which @dispatch was planned; to a delegate, of the sections in @dispatch alone. Returns: (transfer full) */
Standing *standing_load(
    const OutboxTools *tools, const Dispatch *dispatch, const Unit *unit, GError **error);
void standing_free(Standing *standing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Standing, standing_free)

/* Of each section that is asked; those that had not come. Returns: (transfer none): of LetterStanding; of const Section * */
const GPtrArray *standing_lines(const Standing *standing);
GPtrArray *standing_missing(const Standing *standing);

/* The answers so far as a PDF. @tools has a renderer; once. Returns: (transfer full) */
Attachment *standing_answers(const Standing *standing, const OutboxTools *tools,
    const Dispatch *dispatch, const Unit *unit, GError **error);

#endif
