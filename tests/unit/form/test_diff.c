/* Two small forms that differ in one thing: what form_diff() says of it, and what it says it touches. */
#include "form/diff.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD                                                                                                               \
	"type,name,label::Italiano (it),label::Deutsch (de),hint::Italiano (it),relevant,required,constraint,calculation," \
	"appearance,bind::anci:numero,bind::anci:memoria,bind::anci:riservata,default\n"
#define KNOWN                                                                                      \
	"begin_group,s0,Noti,Noti,,,,,,,,,,\n"                                                     \
	"hidden,popolazione,,,,,,,,,,,,\n"                                                         \
	"calculate,grande,,,,,,,\"if(${popolazione} > 5000, 'si', 'no')\",,,,,\n"                  \
	"end_group,,,,,,,,,,,,,\n"
#define BEGIN KNOWN "begin_group,s2,Sezione,Sezione,,,,,,,2,,,\n"
#define END   "end_group,,,,,,,,,,,,,\n"
/* Rows: type, name, text in both languages; what may differ is written out. */
#define Q1		 "select_one sn,q1,Prima domanda,A,,,yes,,,,2.1,si,,\n"
#define Q2		 "select_multiple col,q2,Seconda domanda,B,,,,,,,2.2,,,\n"
#define Q3		 "integer,q3,Terza domanda,C,,,,,,,2.3,si,,\n"
#define ROW(NAME, LABEL) "select_one sn," NAME "," LABEL ",R,,,yes,,,,2.4,si,,\n"
#define GRID		 "begin_group,g,Tabella,T,,,,,,table-list,2.4,,,\n"

static const char choices[] =
    "list_name,name,label::Italiano (it),label::Deutsch (de),esclusiva\n"
    "sn,si,Sì,Ja,\nsn,no,No,Nein,\nsn,nd,Non saprei,Unbekannt,\n"
    "col,rosso,Rosso,Rot,\ncol,blu,Blu,Blau,\ncol,nessuno,Nessuno,Keine,si\n";

typedef struct {
	const char *survey; /* what stands in section 2; NULL: Q1 Q2 Q3 */
	const char *choices;
	const char *settings;
} Trio;

static void
put(const char *directory, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static Form *
open_trio(const Trio *trio, const char *id)
{
	static const char *const names[] = { "survey.csv", "choices.csv", "settings.csv" };
	g_autofree char *directory = g_dir_make_tmp("plico-diff-XXXXXX", NULL);
	g_autofree char *survey =
	    g_strconcat(HEAD BEGIN, trio->survey != NULL ? trio->survey : Q1 Q2 Q3, END, NULL);
	g_autofree char *settings = g_strdup_printf(
	    "form_title,form_id,version,default_language,popolazione_piccoli\nProva,%s,1,it,%s\n",
	    id, trio->settings != NULL ? trio->settings : "");
	g_autoptr(GError) error = NULL;
	Form *form;

	put(directory, "survey.csv", survey);
	put(directory, "choices.csv", trio->choices != NULL ? trio->choices : choices);
	put(directory, "settings.csv", settings);
	form = form_open_strict(directory, &error);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(directory, names[i], NULL);

		g_unlink(path);
	}
	g_rmdir(directory);
	g_assert_no_error(error);
	return form;
}

static const char *
name_of(const Item *item)
{
	return item != NULL ? item->name : "-";
}

/* "KIND BEFORE AFTER OPTION LANG [FROM|TO] HARM" of each change, in lines. Returns: (transfer full) */
static char *
tell(const GPtrArray *changes)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		g_string_append_printf(lines, "%s%d %s %s %s %s [%s|%s]%s%s", i > 0 ? "\n" : "",
		    (int)change->kind, name_of(change->before), name_of(change->after),
		    change->option != NULL ? change->option : "-",
		    change->lang != NULL ? change->lang : "-", change->from, change->to,
		    (change->harm & HARM_COMPARISON) != 0 ? " comparison" : "",
		    (change->harm & HARM_MEMORY) != 0 ? " memory" : "");
	}
	return g_string_free(g_steal_pointer(&lines), FALSE);
}

