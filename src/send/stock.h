/*
 * Internal to send/: messages made ahead of the lanes. What is due is claimed some at a time, made, kept in the archive, and then
 * ready to leave; how much of it there may be at once does not depend on the wave. A message whose domain has had its share of the
 * minute is not claimed, so that it holds up nobody behind it.
 */
#ifndef PLICO_SEND_STOCK_H
#define PLICO_SEND_STOCK_H

#include "send/keeper.h"
#include "send/clerk.h"
#include "send/pace.h"

typedef struct Stock Stock;

/* @lanes: how many take from it; @limit: claims no more than so many that leave, 0: all. All else is borrowed.
 * Returns: (transfer full) */
Stock *stock_new(const OutboxTools *tools, gint64 wave_id, guint limit, guint lanes,
    const Pace *pace, const PaceLog *left, Keeper *keeper, Clerk *clerk);
/* What it still has must have gone back, and nothing be with the keeper. */
void stock_free(Stock *stock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stock, stock_free)

/* Makes one message, if there is one and room for it; @out_more: there may be a further one. FALSE: the store failed. */
gboolean stock_make(Stock *stock, gint64 now, gboolean *out_more, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The keeper's answer. */
void stock_take_back(Stock *stock, Call *call);

/* The next one; NULL: none is ready. */
const Task *stock_first(const Stock *stock);
/* Takes it. @out: (transfer full) (nullable): NULL where it may leave no more at this second; then it goes to the clerk. */
gboolean stock_take(Stock *stock, Task **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One that was taken did not leave: it is due again. */
void stock_came_back(Stock *stock);
/* All that is not with the keeper goes back to the queue, by the clerk; what is, when it comes from there. */
void stock_give_back(Stock *stock);
/* The same with the messages of waves that a person has stopped. */
gboolean stock_give_stopped_back(Stock *stock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Nothing is in it or with the keeper; and nothing is due, be it only later by the pace of a domain. */
gboolean stock_is_empty(const Stock *stock);
gboolean stock_is_spent(const Stock *stock);
/* Why no more is made, once all before it have been taken: a message that cannot be made or kept. Returns: (transfer full)
 * (nullable) */
GError *stock_trouble(Stock *stock);

#endif
