/* Good forms in all their spellings, and one mistake at a time: each gives just its own finding, with its place. */
#include "base/error.h"
#include "form/form.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD	 "type,name,label::Italiano (it),relevant,required,constraint,calculation,appearance\n"
#define BEGIN	 HEAD "begin_group,s1,Sezione,,,,,\n"
#define END	 "end_group,,,,,,,\n"
#define QUESTION "text,q1,Domanda,,,,,\n"

static const char settings[] =
    "form_title,form_id,version,default_language\nProva,prova,1,Italiano (it)\n";
static const char choices[] = "list_name,name,label::Italiano (it),zona\n"
			      "sn,si,Sì,\nsn,no,No,\ncol,rosso,Rosso,nord\ncol,blu,Blu,sud\n";

typedef struct {
	const char *survey;
	const char *choices;  /* NULL: the ones above */
	const char *settings; /* NULL: the ones above */
} Trio;

static void
put(const char *directory, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_trio(const char *directory)
{
	static const char *const names[] = { "survey.csv", "choices.csv", "settings.csv" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(directory, names[i], NULL);

		g_unlink(path);
	}
	g_rmdir(directory);
}

static Form *
open_trio(const Trio *trio, GPtrArray *findings)
{
	g_autofree char *directory = g_dir_make_tmp("plico-form-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;
	Form *form;

	put(directory, "survey.csv", trio->survey);
	put(directory, "choices.csv", trio->choices != NULL ? trio->choices : choices);
	put(directory, "settings.csv", trio->settings != NULL ? trio->settings : settings);
	form = form_open(directory, findings, &error);
	remove_trio(directory);
	g_assert_no_error(error);
	return form;
}

static void
show(const GPtrArray *findings)
{
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		g_test_message("[%s] %s: %s", finding->code, finding->place, finding->text);
	}
}

typedef struct {
	Trio trio;
	const char *code;
	const char *place;
	const char *says; /* (nullable) a part of the sentence */
	Severity severity;
} Case;

/* Most forms here do not use every list. */
static void
drop_unused_lists(GPtrArray *findings)
{
	for (guint i = findings->len; i-- > 0;) {
		const Finding *finding = g_ptr_array_index(findings, i);

		if (strcmp(finding->code, "unused-list") == 0)
			g_ptr_array_remove_index(findings, i);
	}
}

static void
check(const Case *cases, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GPtrArray) findings = findings_new();
		g_autoptr(Form) form = open_trio(&cases[i].trio, findings);
		const Finding *finding;

		g_test_message("%s at %s", cases[i].code, cases[i].place);
		if (strcmp(cases[i].code, "unused-list") != 0)
			drop_unused_lists(findings);
		show(findings);
		g_assert_nonnull(form);
		g_assert_cmpuint(findings->len, ==, 1);
		finding = g_ptr_array_index(findings, 0);
		g_assert_cmpstr(finding->code, ==, cases[i].code);
		g_assert_cmpstr(finding->place, ==, cases[i].place);
		g_assert_cmpint(finding->severity, ==, cases[i].severity);
		if (cases[i].says != NULL && strstr(finding->text, cases[i].says) == NULL)
			g_assert_cmpstr(finding->text, ==, cases[i].says);
	}
	g_assert_cmpuint(n, >, 0);
}