static char *
tell_diff(const Trio *before, const Trio *after)
{
	g_autoptr(Form) old = open_trio(before, "prova-2024");
	g_autoptr(Form) form = open_trio(after, "prova-2025");
	g_autoptr(GPtrArray) changes = form_diff(old, form);

	return tell(changes);
}

/* One change, as tell() writes it behind its kind. */
static void
check_one(const Trio *before, const Trio *after, ChangeKind kind, const char *expected)
{
	g_autofree char *line = g_strdup_printf("%d %s", (int)kind, expected);
	g_autofree char *said = tell_diff(before, after);

	g_assert_cmpstr(said, ==, line);
}

static void
check_survey(const char *before, const char *after, ChangeKind kind, const char *expected)
{
	const Trio old = { .survey = before };
	const Trio now = { .survey = after };

	check_one(&old, &now, kind, expected);
}

static void
check_choices(const char *before, const char *after, ChangeKind kind, const char *expected)
{
	const Trio old = { .choices = before };
	const Trio now = { .choices = after };

	check_one(&old, &now, kind, expected);
}

static const Trio plain = { 0 };

static void
test_same(void)
{
	g_autofree char *said = tell_diff(&plain, &plain);

	g_assert_cmpstr(said, ==, "");
}

static void
test_added_removed(void)
{
	check_survey(Q1 Q2, Q1 Q2 Q3, CHANGE_ADDED, "- q3 - - [|]");
	check_survey(Q1 Q2 Q3, Q1 Q2, CHANGE_REMOVED, "q3 - - - [|] comparison");
	check_survey(
	    Q1 Q2, Q1 Q2 GRID ROW("r1", "Uno") ROW("r2", "Due") END, CHANGE_ADDED, "- g - - [|]");
	check_survey(Q1 Q2 GRID ROW("r1", "Uno") ROW("r2", "Due") END, Q1 Q2, CHANGE_REMOVED,
	    "g - - - [|] comparison");
}

/* The text row of "Altro" goes with its question: the loss is told once. */
static void
test_removed_parts(void)
{
	const Trio old = { .survey = Q1 Q2 "text,q2_altro,Altro,D,,,,,,,2.2,,,\n" Q3 };
	const Trio now = { .survey = Q1 Q3 };
	g_autofree char *expected =
	    g_strdup_printf("%d q2 - - - [|] comparison\n%d q2_altro - - - [|]",
		(int)CHANGE_REMOVED, (int)CHANGE_REMOVED);
	g_autofree char *said = tell_diff(&old, &now);

	g_assert_cmpstr(said, ==, expected);
}

static void
test_renamed(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3_nuovo,Terza domanda,C,,,,,,,2.3,q3@2024,,\n",
	    CHANGE_RENAMED, "q3 q3_nuovo - - [q3|q3_nuovo]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3_nuovo,Terza domanda,C,,,,,,,2.3,si,,\n",
	    CHANGE_LOOKS_RENAMED, "q3 q3_nuovo - - [q3|q3_nuovo] comparison memory");
	check_survey(Q1 GRID ROW("r1", "Uno") ROW("r2", "Telefonia VoIP") END,
	    Q1 GRID ROW("r1", "Uno") ROW("r3", "Telefonia") END, CHANGE_LOOKS_RENAMED,
	    "r2 r3 - - [r2|r3] comparison memory");
}

/* Same question, same memoria, but of an edition that is not the one compared with. */
static void
test_other_edition(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3_nuovo,Terza domanda,C,,,,,,,2.3,q3@2023,,\n",
	    CHANGE_LOOKS_RENAMED, "q3 q3_nuovo - - [q3|q3_nuovo] comparison memory");
}

static void
test_source(void)
{
	const Trio now = { .survey = Q1 Q2 Q3 "date,q4,Quarta,D,,,,,,,2.4,q9@2024,,\n" };
	g_autofree char *expected =
	    g_strdup_printf("%d - q4 - - [|q9@2024] memory\n%d - q4 - - [|]",
		(int)CHANGE_SOURCE_MISSING, (int)CHANGE_ADDED);
	g_autofree char *said = tell_diff(&plain, &now);

	g_assert_cmpstr(said, ==, expected);
	check_survey(Q1 Q2 Q3, Q1 Q2 Q3 "integer,q4,Quarta,D,,,,,,,2.4,q3@2024,,\n", CHANGE_ADDED,
	    "q3 q4 - - [|]");
}

