/*
 * What others than the municipalities write to the survey's mailbox: forged and replayed sheets, damaged files, bombs,
 * forged receipts, mail of machines and of people. The table in stranger.c is its own documentation. Private to rehearse/.
 */
#ifndef PLICO_REHEARSE_STRANGER_H
#define PLICO_REHEARSE_STRANGER_H

#include "rehearse/desk.h"

/* Somebody who has seen a town's mail, and writes behind one of its messages. All borrowed. */
typedef struct {
	const Desk *desk;
	const GPtrArray *papers; /* (nullable) of Paper: what the town has sent before */
	const char *message_id;
} Stranger;

/* Behind a message of the town with @papers (nullable, of Paper): now and then a stranger writes too. */
gboolean stranger_writes(Desk *desk, const GPtrArray *papers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* --- what is written. Returns: (transfer full), NULL with @error --------------------------------------------------------- */

GBytes *attack_no_code(const Stranger *stranger, GError **error);
GBytes *attack_wrong_code(const Stranger *stranger, GError **error);
GBytes *attack_wrong_tag(const Stranger *stranger, GError **error);
GBytes *attack_other_serial(const Stranger *stranger, GError **error);
GBytes *attack_two_files(const Stranger *stranger, GError **error);
GBytes *attack_half_a_file(const Stranger *stranger, GError **error);
GBytes *attack_bomb(const Stranger *stranger, GError **error);
GBytes *attack_program(const Stranger *stranger, GError **error);
GBytes *attack_replay(const Stranger *stranger, GError **error);
GBytes *attack_envelope(const Stranger *stranger, GError **error);

GBytes *attack_depth(const Stranger *stranger, GError **error);
GBytes *attack_parts(const Stranger *stranger, GError **error);
GBytes *attack_fields(const Stranger *stranger, GError **error);
GBytes *attack_delivered(const Stranger *stranger, GError **error);
GBytes *attack_not_delivered(const Stranger *stranger, GError **error);
GBytes *attack_bounce(const Stranger *stranger, GError **error);
GBytes *attack_loop(const Stranger *stranger, GError **error);
GBytes *attack_complaint(const Stranger *stranger, GError **error);
GBytes *attack_letter(const Stranger *stranger, GError **error);

#endif
