/*
 * The transition tables: which event moves what from where to where. Private to status/.
 * A move is the first row that fits; without a row the state stays as it is.
 */
#ifndef PLICO_STATUS_MOVES_H
#define PLICO_STATUS_MOVES_H

#include <glib.h>

typedef struct {
	const char *what; /* the event */
	const char *with; /* (nullable): what the dispatch is, note of the return; NULL: any */
	const char *from; /* (nullable): NULL: from any state */
	const char *to;
} Move;

extern const Move section_moves[];  /* with: the note of the return */
extern const Move unit_moves[];	    /* with: unused */
extern const Move delivery_moves[]; /* with: letter, contact (to the unit, without it) or "" */

/* The state that follows, or NULL where it stays. Returns: (transfer none) (nullable) */
const char *moves_follow(const Move *table, const char *what, const char *with, const char *from);

#endif