static void
test_headers(void)
{
	static const Case cases[] = {
		{ { "type,name,label::Italiano (it),colour\nbegin_group,s1,S,\ntext,q1,D,x\nend_group,,,\n",
		      NULL, NULL },
		    "unknown-column", "survey.csv, row 1, column colour", "known: label",
		    SEVERITY_ERROR },
		{ { "type,name,label::Italiano (it),\nbegin_group,s1,S,\ntext,q1,D,x\nend_group,,,\n",
		      NULL, NULL },
		    "unknown-column", "survey.csv, row 1, column D", NULL, SEVERITY_ERROR },
		{ { "name,label::Italiano (it)\ns1,S\n", NULL, NULL }, "missing-column",
		    "survey.csv, row 1, column type", NULL, SEVERITY_ERROR },
		{ { "type,name,label::Deutsch (de)\nbegin_group,s1,S\ntext,q1,D\nend_group,,\n",
		      NULL, NULL },
		    "missing-column", "survey.csv, row 1, column label", "(default_language",
		    SEVERITY_ERROR },
		{ { "type,name,label::Italiano (it),label\nbegin_group,s1,S,\ntext,q1,D,\nend_group,,,\n",
		      NULL, NULL },
		    "duplicate-column", "survey.csv, row 1, column label", "columns C and D",
		    SEVERITY_ERROR },
		{ { "type,name,label::Italiano\nbegin_group,s1,S\ntext,q1,D\nend_group,,\n", NULL,
		      NULL },
		    "language", "survey.csv, row 1, column label::Italiano", NULL, SEVERITY_ERROR },
		{ { "type,name,label::Italiano (it),hint::Deutsch (de)\nbegin_group,s1,S,\ntext,q1,D,x\nend_group,,,\n",
		      NULL, NULL },
		    "unknown-language", "survey.csv, row 1, column hint::Deutsch (de)", NULL,
		    SEVERITY_ERROR },
		{ { "type,name,label::Italiano (it),hint::Italian (it)\nbegin_group,s1,S,\ntext,q1,D,x\nend_group,,,\n",
		      NULL, NULL },
		    "unknown-language", "survey.csv, row 1, column hint::Italian (it)",
		    "written Italiano (it)", SEVERITY_ERROR },
		{ { BEGIN QUESTION END,
		      "list_name,name,label::Italiano (it),label::English (en)\nsn,si,Sì,Yes\n",
		      NULL },
		    "unknown-language", "choices.csv, row 1, column label::English (en)", NULL,
		    SEVERITY_ERROR },
		{ { BEGIN QUESTION END, "list_name,name,label::Italiano (it),media::image\n",
		      NULL },
		    "unknown-column", "choices.csv, row 1, column media::image", NULL,
		    SEVERITY_ERROR },
		{ { BEGIN QUESTION END, NULL,
		      "form_title,form_id,version,default_language,public_key\nProva,prova,1,it,x\n" },
		    "unknown-column", "settings.csv, row 1, column public_key", NULL,
		    SEVERITY_ERROR },
		{ { "type,name,label::Italiano (it)\nbegin_group,s1,S\ntext,q1,Uno, due\nend_group,,\n",
		      NULL, NULL },
		    "extra-cell", "survey.csv, row 3, column D", "in quotes", SEVERITY_ERROR },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_old_words(void)
{
	static const Case cases[] = {
		{ { "type,name,label::Italiano (it),bind:constraint\nbegin_group,s1,S,\ntext,q1,D,\nend_group,,,\n",
		      NULL, NULL },
		    "old-word", "survey.csv, row 1, column bind:constraint", "write constraint",
		    SEVERITY_ERROR },
		{ { "type,name,label:italiano\nbegin_group,s1,S\ntext,q1,D\nend_group,,\n", NULL,
		      NULL },
		    "old-word", "survey.csv, row 1, column label:italiano", "label::Italiano (it)",
		    SEVERITY_ERROR },
		{ { BEGIN "string,q1,D,,,,,\n" END, NULL, NULL }, "old-word",
		    "survey.csv, row 3, column type", "write text", SEVERITY_ERROR },
		{ { BEGIN "int,q1,D,,,,,\n" END, NULL, NULL }, "old-word",
		    "survey.csv, row 3, column type", "write integer", SEVERITY_ERROR },
		{ { BEGIN "select one from sn,q1,D,,,,,\n" END, NULL, NULL }, "old-word",
		    "survey.csv, row 3, column type", "write select_one sn", SEVERITY_ERROR },
		{ { BEGIN "select all that apply from sn,q1,D,,,,,\n" END, NULL, NULL }, "old-word",
		    "survey.csv, row 3, column type", "write select_multiple sn", SEVERITY_ERROR },
		{ { BEGIN "select_one sn or_other,q1,D,,,,,\n" END, NULL, NULL }, "or-other",
		    "survey.csv, row 3, column type", "selected(${q1}, 'altro')", SEVERITY_ERROR },
		{ { HEAD "begin group,s1,S,,,,,\n" QUESTION END, NULL, NULL }, "old-word",
		    "survey.csv, row 2, column type", "begin_group", SEVERITY_ERROR },
		{ { BEGIN QUESTION END, "list name,name,label::Italiano (it)\n", NULL }, "old-word",
		    "choices.csv, row 1, column list name", "list_name", SEVERITY_ERROR },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_rows(void)
{
	static const Case cases[] = {
		{ { BEGIN QUESTION "geopoint,q2,Dove,,,,,\n" END, NULL, NULL }, "unknown-type",
		    "survey.csv, row 4, column type", "geopoint", SEVERITY_ERROR },
		{ { BEGIN "\n\n" QUESTION "geopoint,q2,Dove,,,,,\n" END, NULL, NULL },
		    "unknown-type", "survey.csv, row 6, column type", NULL, SEVERITY_ERROR },
		{ { HEAD "begin_repeat,s1,S,,,,,\n" QUESTION "end_group,,,,,,,\n", NULL, NULL },
		    "unknown-type", "survey.csv, row 2, column type", "repeat", SEVERITY_ERROR },
		{ { BEGIN "select_one xx,q1,D,,,,,\n" END, NULL, NULL }, "undefined-list",
		    "survey.csv, row 3, column type", "xx", SEVERITY_ERROR },
		{ { BEGIN "select_one,q1,D,,,,,\n" END, NULL, NULL }, "undefined-list",
		    "survey.csv, row 3, column type", NULL, SEVERITY_ERROR },
		{ { BEGIN "text sn,q1,D,,,,,\n" END, NULL, NULL }, "unknown-type",
		    "survey.csv, row 3, column type", "sn", SEVERITY_ERROR },
		{ { BEGIN QUESTION "text,Q1,Ancora,,,,,\n" END, NULL, NULL }, "duplicate-name",
		    "survey.csv, row 4, column name", "row 3", SEVERITY_ERROR },
		{ { BEGIN "text,5.10,D,,,,,\n" END, NULL, NULL }, "bad-name",
		    "survey.csv, row 3, column name", "5.10", SEVERITY_ERROR },
		{ { BEGIN "text,città,D,,,,,\n" END, NULL, NULL }, "bad-name",
		    "survey.csv, row 3, column name", NULL, SEVERITY_ERROR },
		{ { BEGIN "text,q1__a,D,,,,,\n" END, NULL, NULL }, "bad-name",
		    "survey.csv, row 3, column name", NULL, SEVERITY_ERROR },
		{ { BEGIN "text,q2345678901234567890123456789012345678901,D,,,,,\n" END, NULL,
		      NULL },
		    "bad-name", "survey.csv, row 3, column name", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION END END, NULL, NULL }, "unbalanced",
		    "survey.csv, row 5, column type", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION, NULL, NULL }, "unbalanced", "survey.csv, row 2, column type",
		    "s1", SEVERITY_ERROR },
		{ { BEGIN QUESTION "end_group,s2,,,,,,\n", NULL, NULL }, "unbalanced",
		    "survey.csv, row 4, column name", "s1", SEVERITY_ERROR },
		{ { BEGIN "text,q1,,,,,,\n" END, NULL, NULL }, "missing-label",
		    "survey.csv, row 3, column label", NULL, SEVERITY_ERROR },
		{ { BEGIN "text,q1,Ciao ${q1},,,,,\n" END, NULL, NULL }, "text-reference",
		    "survey.csv, row 3, column label", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION END "text,q2,Fuori,,,,,\n", NULL, NULL }, "no-section",
		    "survey.csv, row 5, column type", NULL, SEVERITY_ERROR },
		{ { BEGIN "note,q1,D,,yes,,,\n" END, NULL, NULL }, "not-here",
		    "survey.csv, row 3, column required", "note", SEVERITY_ERROR },
		{ { BEGIN "text,q1,D,,,,1+1,\n" END, NULL, NULL }, "not-here",
		    "survey.csv, row 3, column calculation", NULL, SEVERITY_ERROR },
		{ { BEGIN "calculate,c1,,,,,,\n" QUESTION END, NULL, NULL }, "expression",
		    "survey.csv, row 3, column calculation", NULL, SEVERITY_ERROR },
		{ { BEGIN "text,q1,D,,,,,quick\n" END, NULL, NULL }, "appearance",
		    "survey.csv, row 3, column appearance", "multiline", SEVERITY_ERROR },
		{ { BEGIN QUESTION "\"\",\"\",Che cosa?,,,,,\n" END, NULL, NULL }, "unknown-type",
		    "survey.csv, row 4, column type", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION END,
		      "list_name,name,label::Italiano (it)\nsn,si,Sì\nsn,si,Certo\n",
		      "form_title,form_id,version,allow_choice_duplicates\nProva,prova,1,yes\n" },
		    "duplicate-choice", "choices.csv, row 3, column label", "another label",
		    SEVERITY_ERROR },
		{ { BEGIN "select_one xx,q1,D,,,,,\n" END,
		      "list_name,name,label::Italiano (it)\nxx,1,Uno\n", NULL },
		    "bad-name", "choices.csv, row 2, column name", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION END, "list_name,name,label::Italiano (it)\nsn,si,Sì\nsn,si,Sì\n",
		      NULL },
		    "duplicate-choice", "choices.csv, row 3, column name", "already",
		    SEVERITY_ERROR },
		{ { BEGIN "calculate,c1,,,,,'x',\ntext,q1,Ciao ${c1} e ${c2},,,,,\n" END, NULL,
		      NULL },
		    "text-reference", "survey.csv, row 4, column label", "c2", SEVERITY_ERROR },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_expressions(void)
{
	static const Case cases[] = {
		{ { BEGIN QUESTION "text,q2,D,${q1} = ,,,,\n" END, NULL, NULL }, "expression",
		    "survey.csv, row 4, column relevant", "character 8", SEVERITY_ERROR },
		{ { BEGIN QUESTION "text,q2,D,${q1},,,,\n" END, NULL, NULL }, "expression",
		    "survey.csv, row 4, column relevant", "a condition", SEVERITY_ERROR },
		{ { BEGIN QUESTION "text,q2,D,q1 = 'x',,,,\n" END, NULL, NULL }, "expression",
		    "survey.csv, row 4, column relevant", "${q1}", SEVERITY_ERROR },
		{ { BEGIN "text,q1,D,. = 'x',,,,\n" END, NULL, NULL }, "expression",
		    "survey.csv, row 3, column relevant", "the point", SEVERITY_ERROR },
		{ { BEGIN QUESTION "text,q2,D,${q9} = 'x',,,,\n" END, NULL, NULL },
		    "missing-reference", "survey.csv, row 4, column relevant", "q9",
		    SEVERITY_ERROR },
		{ { BEGIN QUESTION "text,q2,D,${Q1} = 'x',,,,\n" END, NULL, NULL },
		    "missing-reference", "survey.csv, row 4, column relevant", "there is q1",
		    SEVERITY_ERROR },
		{ { BEGIN "note,n1,N,,,,,\ntext,q2,D,${n1} = 'x',,,,\n" END, NULL, NULL },
		    "no-answer", "survey.csv, row 4, column relevant", NULL, SEVERITY_ERROR },
		{ { BEGIN "select_one sn,q1,D,,,,,\ntext,q2,D,${q1} = 'sì',,,,\n" END, NULL, NULL },
		    "unknown-choice", "survey.csv, row 4, column relevant", "sì", SEVERITY_ERROR },
		{ { BEGIN "select_one sn,q1,D,,,\"selected(., 'forse')\",,\n" END, NULL, NULL },
		    "unknown-choice", "survey.csv, row 3, column constraint", NULL,
		    SEVERITY_ERROR },
		{ { BEGIN "select_multiple sn,q1,D,,,,,\ntext,q2,D,${q1} = 'si',,,,\n" END, NULL,
		      NULL },
		    "several", "survey.csv, row 4, column relevant", "selected(", SEVERITY_ERROR },
		{ { BEGIN "acknowledge,q1,D,,,,,\ntext,q2,D,${q1} = 'si',,,,\n" END, NULL, NULL },
		    "unknown-choice", "survey.csv, row 4, column relevant", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION
		      "calculate,c1,,,,,\"if(${q1} = 'x', 'si', 'no')\",\ntext,q2,D,,${c1} = 'sì',,,\n" END,
		      NULL, NULL },
		    "unknown-choice", "survey.csv, row 5, column required", "never",
		    SEVERITY_ERROR },
		{ { BEGIN "select_one sn,q1,D,,,,,\ntext,q2,D,${q1} != 'si',,,,\n" END, NULL,
		      NULL },
		    "not-equal", "survey.csv, row 4, column relevant", NULL, SEVERITY_WARNING },
		{ { HEAD
		      "begin_group,s0,Dati,,,,,\nhidden,codice,,,,,,\ncalculate,c1,,,,,\"pulldata('citta', 'popolazione', 'codice', ${codice})\",\n" END
		      "begin_group,s1,Sezione,,,,,\n" QUESTION END,
		      NULL, NULL },
		    "pulldata", "survey.csv, row 4, column calculation", "citta", SEVERITY_ERROR },
		{ { HEAD
		      "begin_group,s0,Dati,,,,,\nhidden,codice,,,,,,\ncalculate,c1,,,,,\"pulldata('comuni', 'abitanti', 'codice', ${codice})\",\n" END
		      "begin_group,s1,Sezione,,,,,\n" QUESTION END,
		      NULL, NULL },
		    "pulldata", "survey.csv, row 4, column calculation", "abitanti",
		    SEVERITY_ERROR },
		{ { BEGIN QUESTION "text,q2,D,\"regex(${q1}, 'a+')\",,,,\n" END, NULL, NULL },
		    "not-in-words", "survey.csv, row 4, column relevant", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION
		      "calculate,c1,,,,,\"if(${q1} = 'x', 'si', 'no')\",\ntext,q2,D,${c1} = 'si',,,,\n" END,
		      NULL, NULL },
		    "not-in-words", "survey.csv, row 5, column relevant", NULL, SEVERITY_ERROR },
		{ { BEGIN QUESTION END "begin_group,s2,Altra,,,,,\ntext,q2,D,${q1} = 'x',,,,\n" END,
		      NULL, NULL },
		    "other-sheet", "survey.csv, row 6, column relevant", "s1", SEVERITY_WARNING },
	};

	check(cases, G_N_ELEMENTS(cases));
}

