#include "workshop.h"

#include "base/finding.h"
#include "layout/page_marks.h"

static Form *
open_test_form(const char *name, GPtrArray *findings)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *path =
	    g_build_filename(source != NULL ? source : ".", "tests/data/forms", name, NULL);
	g_autoptr(GError) error = NULL;
	Form *form = form_open(path, findings, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(findings_count(findings, SEVERITY_ERROR), ==, 0);
	return form;
}

static GPtrArray *
check(const char *name)
{
	GPtrArray *findings = findings_new();
	g_autoptr(Form) form = open_test_form(name, findings);
	g_autoptr(GError) error = NULL;

	render_check_form(form, 5000, findings);
	g_assert_no_error(error);
	return findings;
}

static void
expect(const GPtrArray *findings, const char *code, const char *place, const char *words)
{
	guint found = 0;

	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		if (strcmp(finding->code, code) != 0 || strcmp(finding->place, place) != 0)
			continue;
		g_assert_nonnull(strstr(finding->text, words));
		found++;
	}
	g_assert_cmpuint(found, ==, 1);
}

static void
test_in_order(void)
{
	static const char *const forms[] = { "hard-layouts", "all-layouts", "all-types" };

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autoptr(GPtrArray) findings = check(forms[i]);

		for (guint k = 0; k < findings->len; k++)
			g_test_message("%s: %s", forms[i],
			    ((const Finding *)g_ptr_array_index(findings, k))->text);
		g_assert_cmpuint(findings->len, ==, 0);
	}
}

/* Each is said once, though it shows in every language and for both sizes of towns. */
static void
test_bad(void)
{
	g_autoptr(GPtrArray) findings = check("bad-layouts");

	expect(findings, "text-long", "survey.csv, row 6, column label", "q1_1");
	expect(findings, "character", "survey.csv, row 7, column label", "U+2600");
	expect(findings, "missing-translation", "survey.csv, row 8, column label", "de");
	expect(findings, "list-long", "survey.csv, row 9, column label", "60");
	expect(findings, "grid-wide", "survey.csv, row 10, column label", "q1_5");
	expect(findings, "character", "choices.csv, row 2, column label", "U+2714");
	g_assert_cmpuint(findings->len, ==, 6);
}

/* --- what scans go by ------------------------------------------------------------------------------------- */

static void
test_page_marks(void)
{
	guint told = 0;

	for (guint section = 1; section <= PAGE_MARK_MOST; section++) {
		for (guint page = 1; page <= PAGE_MARK_MOST; page++) {
			guint32 bars = page_mark_encode(section, page);
			guint read_section = 0;
			guint read_page = 0;

			g_assert_cmpuint(bars >> PAGE_MARK_BARS, ==, 0);
			g_assert_true(page_mark_decode(bars, &read_section, &read_page));
			g_assert_cmpuint(read_section, ==, section);
			g_assert_cmpuint(read_page, ==, page);
			told++;
		}
	}
	g_assert_cmpuint(told, ==, PAGE_MARK_MOST * PAGE_MARK_MOST);
}

static void
test_page_marks_misread(void)
{
	const guint32 bars = page_mark_encode(5, 3);
	guint section = 0;
	guint page = 0;

	for (guint bit = 0; bit < PAGE_MARK_BARS; bit++)
		g_assert_false(page_mark_decode(bars ^ 1U << bit, &section, &page));
	g_assert_false(page_mark_decode(0, &section, &page));
	g_assert_false(page_mark_decode((1U << PAGE_MARK_BARS) - 1, &section, &page));
	g_assert_true(page_mark_decode(page_mark_encode(64, 3), &section, &page));
	g_assert_cmpuint(section, ==, 0);
}

/* Grey picture of the first page at 144 dpi: two pixels a point. */
static guint8 *
picture(const Workshop *shop, GBytes *pdf, guint *width)
{
	static const char *const words[] = { "pdftoppm", "-r", "144", "-gray", "-f", "2", "-l", "2",
		"@", "page", NULL };
	g_autofree char *said = shop_ask(shop, pdf, words);
	g_autofree char *path = shop_path(shop, "page-2.pgm");
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = durable_read(path, (gsize)16 << 20, &error);
	gsize size;
	const char *data;
	guint height = 0;

	g_assert_no_error(error);
	data = g_bytes_get_data(bytes, &size);
	g_assert_cmpint(sscanf(data, "P5 %u %u 255", width, &height), ==, 2);
	g_assert_cmpuint(size, >, *width * height);
	return g_memdup2(data + size - *width * height, *width * height);
}

