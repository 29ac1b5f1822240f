/*
 * sheets WORKSPACE CODE LETTER.eml OUT: what a person at the unit CODE has on the desk, for programs that fill sheets.
 * OUT gets from the mailed message s1.pdf ..., and for each section s1.json: name, kind, choices and the value to fill
 * in; and meant.tsv with the answers that must come back: question, tab, value ("\n" for a line feed), sorted.
 */
#include "base/config.h"
#include "base/durable.h"
#include "rehearse/answers.h"
#include "rehearse/mailer.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define SEED 7
/* Accents, the euro, letters outside WinAnsi, what XML and PDF strings must escape. */
#define SHORT_TEXT "Città (\"Forlì\") & Čakovec <12 €> \\ ž"
#define LONG_TEXT  "prima riga: però, 50 %\nseconda riga: Štanjel, ł, €"

typedef struct {
	Form *form;
	Unit *unit;
	FormView *view;
	char *code;
	GHashTable *answers;
	const char *out;
	GPtrArray *meant; /* of char *: lines */
} Desk;

static void
check(gboolean good, const GError *error, const char *what)
{
	if (!good)
		g_error("%s: %s", what, error != NULL ? error->message : "no");
}

static Desk
open_desk(const char *workspace, const char *code)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *database = g_build_filename(workspace, "plico.db", NULL);
	g_autofree char *keys = g_build_filename(workspace, "keys", NULL);
	g_autofree char *forms = NULL;
	g_autoptr(Config) config = config_open(workspace, &error);
	g_autoptr(Store) store = store_open(database, &error);
	g_autoptr(Keyring) keyring = keyring_open(keys, &error);
	Desk desk = { 0 };

	check(config != NULL && store != NULL && keyring != NULL, error, workspace);
	forms =
	    g_build_filename(workspace, "forms", config_text(config, CONFIG_survey_edition), NULL);
	desk.form = form_open_strict(forms, &error);
	check(desk.form != NULL, error, forms);
	desk.unit = registry_find(store, code, &error);
	check(desk.unit != NULL, error, code);
	desk.view = form_view_new(desk.form, desk.unit);
	desk.code = keyring_access_code(keyring, NULL, desk.form->id, desk.unit->code, 1);
	/* everything is answered, what does not concern the town too: every field is put to the test */
	desk.answers = answers_draw(SEED, desk.unit->code, desk.view, FAULT_IRRELEVANT, 0);
	desk.meant = g_ptr_array_new_with_free_func(g_free);
	return desk;
}

static void
close_desk(Desk *desk)
{
	g_ptr_array_unref(desk->meant);
	g_hash_table_unref(desk->answers);
	g_free(desk->code);
	form_view_free(desk->view);
	unit_free(desk->unit);
	form_free(desk->form);
}

static const char *
kind_name(FieldKind kind)
{
	static const char *const names[] = {
		[FIELD_TEXT] = "text",
		[FIELD_AREA] = "area",
		[FIELD_RADIO] = "radio",
		[FIELD_CHECK] = "check",
		[FIELD_COMBO] = "combo",
	};

	return names[kind];
}

static void
add_member(JsonBuilder *builder, const char *name, const char *value)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_string_value(builder, value);
}

static void
add_field(
    JsonBuilder *builder, const char *name, FieldKind kind, const Item *item, const char *value)
{
	json_builder_begin_object(builder);
	add_member(builder, "name", name);
	add_member(builder, "kind", kind_name(kind));
	add_member(builder, "value", value);
	add_member(builder, "on", kind == FIELD_CHECK ? "si" : "");
	json_builder_set_member_name(builder, "choices");
	json_builder_begin_array(builder);
	for (guint i = 0; kind == FIELD_RADIO && i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);

		json_builder_add_string_value(builder, choice->name);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
}

