/*
 * IndicePA, present (enti.csv) and former (amministrazioni.txt): who leads a town and how it is written to. It adds and
 * closes no unit. Its category of towns holds consortia, companies and unions too, some under a town's code.
 */
#include "registry/import.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define CATEGORY	"L6" /* Comuni e loro Consorzi e Associazioni */
#define SHOWN_MAX	80
#define CATEGORY_FORMER "Comuni e loro Consorzi e Associazioni"

static const Column columns[] = {
	{ CELL_IPA_CODE, TRUE, { "Codice_IPA" } },
	{ CELL_ENTITY, TRUE, { "Denominazione_ente" } },
	{ CELL_CATEGORY, TRUE, { "Codice_Categoria" } },
	{ CELL_CODE, TRUE, { "Codice_catastale_comune" } },
	{ CELL_ISTAT, TRUE, { "Codice_comune_ISTAT" } },
	{ CELL_TAX_CODE, FALSE, { "Codice_fiscale_ente" } },
	{ CELL_LIQUIDATION, FALSE, { "Ente_in_liquidazione" } },
	{ CELL_FIRST_NAME, FALSE, { "Nome_responsabile" } },
	{ CELL_LAST_NAME, FALSE, { "Cognome_responsabile" } },
	{ CELL_TITLE, FALSE, { "Titolo_responsabile" } },
	{ CELL_ZIP, FALSE, { "CAP" } },
	{ CELL_MAIL, TRUE, { "Mail1" } },
	{ CELL_KIND, TRUE, { "Tipo_Mail1" } },
	{ CELL_MAIL + 1, FALSE, { "Mail2" } },
	{ CELL_KIND + 1, FALSE, { "Tipo_Mail2" } },
	{ CELL_MAIL + 2, FALSE, { "Mail3" } },
	{ CELL_KIND + 2, FALSE, { "Tipo_Mail3" } },
	{ CELL_MAIL + 3, FALSE, { "Mail4" } },
	{ CELL_KIND + 3, FALSE, { "Tipo_Mail4" } },
	{ CELL_MAIL + 4, FALSE, { "Mail5" } },
	{ CELL_KIND + 4, FALSE, { "Tipo_Mail5" } },
	{ 0 },
};

static const Column columns_former[] = {
	{ CELL_IPA_CODE, TRUE, { "cod_amm" } },
	{ CELL_ENTITY, TRUE, { "des_amm" } },
	{ CELL_CATEGORY, TRUE, { "tipologia_istat" } },
	{ CELL_TOWN, TRUE, { "Comune" } },
	{ CELL_PROVINCE_CODE, TRUE, { "Provincia" } },
	{ CELL_TAX_CODE, FALSE, { "Cf" } },
	{ CELL_FIRST_NAME, FALSE, { "nome_resp" } },
	{ CELL_LAST_NAME, FALSE, { "cogn_resp" } },
	{ CELL_TITLE, FALSE, { "titolo_resp" } },
	{ CELL_ZIP, FALSE, { "Cap" } },
	{ CELL_MAIL, TRUE, { "mail1" } },
	{ CELL_KIND, TRUE, { "tipo_mail1" } },
	{ CELL_MAIL + 1, FALSE, { "mail2" } },
	{ CELL_KIND + 1, FALSE, { "tipo_mail2" } },
	{ CELL_MAIL + 2, FALSE, { "mail3" } },
	{ CELL_KIND + 2, FALSE, { "tipo_mail3" } },
	{ CELL_MAIL + 3, FALSE, { "mail4" } },
	{ CELL_KIND + 3, FALSE, { "tipo_mail4" } },
	{ CELL_MAIL + 4, FALSE, { "mail5" } },
	{ CELL_KIND + 4, FALSE, { "tipo_mail5" } },
	{ 0 },
};

/* --- whose entity it is --- */

/* "Comune di Staletti'", "Roma Capitale", as against what towns have founded. Both folded. */
static gboolean
is_called_town(const char *entity, const char *name)
{
	static const char *const words[] = { "comune ", "citta di ", "municipio ", "gemeinde ",
		"marktgemeinde ", "stadtgemeinde ", "commune ", "roma capitale" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(entity, words[i]))
			return TRUE;
	return *name != '\0' && strcmp(entity, name) == 0;
}

static Known *
find_by_codes(Import *import, guint row)
{
	g_autofree char *code = g_ascii_strup(import_cell(import, row, CELL_CODE), -1);
	Known *known = g_hash_table_lookup(import->by_code, code);

	return known != NULL
		   ? known
		   : g_hash_table_lookup(import->by_istat, import_cell(import, row, CELL_ISTAT));
}

