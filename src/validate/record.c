#include "validate/record.h"

#include "base/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "validate/paper.h"
#include "validate/replay.h"
#include "validate/takeover.h"

#include <string.h>

#define CLAIM_MAX	40 /* characters of an identity that is not verified */
#define ANSWERS_AT_ONCE 8  /* rows of validate_answer_insert_8 */

/* What becomes of a return. */
typedef struct {
	const char *state;
	const char *reason;
	char *detail;
	const char *trust;
} Fate;

static void
fate_clear(Fate *fate)
{
	g_clear_pointer(&fate->detail, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fate, fate_clear)

static gboolean
is_delegation(const Sheet *sheet)
{
	return sheet->genuine && strcmp(sheet->section->name, FORM_DELEGATION) == 0;
}

void
arrival_free(Arrival *arrival)
{
	if (arrival == NULL)
		return;
	g_clear_pointer(&arrival->sheet, sheet_free);
	g_clear_pointer(&arrival->answers, answers_free);
	g_free(arrival);
}

static void
set_reason(Sheet *sheet, const char *reason, const char *detail)
{
	sheet->reason = reason;
	g_free(sheet->detail);
	sheet->detail = g_strdup(detail);
}

/* Of a sheet of some questions: with the answers that count already. */
static gboolean
read_amended(const IntakeTools *tools, Arrival *arrival, GError **error)
{
	Sheet *sheet = arrival->sheet;
	GHashTable *uncertain = arrival->pdf->uncertain;

	g_clear_pointer(&arrival->answers, answers_free);
	/* half of a correction over the answers that count would be neither: a person reads it first */
	if (uncertain != NULL && g_hash_table_size(uncertain) > 0)
		return TRUE;
	if (!amendment_read(tools, sheet->amendment, sheet->id, sheet->unit, sheet->view,
		arrival->pdf->fields, &arrival->base, &arrival->answers, error))
		return FALSE;
	if (arrival->base == 0 && *sheet->reason == '\0')
		set_reason(sheet, "correction_base",
		    _("it corrects answers that count no more, or were given to another version of the form"));
	return TRUE;
}

static void
read_answers(const IntakeTools *tools, Arrival *arrival)
{
	const Sheet *sheet = arrival->sheet;
	const Printed printed = { .values = sheet->printed,
		.suffice =
		    strcmp(config_text(tools->config, CONFIG_memory_untouched), "accept") == 0 };

	arrival->answers =
	    paper_answers(sheet, arrival->pdf, sheet->printed != NULL ? &printed : NULL);
	if (is_delegation(sheet)) {
		g_autoptr(FormView) view = form_view_new(tools->form, sheet->unit);

		takeover_check(view, arrival->answers->values, arrival->answers->findings);
	}
}

Arrival *
arrival_new(const IntakeTools *tools, const CollectedPdf *pdf, GError **error)
{
	g_autoptr(Arrival) arrival = g_new0(Arrival, 1);

	arrival->pdf = pdf;
	arrival->sheet = identify_sheet(tools, pdf, error);
	if (arrival->sheet == NULL)
		return NULL;
	if (arrival->sheet->genuine && pdf->verdict != PDF_REFUSED) {
		if (arrival->sheet->amendment == NULL)
			read_answers(tools, arrival);
		else if (!read_amended(tools, arrival, error))
			return NULL;
		if (arrival->answers != NULL)
			paper_doubt(arrival->sheet, pdf, arrival->answers);
	}
	return g_steal_pointer(&arrival);
}

gboolean
record_event(const IntakeTools *tools, const Event *event, GError **error)
{
	return tools->replay != NULL ? replay_event(tools->replay, event, error)
				     : store_event(tools->store, event, error);
}

gboolean
record_reopened(
    const IntakeTools *tools, gint64 unit_id, const char *section, gboolean *out, GError **error)
{
	gint64 times;

	if (!store_int(tools->store, &times, 0, error, SQL_validate_is_reopened, "itt", unit_id,
		tools->form->id, section))
		return FALSE;
	*out = times > 0;
	return TRUE;
}

static void
rival_free(gpointer data)
{
	Rival *rival = data;

	g_free(rival->sha256);
	g_free(rival);
}

static int
by_id(gconstpointer a, gconstpointer b)
{
	const Rival *one = *(const Rival *const *)a;
	const Rival *other = *(const Rival *const *)b;

	return (one->id > other->id) - (one->id < other->id);
}

GPtrArray *
record_rivals(const IntakeTools *tools, gint64 unit_id, const char *section, GError **error)
{
	g_autoptr(GPtrArray) rivals = g_ptr_array_new_with_free_func(rival_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(
	    tools->store, error, SQL_validate_rivals, "itt", unit_id, tools->form->id, section);

	if (rows == NULL)
		return NULL;
	/* a handful of rows: SQLite would make a table to choose from them, and another to sort them */
	while (rows_next(rows, &why)) {
		const char *state = rows_text(rows, 1);
		Rival *rival;

		if (strcmp(state, "applied") != 0 && strcmp(state, "held") != 0)
			continue;
		rival = g_new0(Rival, 1);
		rival->id = rows_int(rows, 0);
		rival->state = g_intern_string(state);
		rival->sha256 = g_strdup(rows_text(rows, 2));
		rival->trust = g_intern_string(rows_text(rows, 3));
		g_ptr_array_add(rivals, rival);
	}
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	g_ptr_array_sort(rivals, by_id);
	return g_steal_pointer(&rivals);
}

gboolean
record_supersede(const IntakeTools *tools, const GPtrArray *rivals, gint64 winner,
    const Event *like, GError **error)
{
	for (guint i = 0; i < rivals->len; i++) {
		const Rival *rival = g_ptr_array_index(rivals, i);
		Event event = *like;

		if (rival->id == winner)
			continue;
		event.subject_id = rival->id;
		event.what = "return.superseded";
		event.from_state = rival->state;
		event.to_state = "superseded";
		event.note = "";
		if (!store_run(tools->store, error, SQL_validate_return_state, "itt", rival->id,
			"superseded", rival->trust) ||
		    !record_event(tools, &event, error))
			return FALSE;
	}
	return TRUE;
}

static const Rival *
find_rival(const GPtrArray *rivals, const char *state, const char *sha256)
{
	for (guint i = 0; i < rivals->len; i++) {
		const Rival *rival = g_ptr_array_index(rivals, i);

		if (strcmp(rival->state, state) == 0 &&
		    (sha256 == NULL || strcmp(rival->sha256, sha256) == 0))
			return rival;
	}
	return NULL;
}

static void
set_duplicate(Fate *fate, const Rival *rival)
{
	fate->state = "duplicate";
	fate->detail = g_strdup_printf(_("the same answers as return %" PRId64), rival->id);
}

static void
set_held(Fate *fate, CodeVerdict code)
{
	fate->state = "held";
	switch (code) {
	case CODE_WRONG:
		fate->reason = "wrong_code";
		fate->detail = g_strdup(_("the access code is not this unit's"));
		break;
	case CODE_REVOKED:
		fate->reason = "old_code";
		fate->detail =
		    g_strdup(_("the access code is of a letter that a later one replaced"));
		break;
	case CODE_MISSING:
	case CODE_RIGHT:
		fate->reason = "no_code";
		fate->detail = g_strdup(_("without access code"));
		break;
	}
}

/* A mail that comes late or by another way, or from somebody who has kept it: whoever changes their mind again saves a new file. */
static gboolean
is_old_file(const IntakeTools *tools, const Arrival *arrival, gboolean *out, GError **error)
{
	gint64 times;

	if (!store_int(tools->store, &times, 0, error, SQL_validate_is_old_file, "ittt",
		arrival->sheet->unit->id, tools->form->id, arrival->sheet->section->name,
		arrival->pdf->sha256))
		return FALSE;
	*out = times > 0;
	return TRUE;
}

static void
set_old_file(Fate *fate)
{
	fate->state = "held";
	fate->reason = "old_file";
	fate->detail = g_strdup(_("this very file has come before, and later answers replaced it"));
}

/* Whether it came by certified mail, signed by its provider, from an address that the registry has for the unit. */
static gboolean
is_from_unit(const IntakeTools *tools, const Arrival *arrival, gboolean *out, GError **error)
{
	const Pec *pec = arrival->pec;
	gint64 contact = 0;

	if (pec != NULL && pec_verified(pec) && pec->kind == PEC_TRANSPORT &&
	    !store_int(tools->store, &contact, 0, error, SQL_validate_contact_pec, "iti",
		arrival->sheet->unit->id, pec->sender,
		tools->replay != NULL ? clock_now() : G_MAXINT64))
		return FALSE;
	*out = contact != 0;
	return TRUE;
}

/* A sheet in order: who wrote it? Without a code it may not push aside what came with one, and never say to whom others
 * go. */
static gboolean
judge_trust(const IntakeTools *tools, const Arrival *arrival, const GPtrArray *rivals, Fate *fate,
    GError **error)
{
	const Rival *applied = find_rival(rivals, "applied", NULL);
	const Rival *same = find_rival(rivals, "held", arrival->answers->sha256);
	gboolean lenient =
	    !is_delegation(arrival->sheet) &&
	    strcmp(config_text(tools->config, CONFIG_trust_without_code), "apply") == 0 &&
	    (applied == NULL || strcmp(applied->trust, "none") == 0);
	gboolean reopened = FALSE;
	gboolean old = FALSE;
	gboolean from_unit, believed, counts;
	CodeVerdict code;

	if (!identify_code(tools, arrival->sheet->unit->id, arrival->pdf->fields, &code, error) ||
	    !is_from_unit(tools, arrival, &from_unit, error))
		return FALSE;
	/* what counts already can be repeated, and asked for once more */
	if (applied != NULL && (!is_old_file(tools, arrival, &old, error) ||
				   !record_reopened(tools, arrival->sheet->unit->id,
				       arrival->sheet->section->name, &reopened, error)))
		return FALSE;
	believed = code == CODE_RIGHT || from_unit;
	/* who is asked once more and says the same has answered */
	if (applied != NULL && !(reopened && believed) &&
	    strcmp(applied->sha256, arrival->answers->sha256) == 0 &&
	    (!believed || strcmp(applied->trust, "none") != 0)) {
		set_duplicate(fate, applied);
		return TRUE;
	}
	counts = believed || (code == CODE_MISSING && lenient);
	old = old && !reopened;
	if (counts && !old) {
		fate->state = "applied";
		fate->trust = from_unit ? "pec" : code == CODE_RIGHT ? "code" : "none";
	} else if (same != NULL) {
		set_duplicate(fate, same);
	} else if (counts) {
		set_old_file(fate);
	} else {
		set_held(fate, code);
	}
	return TRUE;
}

static gboolean
judge(const IntakeTools *tools, const Arrival *arrival, const GPtrArray *rivals, Fate *fate,
    GError **error)
{
	const Sheet *sheet = arrival->sheet;

	*fate = (Fate){ "quarantined", sheet->reason, NULL, "" };
	if (*sheet->reason != '\0') {
		fate->detail = g_strdup(sheet->detail);
		return TRUE;
	}
	if (arrival->answers->blank) {
		fate->reason = "blank";
		fate->detail = g_strdup(_("the sheet came back without any answer"));
		return TRUE;
	}
	return judge_trust(tools, arrival, rivals, fate, error);
}

static gboolean
is_worth_keeping(const Arrival *arrival, const Fate *fate)
{
	return arrival->answers != NULL && !arrival->answers->blank &&
	       strcmp(fate->state, "duplicate") != 0;
}

/* Name, value and origin of up to @most answers, the next of @names. */
static void
next_answers(const Answers *answers, gpointer *names, guint count, guint most, GPtrArray *out)
{
	g_ptr_array_set_size(out, 0);
	for (guint i = 0; i < MIN(count, most); i++) {
		g_ptr_array_add(out, names[i]);
		g_ptr_array_add(out, g_hash_table_lookup(answers->values, names[i]));
		g_ptr_array_add(out, g_hash_table_lookup(answers->origins, names[i]));
	}
}

/* In the order of their key, several in one statement. */
static gboolean
insert_answers(Store *store, gint64 return_id, const Answers *answers, GError **error)
{
	guint count;
	g_autofree gpointer *names = validate_answers_names(answers->values, &count);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	guint n;

	for (guint at = 0; at < count; at += n) {
		n = count - at >= ANSWERS_AT_ONCE ? ANSWERS_AT_ONCE : 1;
		next_answers(answers, names + at, count - at, n, texts);
		if (!store_run_texts(store, error,
			n > 1 ? SQL_validate_answer_insert_8 : SQL_validate_answer_insert,
			return_id, texts))
			return FALSE;
	}
	return TRUE;
}

gboolean
record_answers(Store *store, gint64 return_id, const Answers *answers, GError **error)
{
	if (!insert_answers(store, return_id, answers, error))
		return FALSE;
	for (guint i = 0; i < answers->findings->len; i++) {
		const Finding *finding = g_ptr_array_index(answers->findings, i);
		const char *said = g_hash_table_lookup(answers->unread, finding->place);

		if (!store_run(store, error, SQL_validate_finding_insert, "iittttt", return_id,
			(gint64)i, severity_name(finding->severity), finding->code, finding->place,
			finding->text, said != NULL ? said : ""))
			return FALSE;
	}
	return TRUE;
}

/* What is wrong, or who signed the file: by the certificate's own words, which decide nothing. Returns: (transfer full) */
static char *
detail_of(const Arrival *arrival, const Fate *fate)
{
	const char *signer = arrival->pdf->signer;

	if (signer == NULL || *signer == '\0')
		return g_strdup(fate->detail != NULL ? fate->detail : "");
	return fate->detail == NULL
		   ? g_strdup_printf(_("in a file signed by %s"), signer)
		   : g_strdup_printf(_("%s; in a file signed by %s"), fate->detail, signer);
}

/* What the sheet claims is stored as far as it can be shown; the row of a file that is not genuine is a proposal. */
static gboolean
store_return(const IntakeTools *tools, const Arrival *arrival, const Fate *fate, gint64 *out_id,
    GError **error)
{
	const Sheet *sheet = arrival->sheet;
	const SheetId *id = sheet->id;
	g_autofree char *edition = text_printable(id != NULL ? id->edition : "", -1, CLAIM_MAX);
	g_autofree char *version = text_printable(id != NULL ? id->form : "", -1, CLAIM_MAX);
	const Section *section = sheet->section != NULL ? sheet->section
				 : id != NULL		? form_section(tools->form, id->section)
							: NULL;
	gboolean has_answers = arrival->answers != NULL && !arrival->answers->blank;
	gint64 serial = id != NULL ? g_ascii_strtoll(id->serial, NULL, 10) : 0;
	gint64 number = tools->replay != NULL ? replay_return_id(tools->replay, arrival->part) : 0;
	g_autofree char *detail = detail_of(arrival, fate);

	if (!store_run(tools->store, error, SQL_validate_return_insert,
		"iitttittiiittttt"
		"iiii",
		arrival->message_id, (gint64)arrival->part, arrival->pdf->sha256,
		arrival->pdf->file_name, edition, sheet->unit != NULL ? sheet->unit->id : 0,
		section != NULL ? section->name : "", version, serial,
		sheet->remembers ? sheet->memory->number : 0,
		(gint64)(has_answers && arrival->answers->confirmed ? 1 : 0),
		has_answers ? arrival->answers->sha256 : "", fate->state, fate->reason, detail,
		fate->trust, arrival->received_at, number,
		sheet->amendment != NULL ? sheet->amendment->number : 0, arrival->base))
		return FALSE;
	*out_id = store_last_id(tools->store);
	return TRUE;
}

static void
count_fate(const Fate *fate, IntakeReport *report)
{
	report->returns++;
	if (strcmp(fate->state, "applied") == 0)
		report->applied++;
	else if (strcmp(fate->state, "duplicate") == 0)
		report->duplicates++;
	else if (strcmp(fate->state, "held") == 0)
		report->held++;
	else
		report->quarantined++;
}

static const char *
note_of(const Arrival *arrival, const Fate *fate)
{
	if (strcmp(fate->state, "applied") != 0)
		return fate->reason;
	if (findings_count(arrival->answers->findings, SEVERITY_ERROR) > 0)
		return "findings";
	return arrival->answers->confirmed ? "confirmed" : "";
}

/* The log knows a unit only where the sheet is genuine: a claim is no evidence. */
static gboolean
log_fate(const IntakeTools *tools, const Arrival *arrival, const GPtrArray *rivals,
    const Fate *fate, gint64 id, GError **error)
{
	const Sheet *sheet = arrival->sheet;
	g_autofree char *what = g_strconcat("return.", fate->state, NULL);
	const Event event = {
		.edition = tools->form->id,
		.unit_id = sheet->genuine ? sheet->unit->id : 0,
		.section = sheet->genuine ? sheet->section->name : "",
		.subject = "return",
		.subject_id = id,
		.what = what,
		.from_state = "new",
		.to_state = fate->state,
		.evidence = arrival->message_sha256,
		.note = note_of(arrival, fate),
	};

	if (strcmp(fate->state, "applied") == 0 &&
	    !record_supersede(tools, rivals, id, &event, error))
		return FALSE;
	return record_event(tools, &event, error);
}

gboolean
record_arrival(const IntakeTools *tools, Arrival *arrival, IntakeReport *report, GError **error)
{
	const Sheet *sheet = arrival->sheet;
	g_autoptr(GPtrArray) rivals = NULL;
	g_auto(Fate) fate = { NULL, NULL, NULL, NULL };
	gint64 id;

	/* a sheet before it in the same mail may have changed what counts */
	if (arrival->answers != NULL && sheet->amendment != NULL &&
	    !read_amended(tools, arrival, error))
		return FALSE;
	rivals = sheet->genuine ? record_rivals(tools, sheet->unit->id, sheet->section->name, error)
				: g_ptr_array_new();
	if (rivals == NULL || !judge(tools, arrival, rivals, &fate, error) ||
	    !store_return(tools, arrival, &fate, &id, error))
		return FALSE;
	if (is_worth_keeping(arrival, &fate) &&
	    !record_answers(tools->store, id, arrival->answers, error))
		return FALSE;
	if (!log_fate(tools, arrival, rivals, &fate, id, error) ||
	    (tools->replay == NULL && is_delegation(sheet) && strcmp(fate.state, "applied") == 0 &&
		!takeover_apply(tools, sheet->unit->id, arrival->answers->values, id, NULL, error)))
		return FALSE;
	arrival->return_id = id;
	arrival->applied = strcmp(fate.state, "applied") == 0;
	count_fate(&fate, report);
	return TRUE;
}
