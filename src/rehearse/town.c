#include "rehearse/town.h"

#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "rehearse/answers.h"
#include "rehearse/mailer.h"
#include "rehearse/past.h"
#include "rehearse/receiver.h"
#include "render/render.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAIL_LIMIT     ((gsize)64 << 20)
#define OTHER_TOWN     "Z999" /* no town has it */
#define CUT_AT_PERCENT 70
#define CODE_LENGTH    21 /* "7Q4K-9M2X-....-....-C" */
#define PART_MOST      3  /* sections of a town that sends a part */

typedef struct {
	const TownTools *tools;
	const Town *town;
	const Behaviour *behaviour;
	guint round;
	Post *post;
	GPtrArray *journal;
	FormView *view;
	GPtrArray *sections; /* of const Section *: asked of it */
	Letter *letter;	     /* the newest */
	GPtrArray *letters;  /* of Letter, oldest first */
	char *code;
	guint mails; /* written so far */
} Desk;

void
town_free(Town *town)
{
	if (town == NULL)
		return;
	unit_free(town->unit);
	g_free(town->address);
	g_free(town);
}

void
sent_free(Sent *sent)
{
	if (sent == NULL)
		return;
	g_free(sent->unit);
	g_free(sent->section);
	g_free(sent->sha256);
	g_free(sent);
}

