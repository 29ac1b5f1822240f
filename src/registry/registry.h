/*
 * 1 WHO: the units (municipalities) of the survey and their contacts.
 *
 * The join key across years is the cadastral code. Importing is a diff: it tells what is added, changed and gone, and
 * every odd row is a finding with its place; no finding stops the import. A unit that goes away is closed, not
 * deleted.
 */
#ifndef PLICO_REGISTRY_REGISTRY_H
#define PLICO_REGISTRY_REGISTRY_H

#include "base/config.h"
#include "base/finding.h"
#include "store/store.h"

typedef struct {
	gint64 id;
	char *code; /* cadastral code, the key */
	char *istat_code;
	char *name;
	char *name_other; /* "" where the town has one name */
	char *province;
	char *province_code;
	char *region;
	char *area;
	gint64 population; /* -1: not known */
	char *zip;
	char *tax_code;
	char *ipa_code;
	char *lang; /* what a list says, as in lang.h; "": by the rules, see unit_lang() */
	char *
	    mayor; /* title and name of the legal representative: "Sindaco Livio Quercini"; "": not known */
	double lat; /* degrees, WGS 84; NAN: not known */
	double lon;
	gboolean closed;
} Unit;

void unit_free(Unit *unit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unit, unit_free)

/* "Bolzano/Bozen": both names, as one writes to the town. Returns: (transfer full) */
char *unit_full_name(const Unit *unit);
/* The same with the name in @lang first: "Bozen/Bolzano". Returns: (transfer full) */
char *unit_names(const Unit *unit, const char *lang);
/* The name in @lang alone (of "de+it" in the first), where the town has one: "Bozen". Returns: (transfer none) */
const char *unit_name(const Unit *unit, const char *lang);

/* The language that sheets, letters and mails for the unit are in, "de+it": what a list says, otherwise what the rules of
 * survey.languages say. The one place that decides it. Returns: (transfer full) */
char *unit_lang(const Unit *unit, const Config *config);

/* The size class for tables: "fino a 1.000", "1.001-5.000", "5.001-20.000", "20.001-60.000", "60.001-250.000",
 * "oltre 250.000" (the first two together are the small towns), "popolazione non nota". Returns: (transfer none) */
const char *unit_size_class(const Unit *unit);

/* What a form's pulldata('comuni', NAME, ...) gives: istat, codice, denominazione, provincia, sigla, regione,
 * ripartizione, popolazione. NULL for an unknown NAME; "" for an unknown value. Returns: (transfer full) */
char *unit_attribute(const Unit *unit, const char *name);

/* One unit by id. Returns: (transfer full), NULL on error or where it is not there */
Unit *registry_unit(Store *store, gint64 id, GError **error);

/* One unit as a person names it: cadastral, ISTAT or IPA code, address, or name, with its province where the name is
 * not enough: "Samone (TN)" (case, accents and apostrophes do not count). Where several fit, the open ones are meant;
 * where that leaves several, the error names them. Returns: (transfer full) */
Unit *registry_find(Store *store, const char *words, GError **error);

/* Which units: NULL fields do not restrict. A wave and a list use the same. Places compare folded, each of two
 * names fits. */
typedef struct {
	const char *region;
	const char *province; /* name or two-letter code */
	gint64 above;	      /* population > above; -1: any */
	gint64 up_to;	      /* population <= up_to; -1: any */
	const char *words;    /* part of the name, folded */
	char **codes;	      /* cadastral, ISTAT or IPA codes */
	GHashTable *ids;      /* a set of gint64 *: of no others */
} UnitFilter;

/* Open units that fit, in ISTAT-code order. @filter NULL: all. A region, province or code that no unit has is an
 * error, not an empty list. Returns: (transfer full): of Unit */
GPtrArray *registry_list(Store *store, const UnitFilter *filter, GError **error);

typedef struct {
	gint64 id;
	gint64 unit_id;
	char *role;    /* mayor, delegate, secretary, rtd, it, protocol */
	char *channel; /* pec or mail */
	char *address;
	char *name;
	gint64 rank; /* 1 is written to first */
	char *source;
} Contact;

void contact_free(Contact *contact);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Contact, contact_free)

/* Open contacts of a unit, first the one to write to. Returns: (transfer full): of Contact */
GPtrArray *registry_contacts(Store *store, gint64 unit_id, GError **error);

