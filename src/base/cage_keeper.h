/*
 * The keeper: what forks the caged children, and what both sides of its socket say. For programs of readers, and the cage itself.
 *
 * It is the program plico-reader, started with nothing but a socket: it prepares its libraries, gives up all files, and forks a
 * child for each input. It has one child at a time: who wants several has several keepers.
 */
#ifndef PLICO_BASE_CAGE_KEEPER_H
#define PLICO_BASE_CAGE_KEEPER_H

#include "base/cage.h"

/* Runs in the child: reads @input, returns a floating GVariant of the agreed type. @data: a copy of what was given to cage_run().
 * It may allocate, no more: whatever it needs of libraries (iconv tables, contexts) must have been opened by a CagePrepare. */
typedef GVariant *(*CageTask)(GBytes *input, gconstpointer data);

/* What a keeper opens for all its children, before it gives up its files. @data: (nullable): a copy of what was given to
 * cage_prepare(). */
typedef void (*CagePrepare)(GBytes *data);

/* The main() of a program of readers: @tasks (@count of them) are told by their number. Never returns, but for the exit status
 * of a program that nobody started who knows how. */
int cage_keep(const CageTask *tasks, guint count, CagePrepare prepare);

/* Where it has its socket, the shared file with the input, and the pipe for the answer, the only one that a child keeps. */
enum { CAGE_SOCKET_FD = 0, CAGE_INPUT_FD = 3, CAGE_ANSWER_FD = 4 };

/* What the child says first, when it is locked in, before it sees any input. Eight bytes: the answer behind it lies as a GVariant
 * must. */
#define CAGE_LOCKED	 "locked.\n"
#define CAGE_LOCKED_SIZE (sizeof CAGE_LOCKED - 1)

/* exit codes of the child */
enum { CAGE_DONE = 0, CAGE_NO_LOCK = 90, CAGE_NO_ANSWER = 91 };

typedef enum {
	CAGE_ASKS_PREPARE, /* first of all, with both files: with the data for CagePrepare as input; an empty CageReply */
	CAGE_ASKS_RUN, /* fork; a CageReply when the child is gone */
	CAGE_ASKS_STOP /* kill the child, if it is still there; no reply but that to RUN */
} CageAsks;

/* What a keeper says first of all: of which sources it is made. */
typedef struct {
	char id[65];
} CageHello;

typedef struct {
	CageAsks asks;
	guint task;
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

/* What the keeper does for all its children, when no file needs to be opened any more; what each child does to be locked in.
 * @input: bytes that it has mapped beyond what the keeper has. In cage_lock.c. */
gboolean cage_lock_keeper(void);
gboolean cage_lock_child(gsize input, const CageLimits *limits);

#endif