static void
desk_clear(Desk *desk)
{
	if (desk->letters != NULL)
		g_ptr_array_unref(desk->letters);
	if (desk->sections != NULL)
		g_ptr_array_unref(desk->sections);
	form_view_free(desk->view);
	g_free(desk->code);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static guint throw(const Desk *desk, const char *what, guint sides)
{
	return dice(desk->tools->seed, desk->town->unit->code, what, sides);
}

gboolean
town_acts(const TownTools *tools, const Town *town, guint round)
{
	const Behaviour *behaviour = behaviour_of(tools->seed, town->unit->code);

	if (behaviour->refused)
		return FALSE;
	return round == 1 ? behaviour->sends != SENDS_NOTHING : behaviour->later != LATER_NOTHING;
}

/* --- reading what came ------------------------------------------------------------------------------------ */

static gboolean
read_mail(Desk *desk, GError **error)
{
	g_autofree char *folder = receiver_folder(desk->tools->mailboxes, desk->town->address);

	if (!post_fetch(desk->post, desk->town->address, folder, error))
		return FALSE;
	desk->letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
	for (guint n = 1;; n++) {
		g_autofree char *path = g_strdup_printf("%s/%u.eml", folder, n);
		g_autoptr(GBytes) raw = NULL;
		Letter *letter;

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			break;
		raw = durable_read(path, MAIL_LIMIT, error);
		letter = raw != NULL ? mailer_read(raw, error) : NULL;
		if (letter == NULL)
			return FALSE;
		g_ptr_array_add(desk->letters, letter);
	}
	if (desk->letters->len > 0)
		desk->letter = g_ptr_array_index(desk->letters, desk->letters->len - 1);
	return TRUE;
}

/* The code as the mail's text shows it; in the letter's PDF only a person can read it, and the town is told. */
static char *
find_code(const Desk *desk)
{
	for (guint i = 0; i < desk->letters->len; i++) {
		const Letter *letter = g_ptr_array_index(desk->letters, i);
		gsize length = strlen(letter->text);

		for (gsize at = 0; at + CODE_LENGTH <= length; at++) {
			g_autofree char *word = g_strndup(letter->text + at, CODE_LENGTH);
			char *code = word[4] == '-' ? access_code_normalise(word) : NULL;

			if (code != NULL)
				return code;
		}
	}
	return keyring_access_code(desk->tools->keyring, NULL, desk->tools->edition,
	    desk->town->unit->code, desk->town->serial);
}

static gboolean
is_sheet_of(const Paper *paper, const Section *section)
{
	g_autofree char *ending = g_strdup_printf("sezione_%s.pdf", section->number);

	return g_str_has_suffix(paper->name, ending);
}

/* The newest sheet of a section. Returns: (transfer none) (nullable) */
static const Paper *
find_sheet(const Desk *desk, const Section *section)
{
	for (guint i = desk->letters->len; i-- > 0;) {
		const Letter *letter = g_ptr_array_index(desk->letters, i);

		for (guint k = 0; k < letter->papers->len; k++) {
			const Paper *paper = g_ptr_array_index(letter->papers, k);

			if (is_sheet_of(paper, section))
				return paper;
		}
	}
	return NULL;
}

/* A PDF that is no sheet: the letter. Returns: (transfer none) (nullable) */
static const Paper *
find_letter(const Desk *desk)
{
	const Letter *first = g_ptr_array_index(desk->letters, 0);

	for (guint k = 0; k < first->papers->len; k++) {
		const Paper *paper = g_ptr_array_index(first->papers, k);
		gboolean sheet = FALSE;

		for (guint i = 0; i < desk->sections->len; i++)
			sheet = sheet || is_sheet_of(paper, g_ptr_array_index(desk->sections, i));
		if (!sheet)
			return paper;
	}
	return NULL;
}

/* --- filling ---------------------------------------------------------------------------------------------- */

/* The code as people type it. */
static char *
typed_code(const Desk *desk)
{
	char *code = g_strdup(desk->code);

	switch (throw(desk, "typing", 4)) {
	case 1:
		return g_strdelimit(code, "-", ' ');
	case 2: {
		char *small = g_ascii_strdown(code, -1);

		g_free(code);
		return small;
	}
	case 3:
		return g_strdelimit(code, "0", 'O');
	default:
		return code;
	}
}

static void
put_code(const Desk *desk, Fault fault, FieldSet *fields)
{
	g_autofree char *typed = NULL;

	if (fault == FAULT_NO_CODE)
		return;
	typed = fault == FAULT_WRONG_CODE ? keyring_access_code(desk->tools->keyring, NULL,
						desk->tools->edition, OTHER_TOWN, 1)
					  : typed_code(desk);
	field_set_put(fields, FIELD_CODE, typed);
}

/* A fault that spoils one file spoils the first one only. */
static Fault
fault_of(Fault fault, guint number)
{
	gboolean one = fault == FAULT_BLANK || fault == FAULT_CUT || fault == FAULT_ALTERED;

	return fault == FAULT_FOREIGN || (one && number > 0) ? FAULT_NONE : fault;
}

static Expect
expectation(Fault fault)
{
	switch (fault) {
	case FAULT_NO_CODE:
	case FAULT_WRONG_CODE:
		return EXPECT_HELD;
	case FAULT_BLANK:
	case FAULT_CUT:
	case FAULT_ALTERED:
	case FAULT_FOREIGN:
		return EXPECT_QUARANTINE;
	default:
		return EXPECT_ANSWERS;
	}
}

/* On a sheet with last year's answers: what is not meant any more is taken out, or all of them are left as they stand. */
static void
face_past(
    const Desk *desk, const Section *section, Fault fault, GHashTable *answers, FieldSet *fields)
{
	Past past = past_of(desk->tools->seed, desk->town->unit->code);
	g_autoptr(GHashTable) printed =
	    past_printed(desk->tools->seed, desk->town->unit->code, desk->view);
	g_autoptr(GPtrArray) questions = answers_questions(desk->view, section);

	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		g_autoptr(GPtrArray) specs = form_item_fields(item);

		if (!g_hash_table_contains(printed, item->name))
			continue;
		if (!past_stays(past) && !g_hash_table_contains(answers, item->name))
			item->type->write(item, "", fields);
		for (guint k = 0; past_stays(past) && k < specs->len; k++) {
			const FieldSpec *spec = g_ptr_array_index(specs, k);

			g_hash_table_remove(fields, spec->name);
		}
	}
	if (fault == FAULT_NONE && past != PAST_IGNORES &&
	    past_has_section(printed, desk->view, section))
		field_set_put(fields, FIELD_CONFIRM, FIELD_ON);
}

/* The sheet as it goes back. Returns: (transfer full) */
static GBytes *
fill(const Desk *desk, const Section *section, const Paper *sheet, Fault fault, guint edit,
    GError **error)
{
	g_autoptr(GHashTable) answers =
	    answers_draw(desk->tools->seed, desk->town->unit->code, desk->view, fault, edit);
	g_autoptr(FieldSet) fields =
	    answers_fields(desk->view, section, answers, throw(desk, "typist", 2));
	g_autoptr(GBytes) filled = NULL;

	if (fault == FAULT_BLANK)
		return g_bytes_ref(sheet->bytes);
	face_past(desk, section, fault, answers, fields);
	put_code(desk, fault, fields);
	if (fault == FAULT_ALTERED)
		field_set_put(fields, FIELD_UNIT, OTHER_TOWN);
	filled = render_fill(sheet->bytes, fields, error);
	if (filled == NULL || fault != FAULT_CUT)
		return g_steal_pointer(&filled);
	return g_bytes_new_from_bytes(filled, 0, g_bytes_get_size(filled) * CUT_AT_PERCENT / 100);
}

