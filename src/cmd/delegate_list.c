/* plico delegate list: who fills in what. */
#include "base/clock.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "outbox/outbox.h"

/* What is shown: three lists of the same length. */
typedef struct {
	GPtrArray *delegations; /* of Delegation */
	GPtrArray *units;	/* of Unit */
	GPtrArray *mails;	/* of DelegationMail */
} Listing;

static void
listing_clear(Listing *listing)
{
	g_clear_pointer(&listing->delegations, g_ptr_array_unref);
	g_clear_pointer(&listing->units, g_ptr_array_unref);
	g_clear_pointer(&listing->mails, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

/* In the reader's language; as delegation_mail_name() in JSON. */
static const char *const mail_words[] = {
	[DELEGATION_MAIL_NONE] = N_("not planned"),
	[DELEGATION_MAIL_PLANNED] = N_("planned"),
	[DELEGATION_MAIL_SENT] = N_("sent"),
	[DELEGATION_MAIL_FAILED] = N_("failed"),
	[DELEGATION_MAIL_UNKNOWN] = N_("unknown"),
	[DELEGATION_MAIL_CAME_BACK] = N_("came back"),
};

static void
add_mail_json(JsonBuilder *builder, const DelegationMail *mail)
{
	g_autofree char *at = clock_iso(mail->at);

	cmd_json_text(builder, "mail", delegation_mail_name(mail->state));
	cmd_json_text(builder, "mail_reason", mail->reason);
	if (mail->at > 0)
		cmd_json_text(builder, "mail_at", at);
	if (mail->wave_id > 0)
		cmd_json_int(builder, "wave", mail->wave_id);
	json_builder_set_member_name(builder, "returned");
	json_builder_add_boolean_value(builder, mail->returned);
}

static void
print_json(const Listing *listing)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	cmd_json_int(builder, "count", listing->delegations->len);
	json_builder_set_member_name(builder, "delegations");
	json_builder_begin_array(builder);
	for (guint i = 0; i < listing->delegations->len; i++) {
		const Delegation *delegation = g_ptr_array_index(listing->delegations, i);
		const Unit *unit = g_ptr_array_index(listing->units, i);
		g_autofree char *since = clock_iso(delegation->since);

		json_builder_begin_object(builder);
		cmd_json_text(builder, "unit", unit->code);
		cmd_json_text(builder, "unit_name", unit->name);
		cmd_json_text(builder, "section", delegation->section);
		cmd_json_text(builder, "name", delegation->name);
		cmd_json_text(builder, "office", delegation->office);
		cmd_json_text(builder, "email", delegation->email);
		cmd_json_text(builder, "source", delegation->source);
		cmd_json_text(builder, "since", since);
		add_mail_json(builder, g_ptr_array_index(listing->mails, i));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	cmd_print_json(root);
}

/* What became of the sheet: nothing more is awaited of one that is back. */
static char *
mail_cell(const DelegationMail *mail)
{
	g_autofree char *at = mail->at > 0 ? clock_local(mail->at) : NULL;
	const char *words = _(mail_words[mail->state]);

	if (mail->returned)
		return g_strdup(_("section is back"));
	return at != NULL ? g_strdup_printf("%s %s", words, at) : g_strdup(words);
}

static void
print_table(const Listing *listing)
{
	static const char *const heads[] = { N_("unit"), N_("section"), N_("name"), N_("office"),
		N_("address"), N_("since"), N_("source"), N_("sheet") };
	g_autoptr(CmdTable) table = cmd_table_new("llllllll");

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		cmd_table_add(table, _(heads[i]));
	cmd_table_add_rule(table);
	for (guint i = 0; i < listing->delegations->len; i++) {
		const Delegation *delegation = g_ptr_array_index(listing->delegations, i);
		const Unit *unit = g_ptr_array_index(listing->units, i);
		g_autofree char *town = g_strdup_printf("%s %s", unit->code, unit->name);
		g_autofree char *since = clock_local(delegation->since);
		g_autofree char *mail = mail_cell(g_ptr_array_index(listing->mails, i));

		cmd_table_add(table, town);
		cmd_table_add(table, delegation->section);
		cmd_table_add(table, delegation->name);
		cmd_table_add(table, delegation->office);
		cmd_table_add(table, delegation->email);
		cmd_table_add(table, since);
		cmd_table_add(table, delegation->source);
		cmd_table_add(table, mail);
	}
	cmd_table_print(table);
}

/* What a person has to do: find another address, plan what is not planned. */
static void
print_next(const Listing *listing)
{
	guint open = 0;

	for (guint i = 0; i < listing->mails->len; i++) {
		const DelegationMail *mail = g_ptr_array_index(listing->mails, i);
		const Unit *unit = g_ptr_array_index(listing->units, i);

		open += mail->state == DELEGATION_MAIL_NONE && !mail->returned ? 1 : 0;
		if (delegation_mail_is_trouble(mail))
			g_print(
			    _("%s: the sheet of %s does not reach %s: %s\n  Find another address: plico delegate set %s --section %s --email ADDRESS\n"),
			    unit->name, mail->section, mail->address, mail->reason, unit->code,
			    mail->section);
	}
	if (open > 0)
		g_print(ngettext("%u sheet is not planned: plico wave plan --kind sections\n",
			    "%u sheets are not planned: plico wave plan --kind sections\n", open),
		    open);
}

/* The unit of each delegation. Returns: (transfer full): of Unit */
static GPtrArray *
units_of(const App *app, const GPtrArray *list, GError **error)
{
	g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func((GDestroyNotify)unit_free);

	for (guint i = 0; i < list->len; i++) {
		const Delegation *delegation = g_ptr_array_index(list, i);
		Unit *unit = registry_unit(app->store, delegation->unit_id, error);

		if (unit == NULL)
			return NULL;
		g_ptr_array_add(units, unit);
	}
	return g_steal_pointer(&units);
}

/* @unit_id 0: of all. */
static gboolean
load(const App *app, gint64 unit_id, Listing *listing, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);

	if (form == NULL)
		return FALSE;
	listing->delegations = registry_delegations(app->store, form->id, unit_id, error);
	listing->units =
	    listing->delegations != NULL ? units_of(app, listing->delegations, error) : NULL;
	listing->mails = listing->units != NULL
			     ? outbox_delegation_mails(app->store, form->id, unit_id, error)
			     : NULL;
	if (listing->mails == NULL)
		return FALSE;
	if (listing->mails->len != listing->delegations->len)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("the delegations have just changed; run this again"));
	return TRUE;
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autofree char *town = g_strjoinv(" ", words);
	g_auto(Listing) listing = { 0 };
	g_autoptr(Unit) unit = NULL;

	if (*town != '\0') {
		unit = registry_find(app->store, town, error);
		if (unit == NULL)
			return FALSE;
	}
	if (!load(app, unit != NULL ? unit->id : 0, &listing, error))
		return FALSE;
	for (guint i = 0; i < listing.mails->len; i++)
		app->findings = app->findings ||
				delegation_mail_is_trouble(g_ptr_array_index(listing.mails, i));
	if (app->json) {
		print_json(&listing);
	} else if (listing.delegations->len == 0) {
		g_print(_("No section is given to anybody.\n"));
	} else {
		print_table(&listing);
		print_next(&listing);
	}
	return TRUE;
}

const Command command_delegate_list = {
	.name = "delegate list",
	.words = "[WORDS]",
	.summary = N_("list who fills in which section, and what became of the sheets"),
	.help = N_(
	    "WORDS: code, address or name of a unit; otherwise all. Below the list stands what is to be done: an address that no sheet reaches, sheets that no wave carries yet."),
	.needs = NEEDS_STORE | OFFERS_JSON,
	.least = 0,
	.most = -1,
	.run = run,
};
