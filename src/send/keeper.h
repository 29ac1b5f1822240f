/* Internal to send/: a thread that keeps messages in the archive before they leave, so that nobody waits for the disk. */
#ifndef PLICO_SEND_KEEPER_H
#define PLICO_SEND_KEEPER_H

#include "send/lane.h"

typedef struct Keeper Keeper;

/* Its answers go into @calls. Returns: (transfer full), NULL where the keys cannot be read */
Keeper *keeper_new(const Config *config, GAsyncQueue *calls, GError **error);
/* Waits for what it has in hand. */
void keeper_free(Keeper *keeper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keeper, keeper_free)

/* @tasks: (transfer full), with their packets; all of them come back by one CALL_KEPT, on stable storage or with an error. */
void keeper_keep(Keeper *keeper, GPtrArray *tasks);

#endif
