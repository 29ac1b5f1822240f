/*
 * sheets towns OUT N             a list of N towns
 * sheets stem WORKSPACE OUT      the template of the sheet that is measured, and OUT.json: what each of 100 towns gets in it
 * sheets MODE WORKSPACE N        N sheets of one section: "memory" as files, "mail" as base64 lines; "copy" and
 *                                "copy-mail": the bytes of one, N times, only copied
 * sheets all WORKSPACE 1         all sheets of all towns of the workspace as base64 lines
 *
 * All but the first two print: sheets, CPU seconds, peak memory in MiB. SECTION=s7 measures another section than s5.
 */
#include "bench/desk.h"

#include "base/durable.h"
#include "rehearse/towns.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define POPULATION 25000
#define SERIAL	   1
#define TOWNS	   100 /* in the peers' file */

/* Section 5 of a large town is the largest sheet of all. */
static const char *
section_name(void)
{
	const char *name = g_getenv("SECTION");

	return name != NULL ? name : "s5";
}

/* A town large enough for all questions. */
static Unit *
large_town(const Desk *desk)
{
	for (guint i = 0; i < desk->units->len; i++) {
		Unit *unit = g_ptr_array_index(desk->units, i);

		if (unit->population >= POPULATION)
			return unit;
	}
	g_error("no town has %d inhabitants", POPULATION);
}

static void
tell(guint64 sheets, double seconds)
{
	g_print("%" G_GUINT64_FORMAT " %.4f %.1f\n", sheets, seconds, peak_mib());
}

static void
make_sheet(
    Desk *desk, const Unit *unit, const FormView *view, const Section *section, gboolean mail)
{
	g_autoptr(GError) error = NULL;
	Stem *stem = NULL;
	g_autoptr(GBytes) update = renderer_sheet_update(
	    desk->renderer, unit, view, section, SERIAL, "it", NULL, &stem, &error);

	check(update != NULL, error, unit->code);
	desk_join(desk, stem, update, mail);
}

static void
run_section(Desk *desk, guint64 count, gboolean mail)
{
	g_autoptr(FormView) view = form_view_new(desk->form, large_town(desk));
	const Section *section = form_section(desk->form, section_name());
	double start;

	make_sheet(desk, large_town(desk), view, section, mail); /* with the template */
	start = cpu_seconds();
	for (guint64 i = 0; i < count; i++)
		make_sheet(desk, g_ptr_array_index(desk->units, i % desk->units->len), view,
		    section, mail);
	tell(count, cpu_seconds() - start);
}

static void
run_copy(Desk *desk, guint64 count, gboolean mail)
{
	g_autoptr(FormView) view = form_view_new(desk->form, large_town(desk));

	make_sheet(desk, large_town(desk), view, form_section(desk->form, section_name()), mail);
	tell(count, desk_copy(desk, count));
}

static void
run_all(Desk *desk)
{
	guint64 count = 0;

	for (guint i = 0; i < desk->units->len; i++) {
		const Unit *unit = g_ptr_array_index(desk->units, i);
		g_autoptr(FormView) view = form_view_new(desk->form, unit);
		g_autoptr(GPtrArray) sections = form_view_sections(view);

		for (guint k = 0; k < sections->len; k++)
			make_sheet(desk, unit, view, g_ptr_array_index(sections, k), TRUE);
		count += sections->len;
	}
	tell(count, cpu_seconds());
}

static void
add_value(JsonBuilder *builder, const char *name, const char *value)
{
	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "name");
	json_builder_add_string_value(builder, name);
	json_builder_set_member_name(builder, "kind");
	json_builder_add_string_value(builder, "text");
	json_builder_set_member_name(builder, "value");
	json_builder_add_string_value(builder, value);
	json_builder_end_object(builder);
}

/* The fields of each town's identity, and its name. */
static void
add_town(const Desk *desk, JsonBuilder *builder, const Unit *unit)
{
	g_autoptr(SheetId) id = sheet_id_new(
	    desk->keyring, desk->form->id, unit->code, section_name(), desk->form->version, SERIAL);
	g_autofree char *name = unit_full_name(unit);

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "title");
	json_builder_add_string_value(builder, name);
	json_builder_set_member_name(builder, "fields");
	json_builder_begin_array(builder);
	add_value(builder, FIELD_VERSION, id->version);
	add_value(builder, FIELD_KID, id->kid);
	add_value(builder, FIELD_EDITION, id->edition);
	add_value(builder, FIELD_UNIT, id->unit);
	add_value(builder, FIELD_SECTION, id->section);
	add_value(builder, FIELD_FORM, id->form);
	add_value(builder, FIELD_SERIAL, id->serial);
	add_value(builder, FIELD_TAG, id->tag);
	json_builder_end_array(builder);
	json_builder_end_object(builder);
}

static void
write_stem(Desk *desk, const char *path)
{
	g_autoptr(FormView) view = form_view_new(desk->form, large_town(desk));
	g_autofree char *json_path = g_strdup_printf("%s.json", path);
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(GError) error = NULL;
	Stem *stem = NULL;
	g_autoptr(GBytes) update = renderer_sheet_update(desk->renderer, large_town(desk), view,
	    form_section(desk->form, section_name()), SERIAL, "it", NULL, &stem, &error);
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *text = NULL;

	check(update != NULL, error, path);
	check(durable_replace(path, stem->bytes, 0600, &error), error, path);
	json_builder_begin_array(builder);
	for (guint i = 0; i < TOWNS && i < desk->units->len; i++)
		add_town(desk, builder, g_ptr_array_index(desk->units, i));
	json_builder_end_array(builder);
	root = json_builder_get_root(builder);
	text = json_to_string(root, FALSE);
	check(g_file_set_contents(json_path, text, -1, &error), error, json_path);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Desk desk = { 0 };

	if (argc != 4)
		g_error("usage: sheets MODE WORKSPACE N");
	if (strcmp(argv[1], "towns") == 0) {
		check(towns_write((guint)g_ascii_strtoull(argv[3], NULL, 10), 1, argv[2], &error),
		    error, argv[2]);
		return 0;
	}
	desk_open(&desk, argv[2]);
	if (strcmp(argv[1], "stem") == 0)
		write_stem(&desk, argv[3]);
	else if (strcmp(argv[1], "all") == 0)
		run_all(&desk);
	else if (g_str_has_prefix(argv[1], "copy"))
		run_copy(
		    &desk, g_ascii_strtoull(argv[3], NULL, 10), g_str_has_suffix(argv[1], "mail"));
	else
		run_section(
		    &desk, g_ascii_strtoull(argv[3], NULL, 10), strcmp(argv[1], "mail") == 0);
	desk_close(&desk);
	return 0;
}
