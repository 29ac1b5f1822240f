#include "unit/render/workshop.h"

#include "pdf/compile.h"

/* A file, what is known of it, and a way to read what an update made of it. */
typedef struct {
	Workshop shop;
	PdfMaker *maker;
	GBytes *file;
	PdfBase *base;
	PdfUpdate *update;
	char *info; /* head of the Info dictionary */
	int info_num;
} Bench;

static pdf_document *
open_document(const Bench *bench, GBytes *file)
{
	fz_context *ctx = bench->maker->ctx;
	fz_stream *stream =
	    fz_open_memory(ctx, g_bytes_get_data(file, NULL), g_bytes_get_size(file));
	pdf_document *doc = pdf_open_document_with_stream(ctx, stream);

	fz_drop_stream(ctx, stream);
	return doc;
}

static void
open_bench(Bench *bench, gconstpointer data)
{
	static const char *const without[] = { "Title", NULL };
	g_autoptr(GError) error = NULL;
	pdf_document *doc;
	fz_context *ctx;

	shop_open(&bench->shop, data);
	bench->file = shop_sheet(&bench->shop, &bench->shop.large, "s2", NULL);
	bench->maker = pdf_maker_new(&error);
	g_assert_no_error(error);
	bench->update = update_new();
	ctx = bench->maker->ctx;
	doc = open_document(bench, bench->file);
	bench->base = pdf_read_base(ctx, doc, bench->file);
	bench->info_num = pdf_to_num(ctx, pdf_dict_get(ctx, pdf_trailer(ctx, doc), PDF_NAME(Info)));
	bench->info = pdf_read_head(ctx, doc, bench->info_num, without);
	pdf_drop_document(ctx, doc);
}

static void
close_bench(Bench *bench, gconstpointer data)
{
	g_free(bench->info);
	update_free(bench->update);
	pdf_base_free(bench->base);
	pdf_maker_free(bench->maker);
	g_bytes_unref(bench->file);
	shop_close(&bench->shop, data);
}

static GBytes *
finish(const Bench *bench)
{
	static const guint8 id[PDF_ID_SIZE] = "0123456789abcdef";
	g_autoptr(GByteArray) whole = g_byte_array_new();
	gsize size;
	const guint8 *increment = update_finish(bench->update, id, &size);

	g_byte_array_append(
	    whole, g_bytes_get_data(bench->file, NULL), (guint)g_bytes_get_size(bench->file));
	g_byte_array_append(whole, increment, (guint)size);
	return g_byte_array_free_to_bytes(g_steal_pointer(&whole));
}

static void
write_title(const Bench *bench, const char *title)
{
	update_begin(bench->update, bench->base);
	update_open(bench->update, bench->info_num, bench->info);
	g_string_append(update_out(bench->update), "/Title");
	syntax_put_text(update_out(bench->update), title);
	g_string_append(update_out(bench->update), ">>");
	update_close(bench->update);
}

/* What a reader finds as /KEY of the Info dictionary. */
static char *
read_info(const Bench *bench, GBytes *file, const char *key)
{
	fz_context *ctx = bench->maker->ctx;
	pdf_document *doc = open_document(bench, file);
	pdf_obj *info = pdf_dict_get(ctx, pdf_trailer(ctx, doc), PDF_NAME(Info));
	char *value = g_strdup(
	    pdf_dict_get_text_string(ctx, info, *key == 'T' ? PDF_NAME(Title) : PDF_NAME(Author)));

	g_assert_false(pdf_was_repaired(ctx, doc));
	pdf_drop_document(ctx, doc);
	return value;
}

static void
expect_sound(const Bench *bench, GBytes *file)
{
	static const char *const check[] = { "qpdf", "--check", "@", NULL };
	g_autofree char *said = shop_ask(&bench->shop, file, check);

	g_assert_nonnull(strstr(said, "No syntax or stream encoding errors"));
	g_assert_null(strstr(said, "WARNING"));
}

static void
test_texts(Bench *bench, gconstpointer data)
{
	g_autofree char *long_name = g_strnfill(300, '(');
	const char *const titles[] = { "", "Roma", "Roma (RM)", ")", "(", "\\", "\\)", "a\\\nb",
		">>\nendobj\n9 0 obj\n<</Title(x)>>", "a\rb\nc\td", "%PDF-1.4", "<4142>",
		"Čakovec, Ł, €, ñ, ß", "þÿ", "😀 𝔄", "Dvärg\u0301", "\x7f\x1b", long_name };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
		g_autoptr(GBytes) file = NULL;
		g_autofree char *title = NULL;
		g_autofree char *author = NULL;

		write_title(bench, titles[i]);
		file = finish(bench);
		title = read_info(bench, file, "Title");
		author = read_info(bench, file, "Author");
		g_assert_cmpstr(title, ==, titles[i]);
		g_assert_true(g_str_has_prefix(author, "ANCI"));
		if (i % 6 == 2)
			expect_sound(bench, file);
	}
}