static void
test_cycles(void)
{
	static const Case cases[] = {
		{ { BEGIN "text,q1,D,${q2} = 'x',,,,\ntext,q2,D,${q1} = 'x',,,,\n" END, NULL,
		      NULL },
		    "cycle", "survey.csv, row 4, column relevant", "q1 -> q2 -> q1",
		    SEVERITY_ERROR },
		{ { BEGIN "text,q1,D,${q1} = 'x',,,,\n" END, NULL, NULL }, "cycle",
		    "survey.csv, row 3, column relevant", "q1 -> q1", SEVERITY_ERROR },
		{ { BEGIN QUESTION
		      "calculate,a,,,,,${b} + 1,\ncalculate,b,,,,,${c} + 1,\ncalculate,c,,,,,${a} + 1,\n" END,
		      NULL, NULL },
		    "cycle", "survey.csv, row 6, column calculation", "a -> b -> c -> a",
		    SEVERITY_ERROR },
		{ { BEGIN "begin_group,g,Gruppo,${q1} = 'x',,,,\n" QUESTION END END, NULL, NULL },
		    "cycle", "survey.csv, row 3, column relevant", NULL, SEVERITY_ERROR },
	};

	check(cases, G_N_ELEMENTS(cases));
}

#define MESSAGES                                                                                   \
	"type,name,label::Italiano (it),required,required_message::Italiano (it),constraint,constraint_message::Italiano (it)\nbegin_group,s1,S,,,,\n"