/* Numbers moved on: q2 now asks what q3 asked. */
static void
test_name_reused(void)
{
	const Trio now = { .survey = Q1 "integer,q2,Terza domanda,C,,,,,,,2.3,q3@2024,,\n" };
	g_autofree char *expected = g_strdup_printf(
	    "%d q3 q2 - - [q3|q2]\n%d q2 q2 - - [q3|q2] comparison\n%d q2 - - - [|] comparison",
	    (int)CHANGE_RENAMED, (int)CHANGE_NAME_REUSED, (int)CHANGE_REMOVED);
	g_autofree char *said = tell_diff(&plain, &now);

	g_assert_cmpstr(said, ==, expected);
}

static void
test_moved(void)
{
	static const char third[] = "begin_group,s3,Altra,Altra,,,,,,,3,,,\n";
	g_autofree char *before =
	    g_strconcat(Q1 Q2 Q3 END, third, "note,n,Nota,N,,,,,,,,,,\n", NULL);
	g_autofree char *after =
	    g_strconcat(Q1 Q2 END, third, "note,n,Nota,N,,,,,,,,,,\n" Q3, NULL);

	check_survey(before, after, CHANGE_MOVED, "q3 q3 - - [s2|s3]");
}

static void
test_order(void)
{
	check_survey(Q1 Q2 Q3, Q3 Q1 Q2, CHANGE_ORDER, "q3 q3 - - [|]");
	check_survey(Q1 Q2 Q3, Q2 Q3 Q1, CHANGE_ORDER, "q1 q1 - - [|q3]");
	check_survey(GRID ROW("r1", "Uno") ROW("r2", "Due") ROW("r3", "Tre") END,
	    GRID ROW("r1", "Uno") ROW("r3", "Tre") ROW("r2", "Due") END, CHANGE_ORDER,
	    "r2 r2 - - [|r3]");
}

static void
test_number(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,,,,2.5,si,,\n", CHANGE_NUMBER,
	    "q3 q3 - - [2.3|2.5]");
}

static void
test_type(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "decimal,q3,Terza domanda,C,,,,,,,2.3,si,,\n", CHANGE_TYPE,
	    "q3 q3 - - [integer|decimal]");
	check_survey(Q1 Q2 "decimal,q3,Terza domanda,C,,,,,,,2.3,si,,\n", Q1 Q2 Q3, CHANGE_TYPE,
	    "q3 q3 - - [decimal|integer] memory");
	check_survey(Q1 Q2 Q3, Q1 Q2 "text,q3,Terza domanda,C,,,,,,,2.3,si,,\n", CHANGE_TYPE,
	    "q3 q3 - - [integer|text] comparison memory");
	check_survey(Q1 Q2 Q3, "select_multiple sn,q1,Prima domanda,A,,,yes,,,,2.1,si,,\n" Q2 Q3,
	    CHANGE_TYPE, "q1 q1 - - [select_one|select_multiple] comparison");
	check_survey(Q1 Q2 Q3, Q1 "select_one col,q2,Seconda domanda,B,,,,,,,2.2,,,\n" Q3,
	    CHANGE_TYPE, "q2 q2 - - [select_multiple|select_one] comparison");
}

static void
test_texts(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza,C,,,,,,,2.3,si,,\n", CHANGE_LABEL,
	    "q3 q3 - it [Terza domanda|Terza]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,Dritte,,,,,,,2.3,si,,\n",
	    CHANGE_LABEL, "q3 q3 - de [C|Dritte]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,Stima,,,,,,2.3,si,,\n",
	    CHANGE_HINT, "q3 q3 - it [|Stima]");
}