static void
test_no_utf8(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	syntax_put_text(out, "a\xff\xc3");
	g_assert_cmpstr(out->str, ==, "<FEFF0061FFFDFFFD>");
}

static void
test_plain_only(void)
{
	for (int c = 1; c < 0x80; c++) {
		g_autoptr(GString) out = g_string_new(NULL);
		const char text[] = { (char)c, '\0' };

		syntax_put_text(out, text);
		if (strchr("()\\<>[]{}%\r\n\t\f\b", c) != NULL || c < ' ' || c == 0x7f)
			g_assert_cmpuint(out->len, ==, strlen("<FEFF0000>"));
	}
}

static void
test_numbers(void)
{
	static const struct {
		double number;
		const char *text;
	} rows[] = { { 0, "0 " }, { 1, "1 " }, { 0.5, "0.5 " }, { 7.25, "7.25 " },
		{ 595.276, "595.28 " }, { -0.04, "-0.04 " }, { -12.999, "-13 " }, { 0.001, "0 " } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		syntax_put_number(out, rows[i].number);
		g_assert_cmpstr(out->str, ==, rows[i].text);
	}
}

static void
test_streams(Bench *bench, gconstpointer data)
{
	fz_context *ctx = bench->maker->ctx;
	g_autoptr(GBytes) file = NULL;
	g_autofree char *wanted = g_strnfill(12345, 'x');
	pdf_document *doc;
	fz_buffer *buffer;
	int num;

	(void)data;
	write_title(bench, "x");
	num = update_add_number(bench->update);
	update_open_stream(bench->update, num, "<</Type/Test");
	g_string_append(update_out(bench->update), wanted);
	update_close_stream(bench->update);
	file = finish(bench);
	expect_sound(bench, file);
	doc = open_document(bench, file);
	buffer = pdf_load_stream_number(ctx, doc, num);
	g_assert_cmpstr(fz_string_from_buffer(ctx, buffer), ==, wanted);
	g_assert_cmpint(pdf_count_versions(ctx, doc), ==, 3);
	fz_drop_buffer(ctx, buffer);
	pdf_drop_document(ctx, doc);
}

static void
test_order(Bench *bench, gconstpointer data)
{
	g_autoptr(GBytes) file = NULL;
	g_autofree char *title = NULL;
	int first;
	int second;

	(void)data;
	update_begin(bench->update, bench->base);
	first = update_add_number(bench->update);
	second = update_add_number(bench->update);
	g_assert_cmpint(second, ==, first + 1);
	update_open(bench->update, second, "<</B 2>>");
	update_close(bench->update);
	update_open(bench->update, bench->info_num, bench->info);
	g_string_append(update_out(bench->update), "/Title(late)>>");
	update_close(bench->update);
	update_open(bench->update, first, "<</A 1>>");
	update_close(bench->update);
	file = finish(bench);
	expect_sound(bench, file);
	title = read_info(bench, file, "Title");
	g_assert_cmpstr(title, ==, "late");
}

static void
test_reuse(Bench *bench, gconstpointer data)
{
	g_autoptr(GBytes) first = NULL;
	g_autoptr(GBytes) again = NULL;

	(void)data;
	write_title(bench, "Roma");
	first = finish(bench);
	write_title(bench, "un altro, più lungo");
	(void)finish(bench);
	write_title(bench, "Roma");
	again = finish(bench);
	g_assert_true(g_bytes_equal(first, again));
}

static void
test_pattern(void)
{
	g_autofree char *text = g_strdup_printf(
	    "<a>%s</a><b>%s</b>%s", pattern_hole(1), pattern_hole(0), pattern_hole(1));
	g_autoptr(Pattern) pattern = pattern_new(text);
	g_autoptr(GString) out = g_string_new("!");
	const char *const values[] = { "</b>", "x&\"y\n" };

	pattern_fill(pattern, out, values, pattern_put_markup);
	g_assert_cmpstr(out->str, ==, "!<a>x&amp;&quot;y </a><b>&lt;/b&gt;</b>x&amp;&quot;y ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/update/what-is-not-utf8-becomes-the-replacement-character", test_no_utf8);
	g_test_add_func(
	    "/update/a-literal-string-holds-no-character-with-a-meaning", test_plain_only);
	g_test_add_func("/update/numbers-are-short", test_numbers);
	g_test_add_func("/update/a-pattern-escapes-what-fills-its-holes", test_pattern);
	g_test_add("/update/any-text-comes-back-as-it-was", Bench, NULL, open_bench, test_texts,
	    close_bench);
	g_test_add("/update/a-stream-knows-its-length", Bench, NULL, open_bench, test_streams,
	    close_bench);
	g_test_add("/update/objects-may-come-in-any-order", Bench, NULL, open_bench, test_order,
	    close_bench);
	g_test_add(
	    "/update/a-buffer-is-used-again", Bench, NULL, open_bench, test_reuse, close_bench);
	return g_test_run();
}
