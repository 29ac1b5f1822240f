/* Planning the automatic answer to returns (RFC 3834): who is told is the caller's to decide, from registered addresses alone. */
#include "outbox/correct.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

#define STANDING "receipt" /* kind of the wave, and of the message where nothing is wrong */

/* What is being planned. */
typedef struct {
	const OutboxTools *tools;
	const Unit *unit;
	const ReplyPlan *reply;
	const char *kind;
	char *sections;	 /* of @reply and of what it takes over, in the order of the form */
	gint64 next_try; /* 0: at once */
} Answer;

static gboolean
is_on(const OutboxTools *tools, ConfigKey key)
{
	return strcmp(config_text(tools->config, key), "yes") == 0;
}

/* --- the standing wave ---------------------------------------------------------------------------------- */

static gboolean
open_wave(const OutboxTools *tools, gint64 *out, GError **error)
{
	Event event = { .edition = tools->form->id,
		.subject = "wave",
		.what = "wave.planned",
		.to_state = "planned" };

	if (!outbox_keep_form(tools, error) ||
	    !store_run(tools->store, error, SQL_outbox_wave_insert, "tttittt", tools->form->id,
		STANDING, tools->form->version, clock_now(), "plico", "", "planned"))
		return FALSE;
	*out = store_last_id(tools->store);
	event.subject_id = *out;
	return store_event(tools->store, &event, error);
}

/* Of the present version of the form; one that was paused holds back what is put into it. */
static gboolean
find_wave(const OutboxTools *tools, gint64 *out, GError **error)
{
	return store_int(tools->store, out, 0, error, SQL_outbox_reply_wave, "tt", tools->form->id,
		   tools->form->version) &&
	       (*out != 0 || open_wave(tools, out, error));
}

/* --- what it says ----------------------------------------------------------------------------------------- */

/* Adds "s2 s5" to a set of names. */
static void
add_names(GHashTable *names, const char *sections)
{
	g_auto(GStrv) each = g_strsplit(sections, " ", 0);

	for (gsize i = 0; each[i] != NULL; i++)
		if (*each[i] != '\0')
			g_hash_table_add(names, g_strdup(each[i]));
}

/* Those of @names in the order of the form. Returns: (transfer full) */
static char *
in_order(const Form *form, GHashTable *names)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);

		if (g_hash_table_contains(names, section->name))
			g_string_append_printf(
			    text, "%s%s", text->len > 0 ? " " : "", section->name);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
cancel(const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	const char *why = _("a later answer says it too");

	return store_run(tools->store, error, SQL_outbox_delegate_cancel, "iit", dispatch->id,
		   clock_now(), why) &&
	       outbox_event(tools->store, dispatch, "dispatch.cancelled", dispatch->state,
		   "cancelled", why, error);
}

/* What has not left yet need not: this one says it. Adds the sections of which it spoke to @names. */
static gboolean
take_over(const Answer *answer, GHashTable *names, GError **error)
{
	const OutboxTools *tools = answer->tools;
	g_autoptr(Rows) rows = store_query(tools->store, error, SQL_outbox_reply_waiting, "ittt",
	    answer->unit->id, tools->form->id, answer->reply->address, answer->reply->raised);
	g_autoptr(GPtrArray) waiting = rows != NULL ? outbox_dispatches_from(rows, error) : NULL;

	if (waiting == NULL)
		return FALSE;
	g_clear_pointer(&rows, rows_free);
	for (guint i = 0; i < waiting->len; i++) {
		const Dispatch *dispatch = g_ptr_array_index(waiting, i);

		add_names(names, dispatch->sections);
		if (!cancel(tools, dispatch, error))
			return FALSE;
	}
	return TRUE;
}

