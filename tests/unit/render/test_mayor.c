#include "render/mayor.h"

static void
test_titles(void)
{
	static const struct {
		const char *text;
		Head head;
		const char *name;
	} table[] = {
		{ "", HEAD_MAYOR, "" },
		{ "Sindaco", HEAD_MAYOR, "" },
		{ "Čedomir Žužek", HEAD_MAYOR, "Čedomir Žužek" },
		{ "Sindaco Bruna D'Esempio", HEAD_MAYOR, "Bruna D'Esempio" },
		{ "SINDACO LIVIO QUERCINI", HEAD_MAYOR, "LIVIO QUERCINI" },
		{ "Sindaca Livia Quercini", HEAD_MAYORESS, "Livia Quercini" },
		{ "Sindaco metropolitano Ugo Prova", HEAD_MAYOR, "Ugo Prova" },
		{ "Sindaco p.t. Ugo Prova", HEAD_MAYOR, "Ugo Prova" },
		{ "Bürgermeisterin Anna Probe", HEAD_MAYORESS, "Anna Probe" },
		{ "Syndic Luc Essai", HEAD_MAYOR, "Luc Essai" },
		{ "Župan Jože Primer", HEAD_MAYOR, "Jože Primer" },
		{ "Commissario prefettizio Ugo De Cortefinta", HEAD_OTHER,
		    "Commissario prefettizio Ugo De Cortefinta" },
		{ "Commissaria Straordinaria Ada Finta", HEAD_OTHER,
		    "Commissaria Straordinaria Ada Finta" },
		{ "Vice-Sindaco Ada Finta", HEAD_OTHER, "Vice-Sindaco Ada Finta" },
		{ "Sindaconi Mario", HEAD_MAYOR, "Sindaconi Mario" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const char *name;

		g_assert_cmpint(mayor_read(table[i].text, &name), ==, table[i].head);
		g_assert_cmpstr(name, ==, table[i].name);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mayor/title and name, and who is no mayor", test_titles);
	return g_test_run();
}
