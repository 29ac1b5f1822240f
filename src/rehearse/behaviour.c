#include "rehearse/behaviour.h"

#include <string.h>

/*
 * Of 1000 municipalities 790 never answer, 120 answer everything, 90 a part: what the campaign of 2025 saw at its
 * half (12.2 % completed, 8.6 % in progress, 79.2 % never opened). How those who answer differ is invented, each row
 * after something that offices do.
 */
/* clang-format off */
const Behaviour behaviours[] = {
	/* name            of 1000  550    answers           how              fault             later */
	{ "silent",         733, FALSE, SENDS_NOTHING,    SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },
	{ "out of office",   20, FALSE, SENDS_AUTO_REPLY, SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },
	{ "asks by mail",    15, FALSE, SENDS_TEXT,       SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },
	{ "bounces",         10, FALSE, SENDS_BOUNCE,     SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },
	{ "refused",         12, TRUE,  SENDS_NOTHING,    SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },

	{ "one message",     30, FALSE, SENDS_ALL,        SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },
	{ "message each",    15, FALSE, SENDS_ALL,        SHAPE_MAIL_EACH, FAULT_NONE,       LATER_NOTHING },
	{ "nameless",         8, FALSE, SENDS_ALL,        SHAPE_NAMELESS,  FAULT_NONE,       LATER_NOTHING },
	{ "forwards",         8, FALSE, SENDS_ALL,        SHAPE_FORWARDED, FAULT_NONE,       LATER_NOTHING },
	{ "pec",             12, FALSE, SENDS_ALL,        SHAPE_PEC,       FAULT_NONE,       LATER_NOTHING },
	{ "twice",            6, FALSE, SENDS_ALL,        SHAPE_TWICE,     FAULT_NONE,       LATER_NOTHING },
	{ "again",            6, FALSE, SENDS_ALL,        SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_AGAIN },
	{ "corrects",         8, FALSE, SENDS_ALL,        SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_CORRECTION },
	{ "leaves gaps",      7, FALSE, SENDS_ALL,        SHAPE_ONE_MAIL,  FAULT_GAPS,       LATER_NOTHING },
	{ "wrong sums",       6, FALSE, SENDS_ALL,        SHAPE_ONE_MAIL,  FAULT_SUMS,       LATER_NOTHING },
	{ "half a ranking",   5, FALSE, SENDS_ALL,        SHAPE_MAIL_EACH, FAULT_RANK,       LATER_NOTHING },
	{ "not concerned",    5, FALSE, SENDS_ALL,        SHAPE_ONE_MAIL,  FAULT_IRRELEVANT, LATER_NOTHING },
	{ "late",             4, FALSE, SENDS_NOTHING,    SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_ALL },

	{ "a part",          30, FALSE, SENDS_PART,       SHAPE_ONE_MAIL,  FAULT_NONE,       LATER_NOTHING },
	{ "bit by bit",      10, FALSE, SENDS_PART,       SHAPE_MAIL_EACH, FAULT_NONE,       LATER_REST },
	{ "no code",          8, FALSE, SENDS_PART,       SHAPE_ONE_MAIL,  FAULT_NO_CODE,    LATER_NOTHING },
	{ "wrong code",       5, FALSE, SENDS_PART,       SHAPE_ONE_MAIL,  FAULT_WRONG_CODE, LATER_NOTHING },
	{ "blank sheet",      8, FALSE, SENDS_PART,       SHAPE_ONE_MAIL,  FAULT_BLANK,      LATER_NOTHING },
	{ "cut file",         8, FALSE, SENDS_PART,       SHAPE_ONE_MAIL,  FAULT_CUT,        LATER_REST },
	{ "altered sheet",    6, FALSE, SENDS_PART,       SHAPE_NAMELESS,  FAULT_ALTERED,    LATER_NOTHING },
	{ "foreign file",    10, FALSE, SENDS_PART,       SHAPE_ONE_MAIL,  FAULT_FOREIGN,    LATER_NOTHING },
	{ "part by pec",      5, FALSE, SENDS_PART,       SHAPE_PEC,       FAULT_GAPS,       LATER_NOTHING },
	{ NULL, 0, FALSE, SENDS_NOTHING, SHAPE_ONE_MAIL, FAULT_NONE, LATER_NOTHING },
};
/* clang-format on */

guint
dice(guint64 seed, const char *unit, const char *what, guint sides)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize size = sizeof digest;
	guint64 number;

	seed = GUINT64_TO_LE(seed);
	g_checksum_update(sum, (const guchar *)&seed, sizeof seed);
	g_checksum_update(sum, (const guchar *)unit, (gssize)strlen(unit) + 1);
	g_checksum_update(sum, (const guchar *)what, (gssize)strlen(what));
	g_checksum_get_digest(sum, digest, &size);
	memcpy(&number, digest, sizeof number);
	return (guint)(GUINT64_FROM_LE(number) % sides);
}

const Behaviour *
behaviour_of(guint64 seed, const char *unit)
{
	guint point = dice(seed, unit, "behaviour", 1000);
	gsize i = 0;

	for (; point >= behaviours[i].share; i++)
		point -= behaviours[i].share;
	return &behaviours[i];
}

gboolean
behaviour_greylists(guint64 seed, const char *unit)
{
	return dice(seed, unit, "greylist", 100) < 2;
}

gboolean
behaviour_reads(const Behaviour *behaviour)
{
	return !behaviour->refused &&
	       (behaviour->sends != SENDS_NOTHING || behaviour->later != LATER_NOTHING);
}