static void
test_audience(void)
{
	static const char large[] = "integer,q3,Terza domanda,C,,${grande} = 'si',,,,,2.3,si,,\n";
	static const char small[] = "integer,q3,Terza domanda,C,,${grande} = 'no',,,,,2.3,si,,\n";
	g_autofree char *few = g_strconcat(Q1 Q2, large, NULL);
	g_autofree char *many = g_strconcat(Q1 Q2, small, NULL);

	check_survey(Q1 Q2 Q3, few, CHANGE_AUDIENCE, "q3 q3 - - [all|large] comparison");
	check_survey(few, Q1 Q2 Q3, CHANGE_AUDIENCE, "q3 q3 - - [large|all] comparison");
	check_survey(few, many, CHANGE_AUDIENCE, "q3 q3 - - [large|small] comparison");
}

/* A table's audience is told of the table, not of its rows. */
static void
test_audience_of_table(void)
{
	check_survey(Q1 GRID ROW("r1", "Uno") ROW("r2", "Due") END,
	    Q1 "begin_group,g,Tabella,T,,${grande} = 'si',,,,table-list,2.4,,,\n" ROW("r1", "Uno")
		ROW("r2", "Due") END,
	    CHANGE_AUDIENCE, "g g - - [all|large] comparison");
}

static void
test_condition(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,${q1} = 'si',,,,,2.3,si,,\n",
	    CHANGE_CONDITION, "q3 q3 - - [|la risposta alla 2.1 è «Sì»] comparison");
}

/* The question on which it depends has another name and number: the condition is the same. */
static void
test_condition_carried(void)
{
	const Trio old = { .survey = Q1 "integer,q3,Terza domanda,C,,${q1} = 'si',,,,,2.3,si,,\n" };
	const Trio now = { .survey = "select_one sn,q7,Prima domanda,A,,,yes,,,,2.1,q1@2024,,\n"
				     "integer,q3,Terza domanda,C,,${q7} = 'si',,,,,2.3,si,,\n" };

	check_one(&old, &now, CHANGE_RENAMED, "q1 q7 - - [q1|q7]");
}

static void
test_rules(void)
{
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,yes,,,,2.3,si,,\n",
	    CHANGE_REQUIRED, "q3 q3 - - [|true()]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,. < 9,,,2.3,si,,\n",
	    CHANGE_CONSTRAINT, "q3 q3 - - [|. < 9] memory");
	check_survey(Q1 Q2 "integer,q3,Terza domanda,C,,,,. < 9,,,2.3,si,,\n", Q1 Q2 Q3,
	    CHANGE_CONSTRAINT, "q3 q3 - - [. < 9|]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,,,,2.3,si,,7\n", CHANGE_DEFAULT,
	    "q3 q3 - - [|7]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,,,,2.3,,,\n", CHANGE_MEMORY,
	    "q3 q3 - - [si|]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,,,,2.3,accanto,,\n",
	    CHANGE_MEMORY, "q3 q3 - - [si|accanto]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,,,,2.3,accanto q3@2024,,\n",
	    CHANGE_MEMORY, "q3 q3 - - [si|accanto]");
	check_survey(Q1 Q2 Q3, Q1 Q2 "integer,q3,Terza domanda,C,,,,,,,2.3,si,si,\n",
	    CHANGE_RESERVED, "q3 q3 - - [|si]");
}

/* Who is large is calculated: a change of it stands alone. */
static void
test_calculation(void)
{
	g_autoptr(Form) form = open_trio(&plain, "prova-2024");
	g_autoptr(Form) later = open_trio(&plain, "prova-2025");
	g_autoptr(GPtrArray) changes = NULL;
	g_autofree char *expected = g_strdup_printf(
	    "%d grande grande - - [if(${popolazione} > 5000, 'si', 'no')|if(${popolazione} > 3000, 'si', 'no')] comparison",
	    (int)CHANGE_CALCULATION);
	g_autofree char *said = NULL;
	Item *known = g_hash_table_lookup(later->by_name, "grande");

	expr_free(known->calculation);
	known->calculation = expr_parse("if(${popolazione} > 3000, 'si', 'no')", NULL);
	changes = form_diff(form, later);
	said = tell(changes);
	g_assert_cmpstr(said, ==, expected);
}