static void
note(const Desk *desk, const char *section, guint edit, Fault fault, GBytes *bytes)
{
	Sent *sent = g_new0(Sent, 1);

	sent->unit = g_strdup(desk->town->unit->code);
	sent->section = g_strdup(section);
	sent->edit = edit;
	sent->fault = fault;
	sent->expect = expectation(fault);
	sent->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	g_ptr_array_add(desk->journal, sent);
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

/* Who leaves out every question of a short section sends an empty sheet. */
static Fault
fault_on(const Desk *desk, const Section *section, Fault fault, guint edit)
{
	g_autoptr(GHashTable) answers = NULL;
	g_autoptr(FieldSet) fields = NULL;

	if (fault != FAULT_GAPS)
		return fault;
	answers = answers_draw(desk->tools->seed, desk->town->unit->code, desk->view, fault, edit);
	fields = answers_fields(desk->view, section, answers, 0);
	return g_hash_table_size(fields) > 0 ? fault : FAULT_BLANK;
}

/* Fills the sheets of @chosen (of const Section *). Returns: (transfer full): of Paper */
static GPtrArray *
fill_all(const Desk *desk, const GPtrArray *chosen, Fault fault, guint edit, GError **error)
{
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	const Paper *letter = find_letter(desk);

	for (guint i = 0; i < chosen->len; i++) {
		const Section *section = g_ptr_array_index(chosen, i);
		const Paper *sheet = find_sheet(desk, section);
		Fault its = fault_on(desk, section, fault_of(fault, i), edit);
		g_autoptr(GBytes) filled = NULL;

		if (sheet == NULL) {
			fail(error, PLICO_ERROR_NOT_FOUND,
			    _("rehearsal: %s has got no sheet of section %s"),
			    desk->town->unit->name, section->number);
			return NULL;
		}
		filled = fill(desk, section, sheet, its, edit, error);
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

	if (!post_send(desk->post, desk->town->address, message, error))
		return FALSE;
	return shape != SHAPE_TWICE || post_send(desk->post, desk->town->address, message, error);
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
	guint many = MIN(1 + throw(desk, "how many sections", PART_MOST), all - 1);
	guint first = throw(desk, "first section", all);

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
		Fault fault = fault_of(desk->behaviour->fault, at);

		if (!was_sent || expectation(fault) == EXPECT_QUARANTINE)
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
	guint first = throw(desk, "section to correct", all);

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

/* Nobody looks at it again: a campaign's mail would fill the disk. */
static gboolean
throw_mail_away(const Desk *desk, GError **error)
{
	g_autofree char *folder = receiver_folder(desk->tools->mailboxes, desk->town->address);

	for (guint n = 1; n <= desk->letters->len; n++) {
		g_autofree char *path = g_strdup_printf("%s/%u.eml", folder, n);

		if (g_unlink(path) < 0)
			return fail_errno(error, "%s", path);
	}
	return g_rmdir(folder) == 0 || fail_errno(error, "%s", folder);
}

static gboolean
act(Desk *desk, GError **error)
{
	gboolean last = desk->round > 1 || desk->behaviour->later == LATER_NOTHING;

	return (desk->round == 1 ? act_first(desk, error) : act_later(desk, error)) &&
	       (!last || throw_mail_away(desk, error));
}

gboolean
town_act(const TownTools *tools, const Town *town, guint round, Post *post, GPtrArray *journal,
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

	if (!read_mail(&desk, error))
		return FALSE;
	if (desk.letter == NULL)
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    _("rehearsal: %s has got no message at %s"), town->unit->name, town->address);
	desk.view = form_view_new(tools->form, town->unit);
	desk.sections = form_view_sections(desk.view);
	desk.code = find_code(&desk);
	return act(&desk, error);
}
