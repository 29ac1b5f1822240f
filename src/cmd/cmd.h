/*
 * A verb is one const struct in one file under cmd/ and one line in the table of cmd.c. It says what it needs
 * (workspace, store, ...) and main opens that; --help, the manual page and the tests are made from the same table.
 */
#ifndef PLICO_CMD_CMD_H
#define PLICO_CMD_CMD_H

#include "base/config.h"
#include "base/keyring.h"
#include "form/form.h"
#include "store/store.h"

#include <json-glib/json-glib.h>

typedef enum {
	NEEDS_NOTHING = 0,
	NEEDS_CONFIG = 1 << 0, /* app->config */
	NEEDS_STORE = 1 << 1,  /* app->store, and config */
	NEEDS_KEYS = 1 << 2,   /* app->keyring, and config */
	OFFERS_JSON = 1 << 3,  /* takes --json */
	SAYS_TRY_AGAIN =
	    1 << 4 /* whatever fails, exit status 75: its caller has the only copy of something */
} CommandNeeds;

typedef struct {
	const char *workspace; /* -w, PLICO_WORKSPACE or "." */
	Config *config;
	Store *store;
	Keyring *keyring;
	gboolean json;	    /* --json was given */
	gboolean try_again; /* of the verb: SAYS_TRY_AGAIN */
	gboolean
	    findings; /* the verb sets it: done, but something was found (exit 1 under --strict) */
} App;

typedef struct {
	const char *name;    /* "units import" */
	const char *words;   /* what stands behind the options: "FILE", "DIR", NULL */
	const char *summary; /* one line, marked by N_() */
	const char *help; /* paragraphs for --help and the manual page, or NULL; marked by N_() */
	unsigned needs;	  /* CommandNeeds */
	int least;	  /* how many words it takes */
	int most;	  /* -1: any number */
	const GOptionEntry *options; /* NULL-terminated table, or NULL */
	/* Runs the verb. @words: NULL-terminated, within the bounds above. What it prints goes to standard output. */
	gboolean (*run)(App *app, char **words, GError **error);
} Command;

/* All verbs, by name; NULL-terminated. */
extern const Command *const commands[];

/* Prints @root as one line of JSON. */
void cmd_print_json(JsonNode *root);

/* The name of whoever runs this process, for the history. Returns: (transfer none) */
const char *cmd_operator(void);

/* @count and the right form of the noun, in the reader's language: use ngettext() where the text is longer. */
void cmd_print_findings(const GPtrArray *findings);

/* SIGINT and SIGTERM wait until the verb looks for them, in all threads that it starts from now on. */
void cmd_hold_stops(void);
/* Whether one of them has come; it stays so. */
gboolean cmd_stop_asked(void);
/* Waits so long, or until one has come. */
void cmd_wait(guint seconds);

/* Makes a workspace with @conf as its plico.conf, new keys and an empty database. */
gboolean cmd_make_workspace(const char *directory, const char *conf, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A path inside the workspace. Returns: (transfer full) */
char *cmd_path(const App *app, const char *name);

/* The questionnaire of the configured edition. Returns: (transfer full) */
Form *cmd_form(const App *app, GError **error);

/* The questions of a section in the form's order, whatever groups they stand in. Returns: (transfer container): of
 * const Item * */
GPtrArray *cmd_questions(const Section *section);

/* --- kit.c: tables of text ----------------------------------------------------------------------------------- */

/* Rows of cells whose columns are as wide as their widest cell. */
typedef struct CmdTable CmdTable;

/* @align: for each column l or r. Returns: (transfer full) */
CmdTable *cmd_table_new(const char *align);
void cmd_table_free(CmdTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CmdTable, cmd_table_free)

/* One cell to the next row, which begins when the one before is full. */
void cmd_table_add(CmdTable *table, const char *cell);
void cmd_table_add_number(CmdTable *table, gint64 number);
/* A line across. */
void cmd_table_add_rule(CmdTable *table);
void cmd_table_print(const CmdTable *table);

/* --- JSON: a member of the object that is open ------------------------------------------------------------------ */
void cmd_json_text(JsonBuilder *builder, const char *name, const char *text);
void cmd_json_int(JsonBuilder *builder, const char *name, gint64 number);
/* "findings": severity, code, place, text of each. */
void cmd_add_findings(JsonBuilder *builder, const GPtrArray *findings);

#endif
