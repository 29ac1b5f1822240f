/*
 * The desk of one municipality: what it has got, and the sheets that it fills. Private to rehearse/.
 */
#ifndef PLICO_REHEARSE_DESK_H
#define PLICO_REHEARSE_DESK_H

#include "rehearse/mailer.h"
#include "rehearse/town.h"

#define OTHER_TOWN "Z999" /* no town has it */

typedef struct {
	const TownTools *tools;
	const Town *town;
	const Behaviour *behaviour;
	guint round;
	Post *post;
	Journal *journal;
	FormView *view;
	GPtrArray *sections; /* of const Section *: asked of it */
	Letter *letter;	     /* the newest */
	GPtrArray *letters;  /* of Letter, oldest first */
	char *code;
	guint mails; /* written so far */
} Desk;

void desk_clear(Desk *desk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

/* A die of this town. */
guint desk_throw(const Desk *desk, const char *what, guint sides);

/* Reads its mail. */
gboolean desk_read(Desk *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Nobody looks at it again: a campaign's mail would fill the disk. */
gboolean desk_throw_away(const Desk *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The code as the mail's text shows it; in the letter's PDF only a person can read it, and the town is told. Returns: (transfer
 * full) */
char *desk_find_code(const Desk *desk);
/* The newest sheet of a section. Returns: (transfer none) (nullable) */
const Paper *desk_find_sheet(const Desk *desk, const Section *section);
/* A PDF that is no sheet: the letter. Returns: (transfer none) (nullable) */
const Paper *desk_find_letter(const Desk *desk);

/* A fault that spoils one file spoils the first one only. */
Fault fill_fault_of(Fault fault, guint number);
/* Who leaves out every question of a short section sends an empty sheet, and so does who has nothing to say that was not said last
 * year, and writes no code. */
Fault fill_fault_on(const Desk *desk, const Section *section, Fault fault, guint edit);
/* What must become of a sheet with this fault. */
Expect fill_expectation(Fault fault);
/* The sheet as it goes back. Returns: (transfer full) */
GBytes *fill_sheet(const Desk *desk, const Section *section, const Paper *sheet, Fault fault,
    guint edit, GError **error);

#endif