/* Checks that @text is exactly one mailbox that may stand in an envelope and a header (a strict subset of RFC 5321
 * Mailbox): dot-atom local part of at most 64 ASCII bytes that does not begin with '-', domain of letters, digits and
 * hyphens with a dot (IDNA A-labels for the rest), at most 254 bytes, no control characters, quotes or comments.
 * @out: (out) (transfer full): the local part as written, the domain in small letters and A-labels.
 * @why: (out) (transfer none): the reason, in the reader's language, where it is not. */
gboolean address_check(const char *text, char **out, const char **why);

/* The address in "Comune di Mele <protocollo@pec.example>", or all of @sender where there are no angle brackets: as it was written, and
 * not checked. Returns: (transfer full) */
char *address_of_sender(const char *sender);

/* Why a sound address is probably mistyped, or NULL. Returns: (transfer none) (nullable) */
const char *address_suspect(const char *address);

/* Who fills in a section for a unit. */
typedef struct {
	gint64 id;
	gint64 unit_id;
	char *section; /* its name in the form */
	char *name;
	char *office;
	char *email;
	char *source; /* operator, or return:17 */
	gint64 since; /* Unix time */
} Delegation;

void delegation_free(Delegation *delegation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delegation, delegation_free)

/* The delegations of an edition that hold, of one unit (0: of all), by unit and section.
 * Returns: (transfer full): of Delegation */
GPtrArray *registry_delegations(Store *store, const char *edition, gint64 unit_id, GError **error);

/* Those of one unit as they were after row @seq of the event log: what a message says of them stays the same on every
 * attempt. By section. Returns: (transfer full): of Delegation */
GPtrArray *registry_delegations_as_of(
    Store *store, const char *edition, gint64 unit_id, gint64 seq, GError **error);

/* Those of @delegations, of one unit, for @section. Returns: (transfer none) (nullable) */
const Delegation *delegation_find(const GPtrArray *delegations, const char *section);

/* Gives @delegation->section of @delegation->unit_id to whom it names; whoever had it is withdrawn first. Name, office and
 * address are in it as they are to be kept, the address checked. Nothing happens where it is so already. Inside a
 * transaction of the caller. Events: delegation.set, delegation.withdrawn, which tell persons by the row's number only:
 * the log can never be cleared of a name. @out_changed may be NULL. */
gboolean registry_delegate(Store *store, const char *edition, const Delegation *delegation,
    const char *actor, const char *note, gboolean *out_changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The section is the unit's own again. Inside a transaction of the caller. */
gboolean registry_withdraw(Store *store, const char *edition, const Delegation *delegation,
    const char *actor, const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { REGISTRY_ISTAT, REGISTRY_PLICO, REGISTRY_IPA, REGISTRY_IPA_FORMER } RegistryFormat;

typedef struct {
	RegistryFormat format;
	char *charset; /* in which the file was read: "UTF-8" or "windows-1252" */
	guint rows;    /* but blank ones */
	guint added;
	guint changed;
	guint gone; /* in the database, not in a full list: closed */
	guint unchanged;
	guint refused;	   /* rows not taken, each with a finding */
	guint passed_over; /* rows of IPA's that are no town: other bodies, unions, consortia */
	guint contacts_added;
	guint contacts_changed;
	guint contacts_gone;
	GPtrArray *
	    lines; /* of char *: one line for each unit added, changed (what from, what to) or gone */
	GPtrArray *findings; /* of Finding */
} ImportReport;

void import_report_free(ImportReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportReport, import_report_free)

typedef struct {
	gboolean dry_run; /* tell, change nothing */
	gboolean partial; /* an excerpt: units that are not in it stay open */
	gboolean
	    many_gone; /* closing more than one open unit in twenty is meant; otherwise it is refused */
	const char *actor;
} ImportOptions;

/* Imports the file at @path, whose format is known by its header: ISTAT's list, plico's own CSV (the header of
 * samples/comuni.csv), IPA's list in its present or former format (contacts only). One transaction.
 *
 * An empty or wrong cell takes away nothing that is known. A unit whose row was refused is not gone. Of several lists'
 * addresses the operator's go first, then IPA's, then those of other lists; a PEC goes before ordinary mail.
 * Events: unit.added, unit.changed (open again: from closed), unit.closed.
 * Returns: (transfer full), NULL when the file cannot be read as any of these. */
ImportReport *registry_import(
    Store *store, const char *path, const ImportOptions *options, GError **error);

#endif