static void
test_messages(void)
{
	static const Case cases[] = {
		{ { MESSAGES "text,q1,D,,Rispondere.,,\n" END, NULL, NULL }, "no-effect",
		    "survey.csv, row 3, column required", NULL, SEVERITY_WARNING },
		{ { MESSAGES "text,q1,D,yes,Rispondere.,,Troppo.\n" END, NULL, NULL }, "no-effect",
		    "survey.csv, row 3, column constraint", NULL, SEVERITY_WARNING },
	};

	check(cases, G_N_ELEMENTS(cases));
}

#define FULL                                                                                       \
	"type,name,label::Italiano (it),appearance,choice_filter,default,parameters,bind::anci:numero,bind::anci:memoria\n"
static const char extended[] =
    "form_title,form_id,version,default_language,namespaces\nProva,prova,1,Italiano (it),\"anci=\"\"x\"\"\"\n";

static void
test_groups_and_lists(void)
{
	static const Case cases[] = {
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nbegin_group,g,G,table-list,,,,1.1,\nselect_one sn,a,A,,,,,,\nselect_one col,b,B,,,,,,\nend_group,,,,,,,,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "table-list", "survey.csv, row 5, column type", "select_one sn, as row 4",
		    SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nbegin_group,g,G,table-list,,,,1.1,\nselect_one sn,a,A,,,,,,\ntext,b,B,,,,,,\nend_group,,,,,,,,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "table-list", "survey.csv, row 5, column type", NULL, SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nbegin_group,g,G,table-list,,,,1.1,\nselect_one col,a,A,,zona = 'nord',,,,\nend_group,,,,,,,,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "table-list", "survey.csv, row 4, column choice_filter", NULL, SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nbegin_group,g,G,field-list,,,,1.1,\nbegin_group,h,H,,,,,,\ntext,b,B,,,,,,\nend_group,,,,,,,,\nend_group,,,,,,,,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "field-list", "survey.csv, row 4, column type", NULL, SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nselect_one col,a,A,,zone = 'nord',,,1.1,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "missing-reference", "survey.csv, row 3, column choice_filter", "zone",
		    SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nrank col,a,A,,zona = 'nord',,,1.1,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "not-here", "survey.csv, row 3, column choice_filter", NULL, SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nselect_one sn,a,A,,,forse,,1.1,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "default", "survey.csv, row 3, column default", NULL, SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\ninteger,a,A,,,\"1,5\",,1.1,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "default", "survey.csv, row 3, column default", NULL, SEVERITY_ERROR },
		{ { FULL "begin_group,s1,S,,,,,1,\ntext,a,A,,,,rows=3,1.1,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "not-here", "survey.csv, row 3, column parameters", NULL, SEVERITY_ERROR },
		{ { FULL "begin_group,s1,S,,,,,1,\ntext,a,A,,,,,1.x,\nend_group,,,,,,,,\n", NULL,
		      extended },
		    "number", "survey.csv, row 3, column bind::anci:numero", NULL, SEVERITY_ERROR },
		{ { FULL "begin_group,s1,S,,,,,1,\ntext,a,A,,,,,2.1,\nend_group,,,,,,,,\n", NULL,
		      extended },
		    "number-place", "survey.csv, row 3, column bind::anci:numero", NULL,
		    SEVERITY_WARNING },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\ntext,a,A,,,,,1.1,\ntext,b,B,,,,,1.2,\ntext,c,C,,,,,1.1,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "number-repeated", "survey.csv, row 5, column bind::anci:numero", NULL,
		    SEVERITY_WARNING },
		{ { FULL "begin_group,s1,S,,,,,1,\ntext,a,A,,,,,1.1,forse\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "memory", "survey.csv, row 3, column bind::anci:memoria", NULL,
		    SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\ntext,a,A,,,,,1.1,accanto si\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "memory", "survey.csv, row 3, column bind::anci:memoria",
		    "«accanto si»: write si, no, NAME@EDITION, accanto", SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nacknowledge,a,A,,,,,1.1,accanto\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "memory", "survey.csv, row 3, column bind::anci:memoria", "a box to tick",
		    SEVERITY_ERROR },
		{ { FULL
		      "begin_group,s1,S,,,,,1,\nbegin_group,g,G,table-list,,,,1.1,\n"
		      "select_one sn,a,A,,,,,1.1,accanto a@2024\nend_group,,,,,,,,\nend_group,,,,,,,,\n",
		      NULL, extended },
		    "memory", "survey.csv, row 4, column bind::anci:memoria", "a row of a grid",
		    SEVERITY_ERROR },
		{ { BEGIN QUESTION "begin_group,g,G,,,,,table-list\n" END END, NULL, NULL },
		    "empty-group", "survey.csv, row 4, column type", NULL, SEVERITY_ERROR },
	};

	check(cases, G_N_ELEMENTS(cases));
}

#define HEAD_CHOICES "list_name,name,label::Italiano (it)\n"
#define USES	     BEGIN "select_one sn,q1,D,,,,,\n" END

static void
test_choices_and_settings(void)
{
	static const Case cases[] = {
		{ { USES, HEAD_CHOICES "sn,si,Sì\nsn,SI,Ancora\n", NULL }, "duplicate-choice",
		    "choices.csv, row 3, column name", NULL, SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\nsn,1,Uno\n", NULL }, "bad-name",
		    "choices.csv, row 3, column name", NULL, SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\n,no,No\n", NULL }, "bad-name",
		    "choices.csv, row 3, column list_name", NULL, SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\nsn,no,\n", NULL }, "missing-label",
		    "choices.csv, row 3, column label", NULL, SEVERITY_ERROR },
		{ { USES, "list_name,name,label::Italiano (it),esclusiva\nsn,si,Sì,forse\n", NULL },
		    "yes-no", "choices.csv, row 2, column esclusiva", NULL, SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\nmai,no,No\n", NULL }, "unused-list",
		    "choices.csv", "mai", SEVERITY_WARNING },
		{ { USES, HEAD_CHOICES "sn,si,Sì\n",
		      "form_title,form_id,version,default_language\n" },
		    "settings", "settings.csv", NULL, SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\n",
		      "form_title,form_id,version,default_language\nProva,una prova,1,it\n" },
		    "bad-name", "settings.csv, row 2, column form_id", NULL, SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\n",
		      "form_title,form_id,version,default_language\nProva,prova,1,Italiano\n" },
		    "language", "settings.csv, row 2, column default_language", NULL,
		    SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\n",
		      "form_title,form_id,version,popolazione_piccoli\nProva,prova,1,molti\n" },
		    "number", "settings.csv, row 2, column popolazione_piccoli", NULL,
		    SEVERITY_ERROR },
		{ { USES, HEAD_CHOICES "sn,si,Sì\n",
		      "form_title,form_id,version,sezioni_contate\nProva,prova,1,s9\n" },
		    "missing-reference", "settings.csv, row 2, column sezioni_contate", NULL,
		    SEVERITY_ERROR },
	};

	check(cases, G_N_ELEMENTS(cases));
}

