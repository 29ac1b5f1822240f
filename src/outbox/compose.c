/* From a dispatch to its message: words, letter and sheets from render/, MIME from message.c. */
#include "outbox/correct.h"
#include "outbox/message.h"
#include "outbox/standing.h"
#include "outbox/town.h"

#include "base/error.h"
#include "base/lang.h"

#include <string.h>

void
outbox_mail_free(OutboxMail *mail)
{
	if (mail == NULL)
		return;
	g_free(mail->to_name);
	mail_text_free(mail->text);
	g_clear_pointer(&mail->attachments, g_ptr_array_unref);
	g_free(mail);
}

/* What all parts of one mail are made from. */
typedef struct {
	const OutboxTools *tools;
	const Dispatch *dispatch;
	const Kind *kind;
	GPtrArray *towns;	/* of MailTown, opened; at least one */
	GPtrArray *named;	/* of LetterTown: the same, for the text */
	GPtrArray *delegations; /* (nullable) of Delegation: as they were when it was planned */
	GPtrArray *remarks;	/* (nullable) of Finding: what a correction says */
	Standing *standing;	/* (nullable): of what came, in an answer to it */
	gint64 serial;		/* of the credential, where it carries the letter */
	char *kid;
} Making;

static void
making_clear(Making *making)
{
	g_clear_pointer(&making->named, g_ptr_array_unref);
	g_clear_pointer(&making->towns, g_ptr_array_unref);
	g_clear_pointer(&making->delegations, g_ptr_array_unref);
	g_clear_pointer(&making->remarks, g_ptr_array_unref);
	g_clear_pointer(&making->standing, standing_free);
	g_free(making->kid);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

static const MailTown *
first_town(const Making *making)
{
	g_assert(making->towns->len > 0);
	return g_ptr_array_index(making->towns, 0);
}

/* Of a later change a message that is tried again says nothing: its words are those of the first attempt. */
static gboolean
find_delegations(Making *making, GError **error)
{
	const Dispatch *dispatch = making->dispatch;
	Store *store = making->tools->store;
	gint64 planned;

	if (!store_int(store, &planned, 0, error, SQL_outbox_dispatch_planned_at, "ii",
		dispatch->id, dispatch->unit_id))
		return FALSE;
	making->delegations =
	    registry_delegations_as_of(store, dispatch->edition, dispatch->unit_id, planned, error);
	return making->delegations != NULL;
}

/* A message to the unit names its credential of now; one to a delegate, those that its towns had when it was planned. */
static gboolean
find_towns(Making *making, GError **error)
{
	const Dispatch *dispatch = making->dispatch;
	Store *store = making->tools->store;

	if (making->kind->delegate) {
		making->towns = towns_of_delegate(store, dispatch->id, error);
		return making->towns != NULL;
	}
	if ((making->kind->letter != NULL || making->kind->sheets) &&
	    !outbox_credential(store, dispatch, &making->serial, &making->kid, error))
		return FALSE;
	making->towns = g_ptr_array_new_with_free_func((GDestroyNotify)mail_town_free);
	g_ptr_array_add(making->towns, mail_town_of(dispatch, making->serial));
	return making->kind->letter != NULL || find_delegations(making, error);
}

static gboolean
open_towns(Making *making, GError **error)
{
	making->named = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < making->towns->len; i++) {
		MailTown *town = g_ptr_array_index(making->towns, i);
		LetterTown *named = g_new0(LetterTown, 1);

		g_ptr_array_add(making->named, named);
		if (!mail_town_open(making->tools, town, error)) {
			g_prefix_error(error, _("dispatch %" PRId64 ": "), making->dispatch->id);
			return FALSE;
		}
		*named = (LetterTown){ town->unit, town->listed };
	}
	return TRUE;
}

static void
add_remarks(GPtrArray *all, const GPtrArray *remarks)
{
	for (guint i = 0; i < remarks->len; i++) {
		const Finding *remark = g_ptr_array_index(remarks, i);

		findings_add(all, remark->severity, remark->code, remark->place, "%s", "");
	}
}

