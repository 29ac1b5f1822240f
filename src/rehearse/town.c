#include "rehearse/town.h"

#include "base/clock.h"
#include "base/error.h"
#include "rehearse/answers.h"
#include "rehearse/desk.h"
#include "rehearse/past.h"
#include "rehearse/stranger.h"

#include <string.h>

#define PART_MOST 3 /* sections of a town that sends a part */

void
town_free(Town *town)
{
	if (town == NULL)
		return;
	unit_free(town->unit);
	g_free(town->address);
	g_free(town);
}

gboolean
town_acts(const TownTools *tools, const Town *town, guint round)
{
	const Behaviour *behaviour = behaviour_of(tools->seed, town->unit->code);

	if (behaviour->refused)
		return FALSE;
	return round == 1 ? behaviour->sends != SENDS_NOTHING : behaviour->later != LATER_NOTHING;
}

static void
note(const Desk *desk, const char *section, guint edit, Fault fault, GBytes *bytes)
{
	Sent *sent = g_new0(Sent, 1);

	sent->unit = g_strdup(desk->town->unit->code);
	sent->section = g_strdup(section);
	sent->edit = edit;
	sent->fault = fault;
	sent->expect = fill_expectation(fault);
	sent->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	g_ptr_array_add(desk->journal->sent, sent);
}

/* For those who want to look: the papers as they came, and as they went back. */
static gboolean
show(const Desk *desk, const char *name, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(desk->tools->examples, name, NULL);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	return desk->town != desk->tools->shown ||
	       g_file_set_contents(path, data, (gssize)size, error);
}

static gboolean
show_filled(
    const Desk *desk, const Section *section, const Paper *sheet, GBytes *filled, GError **error)
{
	g_autofree char *blank = g_strdup_printf("sezione_%s.pdf", section->number);
	g_autofree char *answered = g_strdup_printf("sezione_%s_compilata.pdf", section->number);

	return show(desk, blank, sheet->bytes, error) && show(desk, answered, filled, error);
}

static gboolean
show_letter(const Desk *desk, const Paper *letter, GError **error)
{
	g_autofree char *code = g_strconcat(desk->code, "\n", NULL);
	g_autoptr(GBytes) text = g_bytes_new(code, strlen(code));

	return show(desk, "lettera.pdf", letter->bytes, error) &&
	       show(desk, "codice.txt", text, error);
}

/* Fills the sheets of @chosen (of const Section *). Returns: (transfer full): of Paper */
static GPtrArray *
fill_all(const Desk *desk, const GPtrArray *chosen, Fault fault, guint edit, GError **error)
{
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	const Paper *letter = desk_find_letter(desk);

	for (guint i = 0; i < chosen->len; i++) {
		const Section *section = g_ptr_array_index(chosen, i);
		const Paper *sheet = desk_find_sheet(desk, section);
		Fault its = fill_fault_on(desk, section, fill_fault_of(fault, i), edit);
		g_autoptr(GBytes) filled = NULL;

		if (sheet == NULL) {
			fail(error, PLICO_ERROR_NOT_FOUND,
			    _("rehearsal: %s has got no sheet of section %s"),
			    desk->town->unit->name, section->number);
			return NULL;
		}
		filled = fill_sheet(desk, section, sheet, its, edit, error);
		if (filled == NULL || !show_filled(desk, section, sheet, filled, error))
			return NULL;
		note(desk, section->name, edit, its, filled);
		g_ptr_array_add(papers, paper_new(sheet->name, filled));
	}
	if (fault == FAULT_FOREIGN && letter != NULL) {
		note(desk, "", edit, FAULT_FOREIGN, letter->bytes);
		g_ptr_array_add(papers, paper_new("scansione.pdf", letter->bytes));
	}
	if (letter != NULL && !show_letter(desk, letter, error))
		return NULL;
	return g_steal_pointer(&papers);
}

/* --- writing back ----------------------------------------------------------------------------------------- */

static gboolean
write_back(Desk *desk, GBytes *(*make)(const Reply *reply), Shape shape, const char *text,
    const GPtrArray *papers, GError **error)
{
	const Unit *unit = desk->town->unit;
	g_autofree char *id = g_strdup_printf("%s.%u.%u.%" PRIu64 "@rehearsal.example", unit->code,
	    desk->round, desk->mails++, desk->tools->seed);
	g_autofree char *name = g_strdup_printf("Comune di %s", unit->name);
	Reply reply = {
		.from = desk->town->address,
		.from_name = name,
		.to = desk->tools->survey,
		.message_id = id,
		.date = clock_now(),
		.answers = desk->letter,
		.text = text,
		.papers = papers,
		.shape = shape,
		.provider = desk->tools->provider,
	};
	g_autoptr(GBytes) message = make(&reply);

	for (guint times = shape == SHAPE_TWICE ? 2 : 1; times > 0; times--)
		if (!post_send(desk->post, desk->town->address, message, error))
			return FALSE;
	return stranger_writes(desk, papers, error);
}

static gboolean
return_papers(Desk *desk, const GPtrArray *papers, GError **error)
{
	const char *text = "Buongiorno,\nsi trasmettono in allegato i moduli compilati.\n\n"
			   "Cordiali saluti\nL'ufficio di segreteria\n";

	if (desk->behaviour->shape != SHAPE_MAIL_EACH)
		return write_back(desk, mailer_reply, desk->behaviour->shape, text, papers, error);
	for (guint i = 0; i < papers->len; i++) {
		g_autoptr(GPtrArray) one = g_ptr_array_new();

		g_ptr_array_add(one, g_ptr_array_index(papers, i));
		if (!write_back(desk, mailer_reply, SHAPE_MAIL_EACH, text, one, error))
			return FALSE;
	}
	return TRUE;
}

