/*
 * collect WORKSPACE MAILDIR N: N returns into MAILDIR/new, as they come from towns: one filled sheet with its access code in
 * a mail of its own, another town or another section each time. The towns' codes must have been issued (a wave is planned).
 *
 * Prints: messages, bytes of all of them.
 */
#include "base/durable.h"
#include "registry/registry.h"
#include "rehearse/answers.h"
#include "rehearse/mailer.h"
#include "render/render.h"

#include <inttypes.h>

#define SEED   7
#define SERIAL 1
#define BEGIN  G_GINT64_CONSTANT(1760000000)

typedef struct {
	Config *config;
	Store *store;
	Keyring *keyring;
	Form *form;
	Renderer *renderer;
	GPtrArray *units;
	const char *maildir;
	guint most;
	guint made;
	guint64 bytes;
} Desk;

static void
check(gboolean good, const GError *error, const char *what)
{
	if (!good)
		g_error("%s: %s", what, error != NULL ? error->message : "no");
}

static void
open_desk(Desk *desk, const char *workspace)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *database = g_build_filename(workspace, "plico.db", NULL);
	g_autofree char *keys = g_build_filename(workspace, "keys", NULL);
	g_autofree char *form = NULL;

	desk->config = config_open(workspace, &error);
	desk->store = desk->config != NULL ? store_open(database, &error) : NULL;
	desk->keyring = desk->store != NULL ? keyring_open(keys, &error) : NULL;
	check(desk->keyring != NULL, error, workspace);
	form = g_build_filename(
	    workspace, "forms", config_text(desk->config, CONFIG_survey_edition), NULL);
	desk->form = form_open_strict(form, &error);
	check(desk->form != NULL, error, form);
	desk->renderer = renderer_new(desk->config, desk->keyring, desk->form, &error);
	check(desk->renderer != NULL, error, "renderer");
	desk->units = registry_list(desk->store, NULL, &error);
	check(desk->units != NULL && desk->units->len > 0, error, "units");
}

static void
close_desk(Desk *desk)
{
	g_ptr_array_unref(desk->units);
	renderer_free(desk->renderer);
	form_free(desk->form);
	keyring_free(desk->keyring);
	store_free(desk->store);
	config_free(desk->config);
}

static void
drop(Desk *desk, GBytes *message)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_strdup_printf(
	    "%s/new/%" PRId64 ".P1Q%u.bench", desk->maildir, BEGIN + desk->made, desk->made);
	gsize size;
	const char *data = g_bytes_get_data(message, &size);

	check(g_file_set_contents_full(
		  path, data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, &error),
	    error, path);
	desk->made++;
	desk->bytes += size;
}

/* The sheet as a viewer saves it. Returns: (transfer full) */
static GBytes *
fill(
    Desk *desk, const Unit *unit, const FormView *view, const Section *section, GHashTable *answers)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(FieldSet) fields = answers_fields(view, section, answers, 0);
	g_autofree char *code =
	    keyring_access_code(desk->keyring, NULL, desk->form->id, unit->code, SERIAL);
	g_autoptr(GBytes) sheet =
	    renderer_sheet(desk->renderer, unit, view, section, SERIAL, "it", NULL, &error);
	GBytes *filled;

	check(sheet != NULL, error, unit->code);
	field_set_put(fields, FIELD_CODE, code);
	filled = render_fill(sheet, fields, &error);
	check(filled != NULL, error, unit->code);
	return filled;
}

static void
answer(
    Desk *desk, const Unit *unit, const FormView *view, const Section *section, GHashTable *answers)
{
	char invitation[] = "invito@mappa.example";
	char subject[] = "Mappa dei Comuni Digitali";
	const Letter letter = { .message_id = invitation, .subject = subject };
	g_autoptr(GBytes) filled = fill(desk, unit, view, section, answers);
	g_autofree char *id = g_strdup_printf("%s.%s@bench.example", unit->code, section->name);
	g_autofree char *from = g_strdup_printf("protocollo@%s.example", unit->code);
	g_autofree char *name = renderer_sheet_name(desk->renderer, unit, section);
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	const Reply reply = {
		.from = from,
		.from_name = unit->name,
		.to = "mappa@mappa.example",
		.message_id = id,
		.date = BEGIN + desk->made,
		.answers = &letter,
		.text =
		    "Buongiorno,\nsi trasmette in allegato il modulo compilato.\n\nCordiali saluti\n",
		.papers = papers,
		.shape = SHAPE_ONE_MAIL,
	};
	g_autoptr(GBytes) message = NULL;

	g_ptr_array_add(papers, paper_new(name, filled));
	message = mailer_reply(&reply);
	drop(desk, message);
}

static void
answer_all(Desk *desk, const Unit *unit)
{
	g_autoptr(FormView) view = form_view_new(desk->form, unit);
	g_autoptr(GPtrArray) sections = form_view_sections(view);
	g_autoptr(GHashTable) answers = answers_draw(SEED, unit->code, view, FAULT_NONE, 0);

	for (guint i = 0; i < sections->len && desk->made < desk->most; i++)
		answer(desk, unit, view, g_ptr_array_index(sections, i), answers);
}

int
main(int argc, char **argv)
{
	Desk desk = { 0 };

	if (argc != 4)
		g_error("usage: collect WORKSPACE MAILDIR N");
	open_desk(&desk, argv[1]);
	desk.maildir = argv[2];
	desk.most = (guint)g_ascii_strtoull(argv[3], NULL, 10);
	for (guint i = 0; i < desk.units->len && desk.made < desk.most; i++)
		answer_all(&desk, g_ptr_array_index(desk.units, i));
	check(desk.made == desk.most, NULL, "too few towns");
	g_print("%u %" G_GUINT64_FORMAT "\n", desk.made, desk.bytes);
	close_desk(&desk);
	return 0;
}
