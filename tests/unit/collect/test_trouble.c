/* What servers and providers say, and what it means. */
#include "collect/collect.h"

static void
test_status(void)
{
	static const struct {
		const char *status;
		const char *words;
		const char *code;
	} cases[] = {
		{ "5.1.1", "", "no_mailbox" },
		{ "5.1.10", "", "no_domain" },
		{ "5.1.2", "", "no_domain" },
		{ "5.2.1", "", "disabled" },
		{ "5.2.2", "", "mailbox_full" },
		{ "4.2.2", "", "mailbox_full" },
		{ "5.2.3", "", "too_large" },
		{ "5.3.4", "", "too_large" },
		{ "5.4.4", "", "no_domain" },
		{ "4.4.4", "", "temporary" },
		{ "4.4.7", "", "expired" },
		{ "5.7.1", "", "refused" },
		{ "5.7.26", "", "refused" },
		{ "4.3.0", "", "temporary" },
		{ "5.0.0", "smtp; 552 5.2.2 user over quota", "mailbox_full" },
		{ "5.0.0", "smtp; 550 Casella piena", "mailbox_full" },
		{ "", "550 no such user", "no_mailbox" },
		{ "", "550 5.1.1 <a@b.example>: no", "no_mailbox" },
		{ "", "127.0.0.1 said no", "other" },
		{ "", "", "other" },
		{ "5.9.9", "boh", "other" },
		{ "4.0.0", "mailbox full", "mailbox_full" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(
		    trouble_of_status(cases[i].status, cases[i].words)->code, ==, cases[i].code);
}

static void
test_receipts(void)
{
	static const struct {
		PecKind kind;
		const char *error;
		const char *detail;
		const char *code; /* NULL: no trouble */
	} cases[] = {
		{ PEC_DELIVERY, "nessuno", "", NULL },
		{ PEC_ACCEPTANCE, "nessuno", "", NULL },
		{ PEC_TAKEN_ON, "nessuno", "", NULL },
		{ PEC_NON_DELIVERY, "altro", "5.1.1 - ARUBA PEC S.p.A. - indirizzo non valido",
		    "no_mailbox" },
		{ PEC_NON_DELIVERY, "no-dest", "", "no_mailbox" },
		{ PEC_NON_DELIVERY, "no-dominio", "", "no_domain" },
		{ PEC_NON_DELIVERY, "altro", "5.2.2 - casella piena", "mailbox_full" },
		{ PEC_NON_DELIVERY, "virus", "", "virus" },
		{ PEC_NON_DELIVERY, "altro", "superamento tempo massimo", "expired" },
		{ PEC_NON_DELIVERY, "altro", "boh", "other" },
		{ PEC_WARNING, "altro", "", "expired" },
		{ PEC_NON_ACCEPTANCE, "altro", "5.1.1 - mittente", "not_accepted" },
		{ PEC_NON_ACCEPTANCE, "virus", "", "virus" },
		{ PEC_VIRUS, "virus", "", "virus" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *error = g_strdup(cases[i].error);
		g_autofree char *detail = g_strdup(cases[i].detail);
		const Pec pec = { .kind = cases[i].kind, .error = error, .error_detail = detail };
		const Trouble *trouble = trouble_of_pec(&pec);

		g_assert_cmpstr(trouble != NULL ? trouble->code : NULL, ==, cases[i].code);
	}
}

static void
test_ordinary_mailbox(void)
{
	char none[] = "";
	const Pec pec = {
		.kind = PEC_ACCEPTANCE, .error = none, .error_detail = none, .ordinary = TRUE
	};

	g_assert_cmpstr(trouble_of_pec(&pec)->code, ==, "not_pec");
}

static void
test_note(void)
{
	const Trouble *full = trouble_of_status("5.2.2", "");
	g_autofree char *note = trouble_note(full, "5.2.2", "smtp; 552 over quota");
	g_autofree char *shown = trouble_shown(note);
	g_autofree char *bare = trouble_note(full, "", "");
	g_autofree char *short_shown = trouble_shown(bare);
	g_autofree char *foreign = trouble_shown("5.2.2: what was written before");

	g_assert_cmpstr(note, ==, "mailbox_full: 5.2.2 smtp; 552 over quota");
	g_assert_true(trouble_of_note(note) == full);
	g_assert_cmpstr(shown, ==, "the mailbox is full (5.2.2 smtp; 552 over quota)");
	g_assert_cmpstr(short_shown, ==, "the mailbox is full");
	g_assert_cmpstr(foreign, ==, "5.2.2: what was written before");
	g_assert_null(trouble_of_note("mailbox_full"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trouble/enhanced codes first, then the server's words", test_status);
	g_test_add_func("/trouble/receipts tell their provider's reason", test_receipts);
	g_test_add_func("/trouble/an address that is no certified mailbox is told at once",
	    test_ordinary_mailbox);
	g_test_add_func("/trouble/the log keeps code and words apart", test_note);
	return g_test_run();
}