/* The sections of a town that sends a part, in the order it fills them. Returns: (transfer container) */
static GPtrArray *
choose_part(const Desk *desk)
{
	GPtrArray *chosen = g_ptr_array_new();
	guint all = desk->sections->len;
	guint many = MIN(1 + desk_throw(desk, "how many sections", PART_MOST), all - 1);
	guint first = desk_throw(desk, "first section", all);

	for (guint i = 0; i < many; i++)
		g_ptr_array_add(chosen, g_ptr_array_index(desk->sections, (first + i) % all));
	return chosen;
}

/* What has not counted yet: what was not sent, and the file that was spoilt. Returns: (transfer container) */
static GPtrArray *
choose_rest(const Desk *desk)
{
	g_autoptr(GPtrArray) before = choose_part(desk);
	GPtrArray *chosen = g_ptr_array_new();

	for (guint i = 0; i < desk->sections->len; i++) {
		gpointer section = g_ptr_array_index(desk->sections, i);
		guint at = 0;
		gboolean was_sent = g_ptr_array_find(before, section, &at);
		Fault fault = fill_fault_of(desk->behaviour->fault, at);

		if (!was_sent || fill_expectation(fault) == EXPECT_QUARANTINE)
			g_ptr_array_add(chosen, section);
	}
	return chosen;
}

static gboolean
differ(const Desk *desk, const Section *section, GHashTable *before, GHashTable *after)
{
	g_autoptr(GPtrArray) questions = answers_questions(desk->view, section);

	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);

		if (g_strcmp0(g_hash_table_lookup(before, item->name),
			g_hash_table_lookup(after, item->name)) != 0)
			return TRUE;
	}
	return FALSE;
}

/* One section in which the correction changes something. Returns: (transfer container) */
static GPtrArray *
choose_correction(const Desk *desk)
{
	guint64 seed = desk->tools->seed;
	const char *code = desk->town->unit->code;
	g_autoptr(GHashTable) before = answers_draw(seed, code, desk->view, FAULT_NONE, 0);
	g_autoptr(GHashTable) after = answers_draw(seed, code, desk->view, FAULT_NONE, 1);
	GPtrArray *chosen = g_ptr_array_new();
	guint all = desk->sections->len;
	guint first = desk_throw(desk, "section to correct", all);

	for (guint i = 0; i < all && chosen->len == 0; i++) {
		gpointer section = g_ptr_array_index(desk->sections, (first + i) % all);

		if (differ(desk, section, before, after))
			g_ptr_array_add(chosen, section);
	}
	return chosen;
}

static gboolean
return_sections(Desk *desk, GPtrArray *chosen, Fault fault, guint edit, GError **error)
{
	gboolean stays = past_stays(past_of(desk->tools->seed, desk->town->unit->code));
	g_autoptr(GPtrArray) papers = fill_all(desk, chosen, fault, stays ? 1 : edit, error);

	return papers != NULL && return_papers(desk, papers, error);
}

static gboolean
act_first(Desk *desk, GError **error)
{
	Fault fault = desk->behaviour->fault;
	g_autoptr(GPtrArray) part = NULL;

	switch (desk->behaviour->sends) {
	case SENDS_NOTHING:
		return TRUE;
	case SENDS_TEXT:
		return write_back(desk, mailer_reply, SHAPE_ONE_MAIL,
		    "Buongiorno, entro quale data vanno inviati i moduli?\nGrazie\n", NULL, error);
	case SENDS_AUTO_REPLY:
		return write_back(desk, mailer_auto_reply, SHAPE_ONE_MAIL,
		    "L'ufficio è chiuso fino al giorno 20.\n", NULL, error);
	case SENDS_BOUNCE:
		return write_back(desk, mailer_bounce, SHAPE_ONE_MAIL, "", NULL, error);
	case SENDS_PART:
		part = choose_part(desk);
		return return_sections(desk, part, fault, 0, error);
	case SENDS_ALL:
		return return_sections(desk, desk->sections, fault, 0, error);
	}
	g_assert_not_reached();
}

static gboolean
act_later(Desk *desk, GError **error)
{
	g_autoptr(GPtrArray) chosen = NULL;

	switch (desk->behaviour->later) {
	case LATER_NOTHING:
		return TRUE;
	case LATER_REST:
		chosen = choose_rest(desk);
		return return_sections(desk, chosen, FAULT_NONE, 0, error);
	case LATER_ALL:
	case LATER_AGAIN:
		return return_sections(desk, desk->sections, desk->behaviour->fault, 0, error);
	case LATER_CORRECTION:
		chosen = choose_correction(desk);
		return return_sections(desk, chosen, FAULT_NONE, 1, error);
	}
	g_assert_not_reached();
}

static gboolean
act(Desk *desk, GError **error)
{
	gboolean last = desk->round > 1 || desk->behaviour->later == LATER_NOTHING;

	return (desk->round == 1 ? act_first(desk, error) : act_later(desk, error)) &&
	       (!last || desk_throw_away(desk, error));
}

gboolean
town_act(const TownTools *tools, const Town *town, guint round, Post *post, Journal *journal,
    GError **error)
{
	g_auto(Desk) desk = {
		.tools = tools,
		.town = town,
		.behaviour = behaviour_of(tools->seed, town->unit->code),
		.round = round,
		.post = post,
		.journal = journal,
	};

	if (!desk_read(&desk, error))
		return FALSE;
	if (desk.letter == NULL)
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    _("rehearsal: %s has got no message at %s"), town->unit->name, town->address);
	desk.view = form_view_new(tools->form, town->unit);
	desk.sections = form_view_sections(desk.view);
	desk.code = desk_find_code(&desk);
	return act(&desk, error);
}