static void
write_fields(const Desk *desk, const Section *section, const FieldSet *fields)
{
	g_autoptr(GPtrArray) specs = form_view_fields(desk->view, section);
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonGenerator) generator = json_generator_new();
	g_autoptr(JsonNode) root = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_strdup_printf("%s/%s.json", desk->out, section->name);

	json_builder_begin_array(builder);
	add_field(builder, FIELD_CODE, FIELD_TEXT, NULL, desk->code);
	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);

		add_field(builder, spec->name, spec->kind, spec->item,
		    field_set_value(fields, spec->name));
	}
	json_builder_end_array(builder);
	root = json_builder_get_root(builder);
	json_generator_set_root(generator, root);
	check(json_generator_to_file(generator, path, &error), error, path);
}

/* Texts are as hard as texts can be, as far as they fit into their fields. */
static void
set_texts(Desk *desk, const Section *section)
{
	g_autoptr(GPtrArray) specs = form_view_fields(desk->view, section);

	for (guint i = 0; i < specs->len; i++) {
		const FieldSpec *spec = g_ptr_array_index(specs, i);
		const char *text = spec->kind == FIELD_AREA ? LONG_TEXT : SHORT_TEXT;

		if (strcmp(spec->item->type->name, "text") != 0 ||
		    (spec->max_length > 0 && (guint)g_utf8_strlen(text, -1) > spec->max_length))
			continue;
		g_hash_table_insert(desk->answers, g_strdup(spec->item->name), g_strdup(text));
	}
}

static void
note_meant(Desk *desk, const Section *section)
{
	g_autoptr(GPtrArray) questions = answers_questions(desk->view, section);

	for (guint i = 0; i < questions->len; i++) {
		const Item *item = g_ptr_array_index(questions, i);
		const char *value = g_hash_table_lookup(desk->answers, item->name);
		g_auto(GStrv) lines = NULL;
		g_autofree char *flat = NULL;

		if (value == NULL)
			continue;
		lines = g_strsplit(value, "\n", 0);
		flat = g_strjoinv("\\n", lines);
		g_ptr_array_add(desk->meant, g_strdup_printf("%s\t%s\n", item->name, flat));
	}
}

static void
write_section(Desk *desk, const Section *section, const Letter *letter)
{
	g_autofree char *ending = g_strdup_printf("sezione_%s.pdf", section->number);
	g_autofree char *path = g_strdup_printf("%s/%s.pdf", desk->out, section->name);
	g_autoptr(FieldSet) fields = NULL;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < letter->papers->len; i++) {
		const Paper *paper = g_ptr_array_index(letter->papers, i);

		if (g_str_has_suffix(paper->name, ending))
			check(durable_replace(path, paper->bytes, 0600, &error), error, path);
	}
	check(g_file_test(path, G_FILE_TEST_EXISTS), NULL, path);
	set_texts(desk, section);
	fields = answers_fields(desk->view, section, desk->answers, 1);
	write_fields(desk, section, fields);
	note_meant(desk, section);
}

static int
by_text(gconstpointer a, gconstpointer b)
{
	const char *const *one = a;
	const char *const *other = b;

	return strcmp(*one, *other);
}

static void
write_meant(const Desk *desk)
{
	g_autofree char *path = g_build_filename(desk->out, "meant.tsv", NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	g_ptr_array_sort(desk->meant, by_text);
	for (guint i = 0; i < desk->meant->len; i++)
		g_string_append(text, g_ptr_array_index(desk->meant, i));
	check(g_file_set_contents(path, text->str, -1, &error), error, path);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) sections = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(Letter) letter = NULL;
	Desk desk;

	check(argc == 5, NULL, "sheets WORKSPACE CODE LETTER.eml OUT");
	desk = open_desk(argv[1], argv[2]);
	desk.out = argv[4];
	raw = durable_read(argv[3], (gsize)64 << 20, &error);
	check(raw != NULL, error, argv[3]);
	letter = mailer_read(raw, &error);
	check(letter != NULL, error, argv[3]);
	sections = form_view_sections(desk.view);
	for (guint i = 0; i < sections->len; i++)
		write_section(&desk, g_ptr_array_index(sections, i), letter);
	write_meant(&desk);
	close_desk(&desk);
	return 0;
}