#define SN    "sn,si,Sì,Ja,\nsn,no,No,Nein,\n"
#define COL   "col,rosso,Rosso,Rot,\ncol,blu,Blu,Blau,\ncol,nessuno,Nessuno,Keine,si\n"
#define LISTS "list_name,name,label::Italiano (it),label::Deutsch (de),esclusiva\n"

static void
test_options(void)
{
	check_choices(choices, LISTS SN COL, CHANGE_OPTION_REMOVED,
	    "q1 q1 nd - [Non saprei|] comparison memory");
	check_choices(LISTS SN COL, choices, CHANGE_OPTION_ADDED, "q1 q1 nd - [|Non saprei]");
	check_choices(LISTS SN COL, LISTS "sn,si,Sì,Ja,\nsn,mai,No,Nein,\n" COL,
	    CHANGE_OPTION_LOOKS_RENAMED, "q1 q1 mai - [no|mai] comparison memory");
	check_choices(LISTS SN COL, LISTS "sn,si,Certo,Ja,\nsn,no,No,Nein,\n" COL,
	    CHANGE_OPTION_LABEL, "q1 q1 si it [Sì|Certo]");
	check_choices(LISTS SN COL, LISTS "sn,no,No,Nein,\nsn,si,Sì,Ja,\n" COL, CHANGE_OPTION_ORDER,
	    "q1 q1 - - [Sì · No|No · Sì]");
	check_choices(LISTS SN COL,
	    LISTS SN "col,rosso,Rosso,Rot,\ncol,blu,Blu,Blau,\ncol,nessuno,Nessuno,Keine,\n",
	    CHANGE_OPTION_EXCLUSIVE, "q2 q2 nessuno - [si|]");
}

/* q2 is not printed with last year's answer: its options touch comparisons alone. */
static void
test_options_not_remembered(void)
{
	check_choices(LISTS SN COL, LISTS SN "col,rosso,Rosso,Rot,\ncol,nessuno,Nessuno,Keine,si\n",
	    CHANGE_OPTION_REMOVED, "q2 q2 blu - [Blu|] comparison");
}

static void
test_ranking(void)
{
	const Trio old = { .survey = "rank sn,q1,Prima domanda,A,,,,,,,2.1,si,,\n" Q2,
		.choices = LISTS SN COL };
	const Trio now = { .survey = "rank sn,q1,Prima domanda,A,,,,,,,2.1,si,,\n" Q2 };

	check_one(&old, &now, CHANGE_OPTION_ADDED, "q1 q1 nd - [|Non saprei] comparison memory");
}

static void
test_rows(void)
{
	check_survey(GRID ROW("r1", "Uno") END, GRID ROW("r1", "Uno") ROW("r2", "Due") END,
	    CHANGE_ADDED, "- r2 - - [|]");
	check_survey(GRID ROW("r1", "Uno") ROW("r2", "Due") END, GRID ROW("r1", "Uno") END,
	    CHANGE_REMOVED, "r2 - - - [|] comparison");
	check_survey(GRID ROW("r1", "Uno") ROW("r2", "Due") END,
	    GRID ROW("r1", "Uno") ROW("q9", "Due") END, CHANGE_LOOKS_RENAMED,
	    "r2 q9 - - [r2|q9] comparison memory");
}

/* What all rows of a table share is said once, of the table. */
static void
test_rows_alike(void)
{
	const Trio old = { .survey = GRID ROW("r1", "Uno") ROW("r2", "Due") END,
		.choices = LISTS SN };
	const Trio now = { .survey = GRID ROW("r1", "Uno") ROW("r2", "Due") END,
		.choices = LISTS "sn,si,Sì,Ja,\n" };

	check_one(&old, &now, CHANGE_OPTION_REMOVED, "g g no - [No|] comparison memory");
}

static void
test_renamed_table(void)
{
	check_survey(GRID ROW("r1", "Uno") ROW("r2", "Due") END,
	    "begin_group,h,Tabella,T,,,,,,table-list,2.4,,,\n" ROW("r1", "Uno") ROW("r2", "Due")
		END,
	    CHANGE_RENAMED, "g h - - [g|h]");
}