/* The same form, as Excel, an old editor and a careful hand write it. */
static void
test_spellings(void)
{
	static const Trio trios[] = {
		{ "type,name,label::Italiano (it)\nbegin_group,s1,S\nselect_one sn,q1,Perché?\nend_group,,\n",
		    HEAD_CHOICES "sn,si,Sì\nsn,no,No\n", NULL },
		{ "\xef\xbb\xbfType;NAME;Label :: ITALIANO ( IT )\r\nbegin_group;s1;S\r\nselect_one  sn;q1;Perché?\r\nEND_GROUP;;\r\n",
		    "\xef\xbb\xbf"
		    "List_Name;Name;LABEL::italiano (it)\r\nsn;si;Sì\r\nsn;no;No\r\n",
		    "form_title;form_id;version\r\nProva;prova;1\r\n" },
		{ "type\tname\tlabel\nbegin_group\ts1\tS\nselect_one sn\tq1\tPerch\xe9?\nend_group\t\t\n",
		    "list_name\tname\tlabel\nsn\tsi\tS\xec\nsn\tno\tNo\n", NULL },
		{ "type,name,label::Italiano (it),,\nbegin_group,s1,S,,\n,,,,\nselect_one sn,q1,Perché?,,\nend_group,,,,\n,,,,\n",
		    HEAD_CHOICES ",,\nsn,si,Sì\nsn,no,No\n", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(trios); i++) {
		Trio trio = trios[i];
		g_autoptr(GPtrArray) findings = findings_new();
		g_autoptr(Form) form = NULL;
		const Item *item;

		trio.choices =
		    trio.choices != NULL ? trio.choices : HEAD_CHOICES "sn,si,Sì\nsn,no,No\n";
		form = open_trio(&trio, findings);
		show(findings);
		g_assert_cmpuint(findings->len, ==, 0);
		g_assert_cmpuint(form->sections->len, ==, 1);
		item = form_item(form, "q1");
		g_assert_cmpstr(form_text(form, item->labels, "it"), ==, "Perché?");
		g_assert_cmpstr(item->type->name, ==, "select_one");
		g_assert_cmpuint(item->list->choices->len, ==, 2);
		g_assert_nonnull(choice_list_find(item->list, "no"));
		g_assert_null(choice_list_find(item->list, "nd"));
	}
}

static void
test_languages(void)
{
	const Trio trio = {
		"type,name,hint::Deutsch (de),label::Italiano (it),label::Deutsch (de)\nbegin_group,s1,,S,\ntext,q1,Tipp,Nome,Name\nend_group,,,,\n",
		"list_name,name,label::Italiano (it),label::Deutsch (de)\n", NULL
	};
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Form) form = open_trio(&trio, findings);
	const Item *item = form_item(form, "q1");
	const Finding *finding;

	g_assert_cmpuint(form->langs->len, ==, 2);
	g_assert_cmpstr(form->default_lang, ==, "it");
	g_assert_cmpstr(form_text(form, item->labels, "de"), ==, "Name");
	g_assert_cmpstr(form_text(form, item->labels, "fr"), ==, "Nome");
	g_assert_cmpstr(form_text(form, item->hints, "de"), ==, "Tipp");
	g_assert_cmpstr(form_text(form, item->hints, "it"), ==, "");
	g_assert_cmpuint(findings->len, ==, 1);
	finding = g_ptr_array_index(findings, 0);
	g_assert_cmpstr(finding->code, ==, "missing-translation");
}