static gboolean
is_dark(const guint8 *pixels, guint width, double x, double y)
{
	return pixels[(guint)(y * 2) * width + (guint)(x * 2)] < 128;
}

/* As a reader of scans would: the bars are where page_marks.h says. */
static void
test_drawn(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, "s3", NULL);
	guint width = 0;
	g_autofree guint8 *pixels = picture(shop, pdf, &width);
	guint32 bars = 0;
	guint section = 0;
	guint page = 0;

	(void)data;
	g_assert_true(is_dark(pixels, width, CORNER_LEFT, CORNER_TOP));
	g_assert_true(is_dark(pixels, width, CORNER_RIGHT, CORNER_TOP));
	g_assert_true(is_dark(pixels, width, CORNER_LEFT, CORNER_BOTTOM));
	g_assert_true(is_dark(pixels, width, CORNER_RIGHT, CORNER_BOTTOM));
	g_assert_false(is_dark(pixels, width, CORNER_LEFT + CORNER_SIDE, CORNER_TOP));
	for (guint i = 0; i < PAGE_MARK_BARS; i++) {
		double x = PAGE_MARK_LEFT + i * PAGE_MARK_PITCH + PAGE_MARK_WIDTH / 2;

		g_assert_true(is_dark(pixels, width, x, PAGE_MARK_FOOT - PAGE_MARK_SHORT / 2));
		bars = bars << 1 |
		       (is_dark(pixels, width, x, PAGE_MARK_FOOT - PAGE_MARK_TALL * 0.7) ? 1 : 0);
	}
	g_assert_true(page_mark_decode(bars, &section, &page));
	g_assert_cmpuint(section, ==, 3);
	g_assert_cmpuint(page, ==, 2);
}

/* --- two languages ---------------------------------------------------------------------------------------- */

static GBytes *
draw_hard(const Workshop *shop, const Form *form, const char *lang)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Renderer) renderer = renderer_new(shop->config, shop->keyring, form, &error);
	g_autoptr(FormView) view = form_view_new(form, &shop->large);
	GBytes *pdf;

	g_assert_no_error(error);
	pdf = renderer_sheet(
	    renderer, &shop->large, view, form_section(form, "s1"), 1, lang, NULL, &error);
	g_assert_no_error(error);
	return pdf;
}

static guint
count(const char *text, const char *words)
{
	guint n = 0;

	for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
		n++;
	return n;
}

static void
test_two_languages(Workshop *shop, gconstpointer data)
{
	static const char *const qdf[] = { "qpdf", "--qdf", "--object-streams=disable", "@", "-",
		NULL };
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Form) form = open_test_form("hard-layouts", findings);
	g_autoptr(GBytes) both = draw_hard(shop, form, "de+it");
	g_autoptr(GBytes) german = draw_hard(shop, form, "de");
	g_autofree char *text = shop_text(shop, both);
	g_autofree char *alone = shop_text(shop, german);
	g_autofree char *plain = shop_ask(shop, both, qdf);

	(void)data;
	g_assert_nonnull(strstr(text, "Wer kümmert sich darum?"));
	g_assert_nonnull(strstr(text, "Chi se ne occupa?"));
	g_assert_nonnull(strstr(text, "Eigenes Personal / Personale interno"));
	/* what is the same in both stands once: "App IO" */
	g_assert_cmpuint(count(text, "App IO"), ==, 1);
	g_assert_null(strstr(alone, "Chi se ne occupa?"));
	g_assert_cmpuint(count(plain, "/Lang (it)"), >, 60);
	g_assert_cmpuint(count(plain, "/Lang (de)"), ==, 1);
}

static void
test_untranslated(Workshop *shop, gconstpointer data)
{
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(Form) form = open_test_form("bad-layouts", findings);
	g_autoptr(GBytes) both = draw_hard(shop, form, "de+it");
	g_autofree char *text = shop_text(shop, both);

	(void)data;
	g_assert_cmpuint(count(text, "Questa domanda non è tradotta"), ==, 1);
	g_assert_cmpuint(count(text, "Scheint die Sonne?"), ==, 1);
	g_assert_cmpuint(count(text, "Splende il sole ??"), ==, 1);
	g_assert_nonnull(strstr(text, "Option 60 / Opzione 60"));
}

