#include "rehearse/stranger.h"

#include "base/durable.h"
#include "base/error.h"

#include <glib/gstdio.h>

#define MAIL_LIMIT  ((gsize)64 << 20)
#define NOT_COUNTED (FATE_QUARANTINED | FATE_HELD | FATE_COPY)

typedef struct {
	const char *name;
	guint fates; /* Fate: one of them must become of it */
	gboolean replays;
	GBytes *(*make)(const Stranger *stranger, GError **error);
} Attack;

/* clang-format off */
static const Attack attacks[] = {
	/* name                      fate                     replays  */
	{ "other answers, no code",  NOT_COUNTED,             FALSE, attack_no_code },
	{ "another town's code",     NOT_COUNTED,             FALSE, attack_wrong_code },
	{ "a tag of its own",        FATE_QUARANTINED,        FALSE, attack_wrong_tag },
	{ "another serial",          FATE_QUARANTINED,        FALSE, attack_other_serial },
	{ "a file behind the sheet", FATE_QUARANTINED,        FALSE, attack_two_files },
	{ "half a file",             FATE_QUARANTINED,        FALSE, attack_half_a_file },
	{ "a bomb in a field",       FATE_QUARANTINED,        FALSE, attack_bomb },
	{ "a program",               FATE_QUARANTINED,        FALSE, attack_program },
	{ "the town's files again",  NOT_COUNTED,             TRUE,  attack_replay },
	{ "a forged envelope",       NOT_COUNTED,             FALSE, attack_envelope },
	{ "deep nesting",            FATE_QUARANTINED,        FALSE, attack_depth },
	{ "thousands of parts",      FATE_QUARANTINED,        FALSE, attack_parts },
	{ "thousands of fields",     FATE_QUARANTINED,        FALSE, attack_fields },
	{ "a forged delivery",       FATE_IGNORED,            FALSE, attack_delivered },
	{ "a forged non-delivery",   FATE_IGNORED,            FALSE, attack_not_delivered },
	{ "a bounce of no letter",   FATE_IGNORED,            FALSE, attack_bounce },
	{ "a loop",                  FATE_IGNORED,            FALSE, attack_loop },
	{ "a complaint",             FATE_IGNORED,            FALSE, attack_complaint },
	{ "a letter",                FATE_IGNORED,            FALSE, attack_letter },
};
/* clang-format on */

static const Attack old_version = { "an old version", NOT_COUNTED, TRUE, attack_replay };

/* The next one from @first that can be made; there is always one. */
static const Attack *
choose(guint first, const GPtrArray *papers)
{
	guint number = first % G_N_ELEMENTS(attacks);

	while (attacks[number].replays && papers == NULL)
		number = (number + 1) % G_N_ELEMENTS(attacks);
	return &attacks[number];
}

static gboolean
strike(Desk *desk, const Attack *attack, const GPtrArray *papers, GError **error)
{
	const char *code = desk->town->unit->code;
	g_autofree char *id = g_strdup_printf("%s.%u.%u.%" PRIu64 "@altrove.example", code,
	    desk->round, desk->mails++, desk->tools->seed);
	const Stranger stranger = { desk, papers, id };
	g_autoptr(GBytes) message = attack->make(&stranger, error);
	g_autofree char *sum = NULL;

	if (message == NULL || !post_send(desk->post, desk->town->address, message, error))
		return FALSE;
	sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, message);
	g_ptr_array_add(desk->journal->strikes, strike_new(code, attack->name, attack->fates, sum));
	return TRUE;
}

/* --- an old version: what a town sent before it changed its mind, kept by somebody ------------------------------------ */

static char *
stolen_path(const Desk *desk, guint number)
{
	return g_strdup_printf(
	    "%s/stolen-%s-%u.pdf", desk->tools->mailboxes, desk->town->unit->code, number);
}

static gboolean
steal(const Desk *desk, const GPtrArray *papers, GError **error)
{
	for (guint i = 0; i < papers->len; i++) {
		const Paper *paper = g_ptr_array_index(papers, i);
		g_autofree char *path = stolen_path(desk, i);
		gsize size;
		const char *data = g_bytes_get_data(paper->bytes, &size);

		if (!g_file_set_contents(path, data, (gssize)size, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
strike_with_stolen(Desk *desk, GError **error)
{
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);

	for (guint i = 0;; i++) {
		g_autofree char *path = stolen_path(desk, i);
		g_autoptr(GBytes) bytes = NULL;

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			break;
		bytes = durable_read(path, MAIL_LIMIT, error);
		if (bytes == NULL)
			return FALSE;
		g_ptr_array_add(papers, paper_new("vecchio.pdf", bytes));
		if (g_unlink(path) < 0)
			return fail_errno(error, "%s", path);
	}
	return papers->len == 0 || strike(desk, &old_version, papers, error);
}

static gboolean
is_struck(const Desk *desk, const char *what)
{
	return desk_throw(desk, what, 100) < desk->tools->hostile;
}

gboolean
stranger_writes(Desk *desk, const GPtrArray *papers, GError **error)
{
	guint number = desk->mails;
	g_autofree char *whether = g_strdup_printf("stranger %u %u", desk->round, number);
	g_autofree char *which = g_strdup_printf("attack %u %u", desk->round, number);
	gboolean robbed =
	    papers != NULL && desk->behaviour->later != LATER_NOTHING && is_struck(desk, "thief");

	if (robbed && desk->round == 1 && number == 1 && !steal(desk, papers, error))
		return FALSE;
	if (robbed && desk->round > 1 && !strike_with_stolen(desk, error))
		return FALSE;
	return !is_struck(desk, whether) ||
	       strike(desk, choose(desk_throw(desk, which, G_N_ELEMENTS(attacks)), papers), papers,
		   error);
}