/* The former list has no code of the town: its tax code, then its name and province. */
static Known *
find_by_words(Import *import, guint row)
{
	g_autofree char *word = import_word(
	    import_cell(import, row, CELL_TOWN), import_cell(import, row, CELL_PROVINCE_CODE));
	Known *known =
	    g_hash_table_lookup(import->by_word, import_cell(import, row, CELL_TAX_CODE));

	return known != NULL ? known : g_hash_table_lookup(import->by_word, word);
}

/* Whether the row is the town itself, not a body that stands under its code: by the tax code; where that says no or
 * nothing, by the name, which then must be the town's and no longer. */
static gboolean
is_town(Import *import, guint row, const Unit *unit)
{
	const char *entity = import_cell(import, row, CELL_ENTITY);
	const char *tax_code = import_cell(import, row, CELL_TAX_CODE);
	g_autofree char *folded = text_fold(entity);
	g_autofree char *name = text_fold(unit != NULL ? unit->name : "");

	if (unit == NULL || *tax_code == '\0' || *unit->tax_code == '\0')
		return is_called_town(folded, name);
	return strcmp(unit->tax_code, tax_code) == 0 ||
	       (is_called_town(folded, name) && g_str_has_suffix(folded, name));
}

/* The town's own row among those with its code. NULL: none, and a finding says why. */
static Known *
find_town(Import *import, guint row)
{
	gboolean has_codes = import->column[CELL_CODE] >= 0;
	Known *known = has_codes ? find_by_codes(import, row) : find_by_words(import, row);
	g_autofree char *shown =
	    text_printable(import_cell(import, row, CELL_ENTITY), -1, SHOWN_MAX);

	if (!is_town(import, row, known != NULL ? known->unit : NULL)) {
		import->report->passed_over++;
		import_note(import, row, CELL_ENTITY, SEVERITY_NOTE, "entity-other",
		    _("%s: is no town itself, left out"), shown);
		return NULL;
	}
	if (known == NULL) {
		import_refuse(import, row);
		import_note(import, row, has_codes ? CELL_CODE : CELL_TOWN, SEVERITY_ERROR,
		    "unit-unknown", _("%s: no unit has this %s; import the list of towns first"),
		    shown, has_codes ? _("code") : _("name and province"));
		return NULL;
	}
	if (known->unit->closed || known->row > 0) {
		import_refuse(import, row);
		if (known->unit->closed)
			import_note(import, row, CELL_ENTITY, SEVERITY_WARNING, "unit-closed",
			    _("%s: this unit is closed, not taken"), shown);
		else
			import_note(import, row, CELL_ENTITY, SEVERITY_ERROR, "entity-duplicate",
			    _("%s: row %u is of the same town, not taken"), shown,
			    table_row_number(import->table, known->row - 1));
		return NULL;
	}
	return known;
}

/* --- who leads it --- */