/* --- fields ----------------------------------------------------------------------------------------------- */

/* ISO 32000-1, table 226: without NoToggleToOff a choice can be taken back. */
static void
test_take_back(Workshop *shop, gconstpointer data)
{
	static const char *const qdf[] = { "qpdf", "--qdf", "--object-streams=disable", "@", "-",
		NULL };
	g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, "s2", NULL);
	g_autofree char *plain = shop_ask(shop, pdf, qdf);

	(void)data;
	g_assert_cmpuint(count(plain, "/Ff 32768\n"), >, 10);
	g_assert_cmpuint(count(plain, "/Ff 49152"), ==, 0);
}

/* "Dato non disponibile" is a field of its own beside the figure, and the parts of a hundred have a line that says so. */
static void
test_total(Workshop *shop, gconstpointer data)
{
	g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, "s3", NULL);
	g_autoptr(GBytes) other = shop_sheet(shop, &shop->large, "s2", NULL);
	g_autofree char *text = shop_text(shop, pdf);
	g_autofree char *other_text = shop_text(shop, other);
	g_autoptr(FieldSet) fields = shop_fields(shop, other);

	(void)data;
	g_assert_nonnull(strstr(text, "Totale"));
	g_assert_cmpuint(count(text, "Totale"), ==, 1);
	g_assert_null(strstr(other_text, "Totale"));
	g_assert_true(field_set_has(fields, "q2_2"));
	g_assert_true(field_set_has(fields, "q2_2_nd"));
}

/* --- the first page --------------------------------------------------------------------------------------- */

static guint
minutes(const Workshop *shop, const Unit *unit, const char *section)
{
	g_autoptr(GBytes) pdf = shop_sheet(shop, unit, section, NULL);
	g_autofree char *text = shop_text(shop, pdf);
	const char *at = strstr(text, "circa ");
	guint found = 0;

	g_assert_nonnull(at);
	g_assert_cmpint(sscanf(at, "circa %u minuti", &found), ==, 1);
	return found;
}

static void
test_minutes(Workshop *shop, gconstpointer data)
{
	guint longest = minutes(shop, &shop->large, "s5");
	guint shortest = minutes(shop, &shop->small, "s4");

	(void)data;
	g_assert_cmpuint(shortest, ==, 5);
	g_assert_cmpuint(longest, >, shortest);
	g_assert_cmpuint(longest % 5, ==, 0);
	g_assert_cmpuint(longest, <=, 30);
}

static void
test_first_page(Workshop *shop, gconstpointer data)
{
	static const char *const words[] = { "18 ottobre 2024", "06 000 0000", "volontaria",
		"non è un'ispezione", "Dati personali", "Codice di accesso", "14 domande" };
	g_autoptr(GBytes) pdf = shop_sheet(shop, &shop->large, "s5", NULL);
	g_autofree char *text = shop_text(shop, pdf);

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		g_auto(GStrv) parts = g_strsplit(words[i], " ", 0);

		for (gsize k = 0; parts[k] != NULL; k++)
			g_assert_nonnull(strstr(text, parts[k]));
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Workshop *, gconstpointer);
	} tests[] = {
		{ "/scans/corner-and-page-marks-are-where-the-header-says", test_drawn },
		{ "/languages/the-second-stands-beside-the-first-and-is-tagged",
		    test_two_languages },
		{ "/languages/what-is-not-translated-stands-once", test_untranslated },
		{ "/first-page/how-long-it-takes-follows-from-the-questions", test_minutes },
		{ "/first-page/says-by-when-whom-to-call-and-that-it-is-voluntary",
		    test_first_page },
		{ "/fields/a-choice-can-be-taken-back", test_take_back },
		{ "/fields/parts-of-a-hundred-have-a-total", test_total },
	};

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/check/hard-forms-print-well", test_in_order);
	g_test_add_func("/check/what-does-not-print-well-is-said-once-with-its-row", test_bad);
	g_test_add_func("/scans/page-marks-tell-section-and-page", test_page_marks);
	g_test_add_func("/scans/a-misread-page-mark-is-none", test_page_marks_misread);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Workshop, NULL, shop_open, tests[i].test, shop_close);
	return g_test_run();
}
