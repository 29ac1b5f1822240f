/* Internal to send/: a thread that puts messages together and keeps them in the archive before they leave, so that nobody waits
 * for the disk. */
#ifndef PLICO_SEND_KEEPER_H
#define PLICO_SEND_KEEPER_H

#include "send/lane.h"

typedef struct Keeper Keeper;

/* Its answers go into @calls. Returns: (transfer full), NULL where the keys cannot be read */
Keeper *keeper_new(const Config *config, GAsyncQueue *calls, GError **error);
/* Waits for what it has in hand. */
void keeper_free(Keeper *keeper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keeper, keeper_free)

/* @tasks: (transfer full), with their packets; all of them come back by one CALL_KEPT. Those that are on stable storage have
 * their message; where one cannot be kept, neither it nor those behind it have, and there is an error. */
void keeper_keep(Keeper *keeper, GPtrArray *tasks);

#endif