/* "DARIO", "ada lea", "D'ESEMPIO" as one writes a name; what has both capitals and small letters stays. */
static char *
in_name_case(const char *text)
{
	g_autofree char *small = g_utf8_strdown(text, -1);
	g_autofree char *large = g_utf8_strup(text, -1);
	g_autoptr(GString) out = g_string_new(NULL);
	gboolean begins = TRUE;

	if (strcmp(text, small) != 0 && strcmp(text, large) != 0)
		return g_strdup(text);
	for (const char *at = small; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		g_string_append_unichar(out, begins ? g_unichar_toupper(c) : c);
		begins = c == ' ' || c == '-' || c == '\'' || c == 0x2019;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* "Commissario prefettizio Leone Maria D'Esempio" */
static char *
take_leader(Import *import, guint row)
{
	g_autofree char *first = in_name_case(import_cell(import, row, CELL_FIRST_NAME));
	g_autofree char *last = in_name_case(import_cell(import, row, CELL_LAST_NAME));
	g_autofree char *title = g_strdup(import_cell(import, row, CELL_TITLE));
	g_autofree char *large = g_utf8_strup(title, -1);
	g_autofree char *leader = NULL;

	if (*last == '\0')
		return NULL;
	if (strcmp(title, large) == 0) {
		g_free(title);
		title = in_name_case(large);
	}
	leader = g_strjoin(" ", title, first, last, NULL);
	return import_take_text(import, row, CELL_MAYOR, leader);
}

/* --- how it is written to --- */

/* Which of several PECs is the protocol office's: the lower, the better. */
static guint
office_order(const char *address)
{
	static const char *const begins[] = { "protocollo", "comune", "info" };
	guint i = 0;

	while (i < G_N_ELEMENTS(begins) &&
	       g_ascii_strncasecmp(address, begins[i], strlen(begins[i])) != 0)
		i++;
	return i;
}

typedef struct {
	char *address;
	gboolean pec;
	guint office;
	guint place;
} Mail;

static void
mail_clear(gpointer data)
{
	g_free(((Mail *)data)->address);
}

static gint
compare_mails(gconstpointer a, gconstpointer b)
{
	const Mail *one = a;
	const Mail *other = b;

	if (one->pec != other->pec)
		return one->pec ? -1 : 1;
	if (one->pec && one->office != other->office)
		return one->office < other->office ? -1 : 1;
	return one->place < other->place ? -1 : one->place > other->place;
}

static GArray *
take_mails(Import *import, guint row)
{
	GArray *mails = g_array_new(FALSE, FALSE, sizeof(Mail));

	g_array_set_clear_func(mails, mail_clear);
	for (guint i = 0; i < MAILS; i++) {
		Mail mail = { import_take_address(import, row, CELL_MAIL + i),
			g_ascii_strcasecmp(import_cell(import, row, CELL_KIND + i), "pec") == 0, 0,
			i };

		if (mail.address == NULL)
			continue;
		mail.office = office_order(mail.address);
		g_array_append_val(mails, mail);
	}
	g_array_sort(mails, compare_mails);
	return mails;
}

static GPtrArray *
take_contacts(Import *import, guint row, const Known *known)
{
	GPtrArray *contacts = g_ptr_array_new_with_free_func((GDestroyNotify)contact_free);
	g_autoptr(GArray) mails = take_mails(import, row);
	const Mail *best = mails->len > 0 ? &g_array_index(mails, Mail, 0) : NULL;
	guint pecs = 0;

	for (guint i = 0; i < mails->len; i++) {
		const Mail *mail = &g_array_index(mails, Mail, i);

		pecs += mail->pec ? 1 : 0;
		import_add_contact(import, contacts, mail->pec ? "pec" : "mail", mail->address);
	}
	if (pecs == 0)
		import_note(import, row, CELLS, SEVERITY_WARNING, "address-missing",
		    _("%s: no PEC"), known->unit->name);
	else if (pecs > 1 && best->place > 0)
		import_note(import, row, CELLS, SEVERITY_NOTE, "pec-choice",
		    _("%s is written to first: of %u PECs it looks the most like a protocol office's"),
		    best->address, pecs);
	return contacts;
}

/* --- the row --- */

static gboolean
read_entity(Import *import, guint row, GError **error)
{
	gboolean former = import->format->format == REGISTRY_IPA_FORMER;
	g_auto(Draft) draft = { 0 };
	g_autoptr(GPtrArray) contacts = NULL;
	Known *known;

	if (g_ascii_strcasecmp(import_cell(import, row, CELL_CATEGORY),
		former ? CATEGORY_FORMER : CATEGORY) != 0) {
		import->report->passed_over++;
		return TRUE;
	}
	if (!import_is_whole(import, row)) {
		import_refuse(import, row);
		return TRUE;
	}
	known = find_town(import, row);
	if (known == NULL)
		return TRUE;
	if (g_ascii_strcasecmp(import_cell(import, row, CELL_LIQUIDATION), "S") == 0)
		import_note(import, row, CELL_LIQUIDATION, SEVERITY_WARNING, "entity-liquidation",
		    _("%s: is being wound up"), known->unit->name);
	draft.value[CELL_IPA_CODE] = import_take(import, row, CELL_IPA_CODE);
	draft.value[CELL_MAYOR] = take_leader(import, row);
	/* the lists of towns know these better */
	if (*known->unit->tax_code == '\0')
		draft.value[CELL_TAX_CODE] = import_take(import, row, CELL_TAX_CODE);
	if (*known->unit->zip == '\0')
		draft.value[CELL_ZIP] = import_take(import, row, CELL_ZIP);
	contacts = take_contacts(import, row, known);
	return import_save(import, row, known, &draft, contacts, error);
}

const ListFormat import_ipa = {
	.format = REGISTRY_IPA,
	.name = "IPA",
	.source = "ipa",
	.columns = columns,
	.read_row = read_entity,
};

const ListFormat import_ipa_former = {
	.format = REGISTRY_IPA_FORMER,
	.name = "IPA (amministrazioni.txt)",
	.source = "ipa",
	.null_word = "null",
	.columns = columns_former,
	.read_row = read_entity,
};