/* The mistakes of one form come in the order of its rows, and all at once. */
static void
test_all_at_once(void)
{
	const Trio trio = { BEGIN
		"text,q1,D,${q2} = 'x',,,,\ntext,q2,D,${q1} = 'x',,,,\nint,q3,D,,,,,\ntext,q3,,,,,,\nselect_one xx,q5,D,${q9} = 1,,,,\n" END,
		NULL, NULL };
	static const char *const codes[] = { "cycle", "old-word", "duplicate-name", "missing-label",
		"undefined-list", "missing-reference" };
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Form) form = open_trio(&trio, findings);

	drop_unused_lists(findings);
	show(findings);
	g_assert_nonnull(form);
	g_assert_cmpuint(findings->len, ==, G_N_ELEMENTS(codes));
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		g_assert_cmpstr(finding->code, ==, codes[i]);
	}
}

static void
test_mappa_2024(void)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *directory =
	    g_build_filename(source != NULL ? source : ".", "forms/mappa-2024", NULL);
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Form) form = form_open(directory, findings, &error);
	const Item *item;

	g_assert_no_error(error);
	show(findings);
	g_assert_cmpuint(findings->len, ==, 0);
	g_assert_cmpstr(form->id, ==, "mappa-2024");
	g_assert_cmpuint(form->sections->len, ==, 7);
	g_assert_cmpstr(form_item_section(form, form_item(form, "q5_1_urp"))->name, ==, "s5");
	g_assert_null(form_item_section(form, form_item(form, "popolazione")));
	g_assert_cmpstr(form_item_number(form_item(form, "q2_8_ia")), ==, "2.8");
	g_assert_true(form_item(form, "q4_3")->reserved);
	g_assert_cmpint(form_item(form, "q5_1")->layout, ==, LAYOUT_GRID);
	g_assert_cmpint(form_item(form, "q3_2")->layout, ==, LAYOUT_LIST);
	item = form_item(form, "q4_1");
	g_assert_true(choice_list_find(item->list, "nessuno")->exclusive);
	g_assert_false(choice_list_find(item->list, "cloud")->exclusive);
}

