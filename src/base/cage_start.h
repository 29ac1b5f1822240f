/* A keeper as who asks it has it: the program is found, started and spoken to. Private to the cage. */
#ifndef PLICO_BASE_CAGE_START_H
#define PLICO_BASE_CAGE_START_H

#include "base/cage_keeper.h"
#include "base/durable.h"

#include <sys/types.h>

typedef struct {
	pid_t pid;
	pid_t user; /* a fork of it has this too, but not the child */
	Fd socket;
	Fd input;  /* a file in memory, shared with it */
	Fd answer; /* what its children write is read here */
} CageKeeper;

/* Starts plico-reader: beside the program, or where it is installed; never by $PATH or another variable. @data (nullable): for its
 * CagePrepare. Returns: (transfer full); NULL with PLICO_ERROR_UNAVAILABLE where it is missing, of another version, or cannot be
 * built on this system. */
CageKeeper *cage_keeper_start(GBytes *data, GError **error);
/* Closed from this side, it ends by itself: waits for that. */
void cage_keeper_free(CageKeeper *keeper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CageKeeper, cage_keeper_free)

/* @fds: (nullable): two, the input and where the answer goes. FALSE: it is gone. */
gboolean cage_keeper_ask(const CageKeeper *keeper, const CageRequest *request, const int *fds);
gboolean cage_keeper_hear(const CageKeeper *keeper, CageReply *reply);
/* The next request's input. */
gboolean cage_keeper_put(const CageKeeper *keeper, GBytes *input, GError **error);

#endif
