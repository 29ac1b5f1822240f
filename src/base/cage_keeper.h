/*
 * The keeper: what forks the caged children, and what both sides of its socket say. Private to the cage.
 *
 * It is this program, started by the name CAGE_KEEPER with nothing but a socket: it prepares the libraries, gives up all
 * files, and forks a child for each input. It has one child at a time: who wants several has several keepers.
 */
#ifndef PLICO_BASE_CAGE_KEEPER_H
#define PLICO_BASE_CAGE_KEEPER_H

#include "base/cage.h"

#define CAGE_KEEPER "plico-cage"

/* Where it has its socket, the shared file with the input, and the pipe for the answer, the only one that a child keeps. */
enum { CAGE_SOCKET_FD = 0, CAGE_INPUT_FD = 3, CAGE_ANSWER_FD = 4 };

/* What the child says first, when it is locked in, before it sees any input. Eight bytes: the answer behind it lies as a GVariant
 * must. */
#define CAGE_LOCKED	 "locked.\n"
#define CAGE_LOCKED_SIZE (sizeof CAGE_LOCKED - 1)

/* exit codes of the child */
enum { CAGE_DONE = 0, CAGE_NO_LOCK = 90, CAGE_NO_ANSWER = 91 };

typedef enum {
	CAGE_ASKS_PREPARE, /* first of all, with both files: call @function (0: none) with the input; an empty CageReply */
	CAGE_ASKS_RUN, /* fork; a CageReply when the child is gone */
	CAGE_ASKS_STOP /* kill the child, if it is still there; no reply but that to RUN */
} CageAsks;

/* Functions are told by their distance from cage_keeper_anchor(): each start of a program puts it elsewhere. */
typedef struct {
	CageAsks asks;
	gintptr function;
	gsize input; /* bytes of it, at the beginning of the shared file */
	gsize size;  /* of data */
	CageLimits limits;
	_Alignas(16) guint8 data[CAGE_DATA_LIMIT];
} CageRequest;

typedef struct {
	int status; /* as of wait(2) */
	gboolean late;
	guint64 taken; /* processor time, ms */
} CageReply;

void cage_keeper_anchor(void);

/* What the keeper does for all its children, when no file needs to be opened any more; what each child does to be locked in.
 * @input: bytes that it has mapped beyond what the keeper has. In cage_lock.c. */
gboolean cage_lock_keeper(void);
gboolean cage_lock_child(gsize input, const CageLimits *limits);

#endif