static void
test_strict(void)
{
	g_autofree char *directory = g_dir_make_tmp("plico-form-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(form_open_strict(directory, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	g_clear_error(&error);
	put(directory, "survey.csv", BEGIN "geopoint,q1,Dove,,,,,\n" QUESTION END);
	put(directory, "choices.csv", HEAD_CHOICES "sn,si,Sì\n");
	put(directory, "settings.csv", settings);
	g_assert_null(form_open_strict(directory, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_nonnull(strstr(error->message, "survey.csv, row 3, column type"));
	g_clear_error(&error);
	put(directory, "survey.csv", BEGIN QUESTION END);
	{
		/* the list is used nowhere: a warning does not stop a campaign */
		g_autoptr(Form) form = form_open_strict(directory, &error);

		g_assert_no_error(error);
		g_assert_nonnull(form);
	}
	remove_trio(directory);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form/read/headers-that-are-not-known-are-refused", test_headers);
	g_test_add_func("/form/read/old-words-name-the-present-one", test_old_words);
	g_test_add_func("/form/read/rows-that-are-wrong-are-named", test_rows);
	g_test_add_func("/form/read/expressions-that-cannot-be-right", test_expressions);
	g_test_add_func("/form/read/cycles-are-found-and-spelt-out", test_cycles);
	g_test_add_func("/form/read/groups-lists-defaults-and-numbers", test_groups_and_lists);
	g_test_add_func("/form/read/messages-that-nobody-will-see", test_messages);
	g_test_add_func("/form/read/choices-and-settings", test_choices_and_settings);
	g_test_add_func("/form/read/separators-cases-and-encodings-do-not-matter", test_spellings);
	g_test_add_func("/form/read/texts-fall-back-to-the-form-s-language", test_languages);
	g_test_add_func("/form/read/all-mistakes-come-at-once-and-in-order", test_all_at_once);
	g_test_add_func("/form/read/the-questionnaire-of-2024-is-in-order", test_mappa_2024);
	g_test_add_func("/form/read/strict-opening-refuses-errors-only", test_strict);
	return g_test_run();
}
