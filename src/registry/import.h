/*
 * Reading lists of units and contacts. A format is one const struct in one file (import_istat.c ...) and a line in the
 * table of import.c: how its header is known, and how a row of it is taken. Private to registry/.
 */
#ifndef PLICO_REGISTRY_IMPORT_H
#define PLICO_REGISTRY_IMPORT_H

#include "base/table.h"
#include "registry/registry.h"

#define MAILS 5 /* addresses of one entity in IPA's lists */

/* What a cell means, whatever its column is called. */
typedef enum {
	/* kept of a unit */
	CELL_CODE,
	CELL_ISTAT,
	CELL_NAME,
	CELL_NAME_OTHER,
	CELL_PROVINCE,
	CELL_PROVINCE_CODE,
	CELL_REGION,
	CELL_AREA,
	CELL_POPULATION,
	CELL_ZIP,
	CELL_TAX_CODE,
	CELL_IPA_CODE,
	CELL_LAT,
	CELL_LON,
	CELL_LANG,
	CELL_MAYOR,
	UNIT_CELLS,
	/* read only */
	CELL_PEC = UNIT_CELLS,
	CELL_ENTITY,
	CELL_CATEGORY,
	CELL_TOWN,
	CELL_FIRST_NAME,
	CELL_LAST_NAME,
	CELL_TITLE,
	CELL_LIQUIDATION,
	CELL_MAIL,		       /* MAILS of them */
	CELL_KIND = CELL_MAIL + MAILS, /* of each */
	CELLS = CELL_KIND + MAILS
} Cell;

typedef struct {
	Cell cell;
	gboolean required;
	const char
	    *names[3]; /* in the editions there are; compared folded. "X*": the column begins so */
} Column;

typedef struct Import Import;

typedef struct {
	RegistryFormat format;
	const char *name;
	const char *source;	/* of its contacts */
	const char *null_word;	/* written where nothing is known, or NULL */
	gboolean lists_units;	/* adds units; a whole list closes those it lacks */
	gboolean lists_unknown; /* a column that is not in the table is worth a note */
	const Column *columns;	/* the last has no name */
	gboolean (*read_row)(Import *import, guint row, GError **error);
} ListFormat;

extern const ListFormat import_istat;
extern const ListFormat import_plico;
extern const ListFormat import_ipa;
extern const ListFormat import_ipa_former;

/* A unit of the database, as this import leaves it. */
typedef struct {
	Unit *unit;
	GPtrArray *contacts; /* of Contact, open ones by rank */
	guint row;	     /* of the list, from which it was taken; 0: none yet */
	gboolean listed;     /* in the list, if only in a row that was refused */
} Known;

struct Import {
	Store *store;
	const char *path;
	const ImportOptions *options;
	const ListFormat *format;
	Table *table;
	int column[CELLS];
	GPtrArray *known;     /* of Known */
	GHashTable *by_code;  /* cadastral code -> Known, closed ones too */
	GHashTable *by_istat; /* ISTAT code -> Known, open when the import began */
	GHashTable *by_word;  /* tax code, and import_word() of each name -> Known, open */
	GHashTable *codes;    /* cadastral codes that the list holds, as keys */
	GHashTable *istats;   /* ISTAT code -> Known that was taken with it */
	guint open;	      /* units before the import */
	guint zeros;	      /* rows whose ISTAT code lost its leading zeros */
	guint zeros_row;      /* the first of them */
	guint unidentified;   /* refused rows that may be any unit's */
	gboolean census_old;  /* the list's population is older than that of 2021 */
	ImportReport *report;
};

/* What a row says of a unit; NULL: nothing, what is known stays. */
typedef struct {
	char *value[UNIT_CELLS];
} Draft;

void draft_clear(Draft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

/* --- import.c: the list --- */

/* A cell's text; "" where the list has no such column, or its word for nothing. Returns: (transfer none) */
const char *import_cell(const Import *import, guint row, Cell cell);

/* Notes a finding at a row; @cell CELLS: at no cell of it. */
void import_note(Import *import, guint row, Cell cell, Severity severity, const char *code,
    const char *format, ...) G_GNUC_PRINTF(6, 7);

/* FALSE, with a finding, where the row has too few or too many cells to trust their places. */
gboolean import_is_whole(Import *import, guint row);

/* The row is not taken; the unit it speaks of stays as it is. */
void import_refuse(Import *import, guint row);

/* --- check.c: one cell --- */

/* The cell in normal form, or NULL: empty, or wrong with a finding. Returns: (transfer full) (nullable) */
char *import_take(Import *import, guint row, Cell cell);

/* The same for any text that is to be kept in @cell. */
char *import_take_text(Import *import, guint row, Cell cell, const char *text);

/* The name of a unit's cell in findings and differences. */
const char *import_cell_name(Cell cell);

/* Counts the rows whose ISTAT code has no leading zeros, as a spreadsheet leaves them. */
void import_count_zeros(Import *import);

/* --- contacts.c --- */

/* The address in the cell with its finding where it is wrong or looks so; NULL: none to take.
 * Returns: (transfer full) (nullable) */
char *import_take_address(Import *import, guint row, Cell cell);

/* Adds an address to @contacts unless it is there. */
void import_add_contact(
    Import *import, GPtrArray *contacts, const char *channel, const char *address);

/* Makes @wanted (of Contact, best first) the contacts that this source gives the unit; none: those that are known
 * stay. @change: what was done is added to it. */
gboolean import_save_contacts(Import *import, Known *known, GPtrArray *wanted, GString *change,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes the addresses that several open units share, at the rows of this list. */
gboolean import_note_shared(Import *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- save.c: the diff --- */

gboolean import_load_known(Import *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void known_free(Known *known);

/* The key of a unit without codes. Returns: (transfer full) */
char *import_word(const char *name, const char *province_code);

/* Adds the unit, or changes what @draft says of @known; takes @wanted as its contacts; counts, logs. */
gboolean import_save(Import *import, guint row, Known *known, const Draft *draft, GPtrArray *wanted,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes the open units that the list does not hold. */
gboolean import_close_gone(Import *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- units.c: rows of lists of units --- */

/* Takes a row that describes a unit. */
gboolean import_read_unit(Import *import, guint row, GError **error);

#endif