static void
test_langs(void)
{
	g_autoptr(Form) form = open_trio(&plain, "prova-2024");
	g_autoptr(Form) later = open_trio(&plain, "prova-2025");
	g_autoptr(GPtrArray) changes = NULL;
	g_autofree char *expected = g_strdup_printf(
	    "%d - - - de [|]\n%d - - - fr [|]", (int)CHANGE_LANG_REMOVED, (int)CHANGE_LANG_ADDED);
	g_autofree char *said = NULL;

	g_free(g_ptr_array_index(later->langs, 1));
	later->langs->pdata[1] = g_strdup("fr");
	changes = form_diff(form, later);
	said = tell(changes);
	g_assert_cmpstr(said, ==, expected);
}

/* Each change knows the section to tell it under, what was dropped too. */
static void
test_places(void)
{
	const Trio now = { .survey = Q2 Q3 END "begin_group,s3,Altra,Altra,,,,,,,3,,,\n" Q1 };
	g_autoptr(Form) form = open_trio(&plain, "prova-2024");
	g_autoptr(Form) later = open_trio(&now, "prova-2025");
	g_autoptr(GPtrArray) forth = form_diff(form, later);
	g_autoptr(GPtrArray) back = form_diff(later, form);

	for (guint i = 0; i < forth->len; i++)
		g_assert_cmpstr(((Change *)g_ptr_array_index(forth, i))->place->name, ==, "s3");
	g_assert_cmpuint(forth->len, >, 0);
	for (guint i = 0; i < back->len; i++)
		g_assert_cmpstr(((Change *)g_ptr_array_index(back, i))->place->name, ==, "s2");
	g_assert_cmpuint(back->len, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/diff/a-form-does-not-differ-from-itself", test_same);
	g_test_add_func("/diff/questions-and-tables-come-and-go", test_added_removed);
	g_test_add_func("/diff/a-question-lost-with-its-parts-is-one-loss", test_removed_parts);
	g_test_add_func("/diff/memoria-makes-a-new-name-the-same-question", test_renamed);
	g_test_add_func("/diff/memoria-of-another-edition-does-not", test_other_edition);
	g_test_add_func("/diff/memoria-that-names-nothing-is-said", test_source);
	g_test_add_func("/diff/a-name-given-to-another-question-is-said", test_name_reused);
	g_test_add_func("/diff/a-question-moves-to-another-section", test_moved);
	g_test_add_func("/diff/as-few-as-can-be-are-said-to-stand-elsewhere", test_order);
	g_test_add_func("/diff/a-question-has-another-number", test_number);
	g_test_add_func("/diff/a-type-touches-what-it-cannot-hold", test_type);
	g_test_add_func("/diff/texts-differ-by-language", test_texts);
	g_test_add_func("/diff/other-towns-are-asked", test_audience);
	g_test_add_func("/diff/a-table-is-asked-of-other-towns-once", test_audience_of_table);
	g_test_add_func("/diff/a-condition-is-told-in-words", test_condition);
	g_test_add_func(
	    "/diff/a-condition-on-a-renamed-question-is-the-same", test_condition_carried);
	g_test_add_func("/diff/rules-and-flags-differ", test_rules);
	g_test_add_func("/diff/a-calculation-differs", test_calculation);
	g_test_add_func("/diff/options-come-go-and-change", test_options);
	g_test_add_func(
	    "/diff/options-touch-no-answer-that-is-not-printed", test_options_not_remembered);
	g_test_add_func("/diff/a-ranking-has-no-place-for-a-new-option", test_ranking);
	g_test_add_func("/diff/rows-of-a-table-come-and-go", test_rows);
	g_test_add_func("/diff/what-all-rows-share-is-said-once", test_rows_alike);
	g_test_add_func("/diff/a-table-is-known-by-its-rows", test_renamed_table);
	g_test_add_func("/diff/languages-come-and-go", test_langs);
	g_test_add_func("/diff/each-change-has-its-section", test_places);
	return g_test_run();
}