/* What is wrong in the sections that it carries, and the answers that stand on their sheets. */
static gboolean
find_corrections(Making *making, GError **error)
{
	MailTown *town = g_ptr_array_index(making->towns, 0);

	if (!making->kind->corrects)
		return TRUE;
	making->remarks = findings_new();
	for (guint i = 0; i < town->listed->len; i++) {
		gpointer section = g_ptr_array_index(town->listed, i);
		g_autoptr(GPtrArray) remarks = NULL;
		Correction found = { NULL, NULL, NULL };

		if (!correction_load(
			making->tools, making->dispatch, town->unit, section, &found, error))
			return FALSE;
		remarks = found.remarks;
		add_remarks(making->remarks, found.part != NULL ? found.part->remarks : remarks);
		if (found.part != NULL)
			g_hash_table_insert(town->parts, section, found.part);
		else if (found.fields != NULL)
			g_hash_table_insert(town->fields, section, found.fields);
	}
	return TRUE;
}

static gboolean
find_standing(Making *making, GError **error)
{
	if (!making->kind->receipt && !making->kind->corrects)
		return TRUE;
	making->standing =
	    standing_load(making->tools, making->dispatch, first_town(making)->unit, error);
	return making->standing != NULL;
}

/* The name of somebody who was given sections, as it was then; "" where none is known. */
static const char *
holder_name(const Making *making)
{
	const GPtrArray *delegations = making->delegations;

	for (guint i = 0; delegations != NULL && i < delegations->len; i++) {
		const Delegation *delegation = g_ptr_array_index(delegations, i);

		if (g_ascii_strcasecmp(delegation->email, making->dispatch->address) == 0)
			return delegation->name;
	}
	return "";
}

static gboolean
begin(Making *making, GError **error)
{
	const OutboxTools *tools = making->tools;
	const Dispatch *dispatch = making->dispatch;

	if (strcmp(dispatch->edition, tools->form->id) != 0)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("dispatch %" PRId64
		      " belongs to %s, the questionnaire is %s: set survey.edition"),
		    dispatch->id, dispatch->edition, tools->form->id);
	making->kind = kind_of(dispatch->kind);
	return find_towns(making, error) && open_towns(making, error) &&
	       find_corrections(making, error) && find_standing(making, error);
}

/* No message to a delegate knows the credential, whatever its text might name. */
static LetterContext
context_of(const Making *making)
{
	const MailTown *town = first_town(making);
	gboolean letter = making->kind->letter != NULL;
	gboolean delegate = making->kind->delegate;
	gboolean holder = strcmp(making->dispatch->raised, OUTBOX_TO_HOLDER) == 0;
	const Standing *standing = making->standing;

	return (LetterContext){
		.unit = town->unit,
		.kid = making->kid,
		.serial = letter ? (guint)making->serial : 0,
		.date = making->dispatch->date,
		.sections = town->listed,
		.missing = making->kind->receipt ? standing_missing(standing)
			   : letter || delegate	 ? NULL
						 : town->listed,
		.delegations = making->delegations,
		.remarks = making->remarks,
		.standing = standing != NULL ? standing_lines(standing) : NULL,
		.raised = making->dispatch->raised,
		.towns = delegate ? making->named : NULL,
		.recipient = delegate ? towns_name(making->towns)
			     : holder ? holder_name(making)
				      : NULL,
	};
}

static gboolean
add_letter(
    const Making *making, const LetterContext *context, GPtrArray *attachments, GError **error)
{
	g_autofree char *name = g_strdup_printf(
	    "%s_%s_lettera.pdf", making->dispatch->edition, first_town(making)->unit->code);
	g_autoptr(Stem) stem = NULL;
	g_autoptr(GBytes) update = renderer_letter_update(making->tools->renderer,
	    making->kind->letter, making->dispatch->lang, context, &stem, error);

	if (update == NULL)
		return FALSE;
	g_ptr_array_add(attachments, attachment_new_on_stem(name, stem, update));
	return TRUE;
}

