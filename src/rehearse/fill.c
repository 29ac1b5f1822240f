/* What a municipality makes of a sheet: its answers, and the mistakes of its kind. */
#include "rehearse/answers.h"
#include "rehearse/desk.h"
#include "rehearse/past.h"
#include "render/render.h"

#define CUT_AT_PERCENT 70

/* The code as people type it. */
static char *
typed_code(const Desk *desk)
{
	char *code = g_strdup(desk->code);

	switch (desk_throw(desk, "typing", 4)) {
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

Fault
fill_fault_of(Fault fault, guint number)
{
	gboolean one = fault == FAULT_BLANK || fault == FAULT_CUT || fault == FAULT_ALTERED;

	return fault == FAULT_FOREIGN || (one && number > 0) ? FAULT_NONE : fault;
}

Expect
fill_expectation(Fault fault)
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

GBytes *
fill_sheet(const Desk *desk, const Section *section, const Paper *sheet, Fault fault, guint edit,
    GError **error)
{
	g_autoptr(GHashTable) answers =
	    answers_draw(desk->tools->seed, desk->town->unit->code, desk->view, fault, edit);
	g_autoptr(FieldSet) fields =
	    answers_fields(desk->view, section, answers, desk_throw(desk, "typist", 2));
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

/* Whether one of @answers is not what stands on the sheet from last year. */
static gboolean
says_anything(const Desk *desk, const Section *section, GHashTable *answers)
{
	g_autoptr(GHashTable) printed =
	    past_printed(desk->tools->seed, desk->town->unit->code, desk->view);
	g_autoptr(GPtrArray) questions = answers_questions(desk->view, section);

	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *answer = g_hash_table_lookup(answers, item->name);

		if (answer != NULL &&
		    g_strcmp0(answer, g_hash_table_lookup(printed, item->name)) != 0)
			return TRUE;
	}
	return FALSE;
}

Fault
fill_fault_on(const Desk *desk, const Section *section, Fault fault, guint edit)
{
	g_autoptr(GHashTable) answers = NULL;
	g_autoptr(FieldSet) fields = NULL;

	if (fault != FAULT_GAPS && fault != FAULT_NO_CODE)
		return fault;
	answers = answers_draw(desk->tools->seed, desk->town->unit->code, desk->view, fault, edit);
	if (fault == FAULT_NO_CODE)
		return says_anything(desk, section, answers) ? fault : FAULT_BLANK;
	fields = answers_fields(desk->view, section, answers, 0);
	return g_hash_table_size(fields) > 0 ? fault : FAULT_BLANK;
}
