/*
 * How the country answers: published shares (facts of the survey of 2024 and 2025, ISTAT ICT PA 2022, Banca d'Italia
 * 2020) for the questions that have any, a guess that looks likely for the others. A question ends in * where a row
 * speaks for all whose names begin so; the first row that fits counts.
 */
#include "rehearse/answers.h"

#include <string.h>

#define USUAL 25 /* where nothing is said */
#define RARE  4	 /* "Non saprei", "Altro" */

static const struct {
	const char *question;
	const char *leanings; /* CHOICE=OF_100 with blanks between */
} table[] = {
	/* ISTAT: 21.0 % of towns have an ICT office of their own, 8.1 % share one */
	{ "q2_1",
	    "interna=21 associata=8 esterna=33 mista=28 in_house=5 altro_ente=3 non_presidiata=2" },
	{ "q2_4", "dirigente=8 funzionario=40 istruttore=20 segretario=12 esterno=15 assente=14" },
	/* 86.9 % of bodies had named one in June 2025 */
	{ "q2_7",
	    "non_dirigente=40 dirigente=10 segretario=20 associata=8 esterna=5 amministratore=3 non_nominata=14" },
	{ "q2_8_sicurezza", "molto_alto=35 alto=38 medio=20 basso=6 nullo=1" },
	{ "q2_8_ia", "molto_alto=30 alto=30 medio=20 basso=12 nullo=8" },
	{ "q2_8_*", "molto_alto=12 alto=30 medio=36 basso=17 nullo=5" },
	/* 70 % have begun to do without their servers */
	{ "q3_1", "meno_meta=24 meta_o_piu=27 tutti=19 no=22 mai_avuti=5 nd=3" },
	/* ISTAT: 74.0 % at 30 Mbit/s or more, 35.8 % at 100 or more */
	{ "q3_4", "meno30=26 da30a99=38 da100a299=18 da300a999=9 oltre1000=8 nd=1" },
	/* ISTAT: 54.2 % use the cloud */
	{ "q3_6_*", "saas=38 iaas_paas=8 psn=4 on_premise=30 hosting=10 regionale=7 assente=3" },
	/* about 30 % without disaster recovery */
	{ "q4_2", "fornitore=32 interno=18 associato=9 in_corso=9 no=29 nd=3" },
	{ "q4_3",
	    "antivirus=92 firewall=85 vpn=70 aggiornamenti=80 mfa=45 misure_minime=60 cifratura=25 formazione=27 siem=12 soc=14 test=20" },
	{ "q4_4_*", "n0=78 n1=9 n2_3=4 n4_5=1 oltre5=1 nd=7" },
	/* ISTAT: 29.2 % have a codified procedure */
	{ "q4_5",
	    "procedura=29 csirt=45 garante=40 polizia=35 fornitore=75 isolamento=55 ripristino=65" },
	/* reconciled more often for taxes and schools than for social services */
	{ "q5_3", "tributi=68 scolastici=62 sanzioni=40 edilizia=35 sociali=18 demografici=30" },
	/* digital in over 70 %: registry office, building, schools, taxes */
	{ "q5_4_demografici", "completa=38 front_office=36 non_digitale=25 non_erogato=1" },
	{ "q5_4_edilizia", "completa=40 front_office=33 non_digitale=25 non_erogato=2" },
	{ "q5_4_scolastici", "completa=42 front_office=32 non_digitale=22 non_erogato=4" },
	{ "q5_4_tributi", "completa=35 front_office=37 non_digitale=27 non_erogato=1" },
	{ "q5_4_*", "completa=18 front_office=27 non_digitale=48 non_erogato=7" },
	{ "q5_11", "no=60 fornitori=22 interni=5 riuso=9 nd=4" },
	/* acts of officials and councils digital in 75 % */
	{ "q6_1_determine",
	    "workflow=52 firma_digitale=24 firma_autografa=14 cartaceo=9 non_applicabile=1" },
	{ "q6_1_giunta",
	    "workflow=50 firma_digitale=25 firma_autografa=15 cartaceo=9 non_applicabile=1" },
	{ "q6_1_consiglio",
	    "workflow=50 firma_digitale=25 firma_autografa=15 cartaceo=9 non_applicabile=1" },
	{ "q6_1_*",
	    "workflow=30 firma_digitale=28 firma_autografa=22 cartaceo=15 non_applicabile=5" },
	{ "q7_1_*", "molto=28 abbastanza=38 poco=18 per_nulla=6 assente=10" },
	/* Banca d'Italia: money 65 %, skills 58 % */
	{ "q7_2", "risorse=65 competenze=58 personale=55 canoni=35 norme=30" },
	{ "q7_4_pnrr", "molto_alto=62 alto=25 medio=8 basso=3 nullo=2" },
	{ "q7_5",
	    "facebook=82 instagram=35 youtube=28 x_twitter=12 telegram=14 whatsapp=26 linkedin=7 tiktok=3 threads=1" },
};

static gboolean
fits(const char *pattern, const char *name)
{
	gsize length = strlen(pattern);

	if (pattern[length - 1] == '*')
		return strncmp(pattern, name, length - 1) == 0;
	return strcmp(pattern, name) == 0;
}

static gboolean
look_up(const char *leanings, const char *choice, guint *out)
{
	gsize length = strlen(choice);

	for (const char *at = leanings; at != NULL; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (strncmp(at, choice, length) == 0 && at[length] == '=') {
			*out = (guint)g_ascii_strtoull(at + length + 1, NULL, 10);
			return TRUE;
		}
	}
	return FALSE;
}

guint
leaning(const Item *question, const Choice *choice)
{
	guint of_100;

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		if (fits(table[i].question, question->name)) {
			if (look_up(table[i].leanings, choice->name, &of_100))
				return of_100;
			break;
		}
	return strcmp(choice->name, "nd") == 0 || strcmp(choice->name, "altro") == 0 ? RARE : USUAL;
}