static gboolean
add_sheets(const Making *making, const MailTown *town, GPtrArray *attachments, GError **error)
{
	for (guint i = 0; i < town->listed->len; i++) {
		Attachment *sheet =
		    mail_town_sheet(making->tools, town, g_ptr_array_index(town->listed, i), error);

		if (sheet == NULL)
			return FALSE;
		g_ptr_array_add(attachments, sheet);
	}
	return TRUE;
}

static gboolean
add_answers(const Making *making, GPtrArray *attachments, GError **error)
{
	Attachment *answers = standing_answers(
	    making->standing, making->tools, making->dispatch, first_town(making)->unit, error);

	if (answers != NULL)
		g_ptr_array_add(attachments, answers);
	return answers != NULL;
}

static MailText *
make_text(const Making *making, const LetterContext *context, GError **error)
{
	const Dispatch *dispatch = making->dispatch;
	Renderer *renderer = making->tools->renderer;

	if (*dispatch->text != '\0')
		return renderer_kept_mail(renderer, dispatch->text, dispatch->lang, context, error);
	return renderer_mail(
	    renderer, kind_text(making->kind, dispatch->cause), dispatch->lang, context, error);
}

OutboxMail *
outbox_mail(const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	g_auto(Making) making = { .tools = tools, .dispatch = dispatch };
	g_autoptr(OutboxMail) mail = g_new0(OutboxMail, 1);
	LetterContext context;

	if (!begin(&making, error))
		return NULL;
	context = context_of(&making);
	mail->to_name =
	    making.kind->delegate ? g_strdup(context.recipient) : unit_full_name(context.unit);
	mail->text = make_text(&making, &context, error);
	mail->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
	if (mail->text == NULL || (making.kind->letter != NULL &&
				      !add_letter(&making, &context, mail->attachments, error)))
		return NULL;
	if (making.kind->receipt && !add_answers(&making, mail->attachments, error))
		return NULL;
	for (guint i = 0; making.kind->sheets && i < making.towns->len; i++)
		if (!add_sheets(
			&making, g_ptr_array_index(making.towns, i), mail->attachments, error))
			return NULL;
	return g_steal_pointer(&mail);
}

#define HEADERS_MOST 6

static gboolean
is_pec(const Dispatch *dispatch)
{
	return strcmp(dispatch->channel, "pec") == 0;
}

/* RFC 3834: ours is automatic mail, and nobody's machine should answer it; Exchange needs its own word for that. A PEC
 * receipt shall not bring the sheets back with it. @reference
 * (nullable): Message-ID of the mail that it answers, in brackets. @out: ended by a NULL name */
static void
set_headers(const Dispatch *dispatch, const char *reference, MessageHeader out[HEADERS_MOST])
{
	guint n = 0;

	out[n++] = (MessageHeader){ "Auto-Submitted",
		dispatch->answers != 0 ? "auto-replied" : "auto-generated" };
	out[n++] = (MessageHeader){ "X-Auto-Response-Suppress", "OOF, AutoReply" };
	if (is_pec(dispatch))
		out[n++] = (MessageHeader){ "X-TipoRicevuta", "breve" };
	if (reference != NULL) {
		out[n++] = (MessageHeader){ "In-Reply-To", reference };
		out[n++] = (MessageHeader){ "References", reference };
	}
	g_assert(n < HEADERS_MOST);
	out[n] = (MessageHeader){ NULL, NULL };
}

/* The provider would refuse it, with a notice or without one. */
static gboolean
check_size(const Dispatch *dispatch, gsize size, GError **error)
{
	if (!is_pec(dispatch) || size <= OUTBOX_PEC_SIZE_MAX)
		return TRUE;
	return fail(error, PLICO_ERROR_INPUT,
	    _("the message has %.1f MB and certified mail takes %d: send fewer sections in one wave"),
	    (double)size / 1e6, OUTBOX_PEC_SIZE_MAX / 1000000);
}