/* Those of @names with errors. Returns: (transfer full), NULL on error */
static GHashTable *
find_wrong(const Answer *answer, GHashTable *names, GError **error)
{
	g_autoptr(GHashTable) wrong = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(answer->tools->store, error, SQL_outbox_reply_wrong,
	    "it", answer->unit->id, answer->tools->form->id);

	if (rows == NULL)
		return NULL;
	while (rows_next(rows, &why))
		if (g_hash_table_contains(names, rows_text(rows, 0)))
			g_hash_table_add(wrong, g_strdup(rows_text(rows, 0)));
	if (why == NULL)
		return g_steal_pointer(&wrong);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* A correction carries the sections with errors; a receipt speaks of those that came. */
static gboolean
choose_kind(Answer *answer, GError **error)
{
	const OutboxTools *tools = answer->tools;
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) wrong = NULL;
	gint64 credential;

	add_names(names, answer->reply->sections);
	if (!take_over(answer, names, error) ||
	    !outbox_serial(tools->store, tools->form->id, answer->unit->id, &credential, error))
		return FALSE;
	wrong = find_wrong(answer, names, error);
	if (wrong == NULL)
		return FALSE;
	/* without a credential there is no sheet */
	if (g_hash_table_size(wrong) > 0 && credential > 0 &&
	    is_on(tools, CONFIG_replies_corrections)) {
		answer->kind = "correction";
		answer->sections = in_order(tools->form, wrong);
	} else if (is_on(tools, CONFIG_replies_receipts)) {
		answer->kind = STANDING;
		answer->sections = in_order(tools->form, names);
	}
	return TRUE;
}

/* A loop, should there ever be one, turns as often in a day as plico.conf says. */
static gboolean
find_time(Answer *answer, GError **error)
{
	const OutboxTools *tools = answer->tools;
	gint64 most = config_int(tools->config, CONFIG_replies_per_day);
	gint64 count;

	if (!store_int(tools->store, &count, 0, error, SQL_outbox_reply_count, "iti",
		answer->unit->id, tools->form->id, clock_day(clock_now(), 0)))
		return FALSE;
	answer->next_try = count >= most ? clock_day(clock_now(), 1) : 0;
	return TRUE;
}

/* --- writing it ------------------------------------------------------------------------------------------ */

/* Whether @id can stand in a header as it is: whoever wrote it may have meant another one. */
static gboolean
may_stand(const char *id)
{
	for (const char *at = id; *at != '\0'; at++)
		if (!g_ascii_isgraph(*at) || strchr("<>()\\\",;", *at) != NULL)
			return FALSE;
	return *id != '\0' && strlen(id) <= 250 && strchr(id, '@') != NULL &&
	       strstr(id, "=?") == NULL;
}

static gboolean
write_answer(const Answer *answer, gint64 wave_id, GError **error)
{
	const OutboxTools *tools = answer->tools;
	const ReplyPlan *reply = answer->reply;
	const Kind *kind = kind_of(answer->kind);
	const Unit *unit = answer->unit;
	Dispatch dispatch = { .edition = tools->form->id,
		.unit_id = unit->id,
		.kind = (gpointer)(gsize)answer->kind };
	g_autofree char *facts = form_facts(tools->form, unit);
	g_autofree char *lang = unit_lang(unit, tools->config);
	g_autofree char *message_id = NULL;

	if (!store_int(tools->store, &dispatch.serial, 1, error, SQL_outbox_delegate_serial, "tti",
		tools->form->id, answer->kind, unit->id) ||
	    (kind->sheets && !outbox_remember(tools, unit, &dispatch.memory, error)))
		return FALSE;
	message_id =
	    outbox_message_id(tools, answer->kind, unit, answer->sections, dispatch.serial);
	if (!store_run(tools->store, error, SQL_outbox_reply_insert,
		"itittittttt"
		"iittiit",
		wave_id, tools->form->id, unit->id, answer->kind, answer->sections, dispatch.serial,
		reply->address, reply->channel, lang, message_id, facts, dispatch.memory,
		clock_now(), kind->corrects ? "wrong_answers" : "", reply->raised, answer->next_try,
		reply->return_id, may_stand(reply->in_reply_to) ? reply->in_reply_to : ""))
		return FALSE;
	dispatch.id = store_last_id(tools->store);
	return (!kind->corrects ||
		   correction_plan(tools, dispatch.id, unit, answer->sections, error)) &&
	       outbox_event(tools->store, &dispatch, "dispatch.queued", "", "queued", "", error);
}

gboolean
outbox_reply(const OutboxTools *tools, const Unit *unit, const ReplyPlan *reply, GError **error)
{
	Answer answer = { tools, unit, reply, NULL, NULL, 0 };
	g_autofree char *sections = NULL;
	gint64 there, wave_id;

	if (!store_int(
		tools->store, &there, 0, error, SQL_outbox_reply_there, "i", reply->return_id))
		return FALSE;
	if (there > 0)
		return TRUE;
	if (!choose_kind(&answer, error))
		return FALSE;
	sections = answer.sections;
	return answer.kind == NULL || *answer.sections == '\0' ||
	       (find_time(&answer, error) && find_wave(tools, &wave_id, error) &&
		   write_answer(&answer, wave_id, error));
}