static Packet *
pack_mail(
    const OutboxTools *tools, const Dispatch *dispatch, const OutboxMail *mail, GError **error)
{
	g_autofree char *reference =
	    *dispatch->in_reply_to != '\0' ? g_strdup_printf("<%s>", dispatch->in_reply_to) : NULL;
	MessageHeader headers[HEADERS_MOST];
	const MessageParts parts = {
		.from = config_text(tools->config, CONFIG_mail_from),
		.from_name = config_text(tools->config, CONFIG_mail_from_name),
		.to = dispatch->address,
		.to_name = mail->to_name,
		.subject = mail->text->subject,
		.date = dispatch->date,
		.message_id = dispatch->message_id,
		.text = mail->text->text,
		.html = mail->text->html,
		.attachments = mail->attachments,
		.headers = headers,
	};
	g_autoptr(Packet) packet = NULL;

	set_headers(dispatch, reference, headers);
	packet = message_pack(&parts, error);
	if (packet != NULL && check_size(dispatch, packet_size(packet), error))
		return g_steal_pointer(&packet);
	g_prefix_error(error, _("dispatch %" PRId64 " to %s: "), dispatch->id, dispatch->address);
	return NULL;
}

Packet *
outbox_pack(const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	g_autoptr(OutboxMail) mail = outbox_mail(tools, dispatch, error);

	return mail != NULL ? pack_mail(tools, dispatch, mail, error) : NULL;
}

GBytes *
outbox_compose_mail(
    const OutboxTools *tools, const Dispatch *dispatch, const OutboxMail *mail, GError **error)
{
	g_autoptr(Packet) packet = pack_mail(tools, dispatch, mail, error);

	return packet != NULL ? packet_join(packet) : NULL;
}

GBytes *
outbox_compose(const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	g_autoptr(Packet) packet = outbox_pack(tools, dispatch, error);

	return packet != NULL ? packet_join(packet) : NULL;
}

/* Whether this is the first dispatch with its text in its language, or two; what texts that lacks goes to the findings.
 * @seen: those so far, and each language that stood in them. */
static gboolean
first_in_language(
    const OutboxTools *tools, const Dispatch *dispatch, GHashTable *seen, GPtrArray *findings)
{
	const char *const langs[] = { lang_first(dispatch->lang), lang_second(dispatch->lang) };
	const Kind *kind = kind_of(dispatch->kind);
	const char *text = kind_text(kind, dispatch->cause);

	if (!g_hash_table_add(
		seen, g_strdup_printf("%s %s %s", text, dispatch->lang, dispatch->raised)))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(langs); i++) {
		if (langs[i] == NULL ||
		    !g_hash_table_add(seen, g_strdup_printf("%s/%s", text, langs[i])))
			continue;
		renderer_find_missing(tools->renderer, text, langs[i], kind->letter, findings);
	}
	return TRUE;
}

void
wave_plan_weigh(WavePlan *plan, gsize heaviest)
{
	if (heaviest > OUTBOX_SIZE_HEAVY)
		findings_add(plan->findings, SEVERITY_WARNING, "heavy-message", "",
		    _("a message has %.1f MB: from %d MB on mailboxes fill up and servers refuse it; fewer sections in one wave make it lighter"),
		    (double)heaviest / 1e6, OUTBOX_SIZE_HEAVY / 1000000);
}

gboolean
outbox_try_out(const OutboxTools *tools, WavePlan *plan, GError **error)
{
	g_autoptr(GPtrArray) all = outbox_list(tools->store, plan->wave_id, NULL, 0, 0, error);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	gsize size = 0;
	gsize heaviest = 0;
	guint tried = 0;

	if (all == NULL)
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(all, i);
		gboolean typical = i == 0 || i == all->len / 2 || i == all->len - 1;
		gboolean first = first_in_language(tools, dispatch, seen, plan->findings);
		g_autoptr(GBytes) message = NULL;

		if (!first && !typical)
			continue;
		message = outbox_compose(tools, dispatch, error);
		if (message == NULL)
			return FALSE;
		heaviest = MAX(heaviest, g_bytes_get_size(message));
		if (typical) {
			size += g_bytes_get_size(message);
			tried++;
		}
	}
	wave_plan_weigh(plan, heaviest);
	plan->message_size = tried > 0 ? size / tried : 0;
	return store_run(tools->store, error, SQL_outbox_wave_size, "ii", plan->wave_id,
	    (gint64)plan->message_size);
}
