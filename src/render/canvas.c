#include "render/canvas.h"

#include "base/durable.h"
#include "base/error.h"

#include <gio/gio.h>
#include <hpdf.h>
#include <string.h>
#include <sys/mman.h>

#define BASIC_PLANE 0x10000
#define SLANT	    0.21

typedef enum { GLYPH_UNKNOWN, GLYPH_THERE, GLYPH_MISSING } Glyph;

typedef struct {
	const char *resource;
	HPDF_Font font;
	guint8
	    *glyphs; /* Glyph of each character of the basic plane: libhpdf searches long for one */
} Loaded;

struct Canvas {
	HPDF_Doc doc;
	HPDF_Page page;
	Loaded faces[FACES];
	HPDF_STATUS status; /* of the first failure */
	int next_mcid;
	Drawing drawing;
	GArray *open;	  /* of int: positions of the open blocks */
	const char *lang; /* (nullable): of the blocks that come */
};

/* The characters that the fonts of this program hold: Makefile, pyftsubset. */
static const struct {
	gunichar first;
	gunichar last;
} repertoire[] = {
	{ 0x20, 0x7e },
	{ 0xa0, 0x17f },
	{ 0x192, 0x192 },
	{ 0x218, 0x21b },
	{ 0x2c6, 0x2c6 },
	{ 0x2dc, 0x2dc },
	{ 0x2010, 0x2026 },
	{ 0x2030, 0x2030 },
	{ 0x2039, 0x203a },
	{ 0x20ac, 0x20ac },
	{ 0x2122, 0x2122 },
	{ 0x2190, 0x2193 },
	{ 0x2212, 0x2212 },
	{ 0x25a0, 0x25a0 },
	{ 0x25cb, 0x25cb },
	{ 0x25cf, 0x25cf },
};

static void
on_error(HPDF_STATUS status, HPDF_STATUS detail, void *data)
{
	Canvas *canvas = data;

	(void)detail;
	if (canvas->status == 0)
		canvas->status = status;
}

/* libhpdf reads fonts from files only: the font goes into one that has no name. */
static gboolean
load_font(Canvas *canvas, Loaded *face, GError **error)
{
	g_autoptr(GBytes) bytes =
	    g_resources_lookup_data(face->resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	g_autofree char *path = NULL;
	g_auto(Fd) fd = -1;
	const char *name;

	if (bytes == NULL)
		return FALSE;
	fd = memfd_create("font", MFD_CLOEXEC);
	if (fd < 0)
		return fail_errno(error, "memfd_create");
	if (!durable_write_all(fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error))
		return FALSE;
	path = g_strdup_printf("/proc/self/fd/%d", fd);
	name = HPDF_LoadTTFontFromFile(canvas->doc, path, HPDF_TRUE);
	face->font = name != NULL ? HPDF_GetFont(canvas->doc, name, "UTF-8") : NULL;
	if (face->font == NULL)
		return fail(error, PLICO_ERROR_IO, _("%s: libhpdf cannot read the font (0x%lx)"),
		    face->resource, canvas->status);
	return TRUE;
}

Canvas *
canvas_new(Face last, GError **error)
{
	static const char *const resources[FACES] = {
		[FACE_REGULAR] = "/plico/fonts/LiberationSans-Regular.ttf",
		[FACE_BOLD] = "/plico/fonts/LiberationSans-Bold.ttf",
		[FACE_MONO] = "/plico/fonts/LiberationMono-Bold.ttf",
	};
	g_autoptr(Canvas) canvas = g_new0(Canvas, 1);

	canvas->drawing.widgets = g_ptr_array_new_with_free_func((GDestroyNotify)widget_free);
	canvas->drawing.blocks = g_array_new(FALSE, FALSE, sizeof(Block));
	canvas->open = g_array_new(FALSE, FALSE, sizeof(int));
	canvas->doc = HPDF_New(on_error, canvas);
	if (canvas->doc == NULL) {
		fail(error, PLICO_ERROR_IO, _("libhpdf cannot begin a document"));
		return NULL;
	}
	HPDF_UseUTFEncodings(canvas->doc);
	HPDF_SetCurrentEncoder(canvas->doc, "UTF-8");
	HPDF_SetCompressionMode(canvas->doc, HPDF_COMP_ALL);
	for (gsize i = 0; i <= last; i++) {
		canvas->faces[i].resource = resources[i];
		canvas->faces[i].glyphs = g_new0(guint8, BASIC_PLANE);
		if (!load_font(canvas, &canvas->faces[i], error))
			return NULL;
	}
	return g_steal_pointer(&canvas);
}

void
canvas_free(Canvas *canvas)
{
	if (canvas == NULL)
		return;
	if (canvas->doc != NULL)
		HPDF_Free(canvas->doc);
	for (gsize i = 0; i < FACES; i++)
		g_free(canvas->faces[i].glyphs);
	g_ptr_array_unref(canvas->drawing.widgets);
	g_array_unref(canvas->drawing.blocks);
	g_array_unref(canvas->open);
	g_free(canvas);
}

void
canvas_set_info(Canvas *canvas, const char *title, const char *author)
{
	HPDF_SetInfoAttr(canvas->doc, HPDF_INFO_TITLE, title);
	HPDF_SetInfoAttr(canvas->doc, HPDF_INFO_AUTHOR, author);
	HPDF_SetInfoAttr(canvas->doc, HPDF_INFO_CREATOR, "plico " PLICO_VERSION);
}

void
canvas_add_page(Canvas *canvas)
{
	canvas->page = HPDF_AddPage(canvas->doc);
	HPDF_Page_SetSize(canvas->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
	canvas->drawing.pages++;
	canvas->next_mcid = 0;
}

/* libhpdf embeds the glyphs that were measured. */
void
canvas_keep_repertoire(Canvas *canvas, Face face)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(repertoire); i++)
		for (gunichar c = repertoire[i].first; c <= repertoire[i].last; c++)
			g_string_append_unichar(all, c);
	(void)HPDF_Font_TextWidth(
	    canvas->faces[face].font, (const HPDF_BYTE *)all->str, (HPDF_UINT)all->len);
}

/* --- text ------------------------------------------------------------------------------------- */

static gboolean
has_glyph(const Canvas *canvas, Face face, gunichar c)
{
	const Loaded *loaded = &canvas->faces[face];
	const HPDF_FontAttr_Rec *attr = loaded->font->attr;

	if (c < 0x20 || c >= BASIC_PLANE)
		return FALSE;
	if (loaded->glyphs[c] == GLYPH_UNKNOWN)
		loaded->glyphs[c] = HPDF_TTFontDef_GetGlyphid(attr->fontdef, (HPDF_UINT16)c) != 0
					? GLYPH_THERE
					: GLYPH_MISSING;
	return loaded->glyphs[c] == GLYPH_THERE;
}

gboolean
canvas_can_draw(const Canvas *canvas, const char *text, gunichar *missing)
{
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c != '\n' && !has_glyph(canvas, FACE_REGULAR, c)) {
			*missing = c;
			return FALSE;
		}
	}
	return TRUE;
}

/* @text with what @face cannot draw as its base letter, or as "?": libhpdf would lose it without a word. */
static char *
drawable(const Canvas *canvas, Face face, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	g_autoptr(GString) out = g_string_new(NULL);

	for (const char *at = composed; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

		if (!has_glyph(canvas, face, c)) {
			(void)g_unichar_fully_decompose(c, TRUE, base, G_N_ELEMENTS(base));
			c = has_glyph(canvas, face, base[0]) ? base[0] : '?';
		}
		g_string_append_unichar(out, c);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static double
measure(const Canvas *canvas, const Style *style, const char *text, gsize size)
{
	HPDF_TextWidth width = HPDF_Font_TextWidth(
	    canvas->faces[style->face].font, (const HPDF_BYTE *)text, (HPDF_UINT)size);

	return (double)width.width * style->size / 1000.0;
}

double
canvas_text_width(const Canvas *canvas, const Style *style, const char *text)
{
	g_autofree char *clean = drawable(canvas, style->face, text);

	return measure(canvas, style, clean, strlen(clean));
}

/* Where the piece of a line that begins at @from may end: behind blanks, behind / and - inside a word. */
static const char *
piece_end(const char *from)
{
	const char *at = from;

	for (; *at != '\0' && *at != '\n'; at++) {
		if (*at == ' ')
			return at + strspn(at, " ");
		if ((*at == '/' || *at == '-') && at - from >= 3 && g_ascii_isalpha(at[1]))
			return at + 1;
	}
	return at;
}

/* How much of @text, one piece wider than @width, fits: at least one character. */
static gsize
split_piece(const Canvas *canvas, const Style *style, const char *text, gsize size, double width)
{
	const char *end = g_utf8_next_char(text);

	while (end < text + size &&
	       measure(canvas, style, text, (gsize)(g_utf8_next_char(end) - text)) <= width)
		end = g_utf8_next_char(end);
	return (gsize)(end - text);
}

static void
end_line(GPtrArray *lines, GString *line)
{
	while (line->len > 0 && line->str[line->len - 1] == ' ')
		g_string_truncate(line, line->len - 1);
	g_ptr_array_add(lines, g_strdup(line->str));
	g_string_truncate(line, 0);
}

char **
canvas_wrap(const Canvas *canvas, const Style *style, const char *text, double width)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new();
	g_autoptr(GString) line = g_string_new(NULL);
	double used = 0;

	for (const char *at = text; *at != '\0';) {
		gsize size = (gsize)(piece_end(at) - at);
		gsize blanks = 0;
		double piece = measure(canvas, style, at, size);

		while (blanks < size && at[size - blanks - 1] == ' ')
			blanks++;
		if (line->len > 0 && used + measure(canvas, style, at, size - blanks) > width) {
			end_line(lines, line);
			used = 0;
		}
		if (line->len == 0 && measure(canvas, style, at, size - blanks) > width) {
			size = split_piece(canvas, style, at, size - blanks, width);
			piece = width;
		}
		g_string_append_len(line, at, (gssize)size);
		used += piece;
		at += size;
		if (*at == '\n') {
			end_line(lines, line);
			used = 0;
			at++;
		}
	}
	if (line->len > 0 || lines->len == 0)
		end_line(lines, line);
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&lines), FALSE);
}

char *
canvas_clip(const Canvas *canvas, const Style *style, const char *text, double width)
{
	g_autoptr(GString) cut = g_string_new(text);

	if (canvas_text_width(canvas, style, text) <= width)
		return g_strdup(text);
	while (cut->len > 0) {
		g_autofree char *shown = NULL;

		g_string_truncate(
		    cut, (gsize)(g_utf8_find_prev_char(cut->str, cut->str + cut->len) - cut->str));
		shown = g_strconcat(g_strchomp(cut->str), "…", NULL);
		cut->len = strlen(cut->str);
		if (canvas_text_width(canvas, style, shown) <= width)
			return g_steal_pointer(&shown);
	}
	return g_strdup("");
}

static void
use_fill(Canvas *canvas, Ink ink)
{
	HPDF_Page_SetRGBFill(
	    canvas->page, (HPDF_REAL)ink.red, (HPDF_REAL)ink.green, (HPDF_REAL)ink.blue);
}

typedef struct {
	double a, b, c, d;
} Turn; /* of the text matrix: ISO 32000-1, 9.4.2 */

static void
write_turned(Canvas *canvas, const Style *style, Turn turn, double x, double y, const char *text)
{
	g_autofree char *clean = drawable(canvas, style->face, text);

	if (*clean == '\0')
		return;
	HPDF_Page_BeginText(canvas->page);
	HPDF_Page_SetFontAndSize(
	    canvas->page, canvas->faces[style->face].font, (HPDF_REAL)style->size);
	use_fill(canvas, style->ink);
	HPDF_Page_SetTextMatrix(canvas->page, (HPDF_REAL)turn.a, (HPDF_REAL)turn.b,
	    (HPDF_REAL)turn.c, (HPDF_REAL)turn.d, (HPDF_REAL)x, (HPDF_REAL)(CANVAS_HEIGHT - y));
	HPDF_Page_ShowText(canvas->page, clean);
	HPDF_Page_EndText(canvas->page);
}

void
canvas_write(Canvas *canvas, const Style *style, double x, double y, const char *text)
{
	write_turned(canvas, style, (Turn){ 1, 0, style->oblique ? SLANT : 0, 1 }, x, y, text);
}

void
canvas_write_upright(Canvas *canvas, const Style *style, double x, double y, const char *text)
{
	write_turned(canvas, style, (Turn){ 0, 1, -1, style->oblique ? SLANT : 0 }, x, y, text);
}

/* --- shapes ----------------------------------------------------------------------------------- */

static void
use_stroke(Canvas *canvas, Ink ink, double line)
{
	HPDF_Page_SetRGBStroke(
	    canvas->page, (HPDF_REAL)ink.red, (HPDF_REAL)ink.green, (HPDF_REAL)ink.blue);
	HPDF_Page_SetLineWidth(canvas->page, (HPDF_REAL)line);
}

static void
add_rectangle(Canvas *canvas, Box box)
{
	HPDF_Page_Rectangle(canvas->page, (HPDF_REAL)box.x,
	    (HPDF_REAL)(CANVAS_HEIGHT - box.y - box.height), (HPDF_REAL)box.width,
	    (HPDF_REAL)box.height);
}

void
canvas_fill(Canvas *canvas, Ink ink, Box box)
{
	use_fill(canvas, ink);
	add_rectangle(canvas, box);
	HPDF_Page_Fill(canvas->page);
}

void
canvas_frame(Canvas *canvas, Ink ink, double line, Box box)
{
	use_stroke(canvas, ink, line);
	add_rectangle(canvas, box);
	HPDF_Page_Stroke(canvas->page);
}

void
canvas_ring(Canvas *canvas, Ink ink, double line, Box box)
{
	const Ink white = { 1, 1, 1 };

	use_fill(canvas, white);
	use_stroke(canvas, ink, line);
	HPDF_Page_Circle(canvas->page, (HPDF_REAL)(box.x + box.width / 2),
	    (HPDF_REAL)(CANVAS_HEIGHT - box.y - box.height / 2), (HPDF_REAL)(box.width / 2));
	HPDF_Page_FillStroke(canvas->page);
}

void
canvas_line(Canvas *canvas, Ink ink, double line, double x1, double y1, double x2, double y2)
{
	use_stroke(canvas, ink, line);
	HPDF_Page_MoveTo(canvas->page, (HPDF_REAL)x1, (HPDF_REAL)(CANVAS_HEIGHT - y1));
	HPDF_Page_LineTo(canvas->page, (HPDF_REAL)x2, (HPDF_REAL)(CANVAS_HEIGHT - y2));
	HPDF_Page_Stroke(canvas->page);
}

void
canvas_qr(Canvas *canvas, Box box, const guint8 *modules, guint side)
{
	const Ink black = { 0, 0, 0 };
	double module = box.width / (side + 8);

	use_fill(canvas, black);
	for (guint row = 0; row < side; row++) {
		for (guint column = 0; column < side; column++) {
			guint run = 0;
			Box dark = { box.x + (4 + column) * module, box.y + (4 + row) * module, 0,
				module };

			while (column + run < side && (modules[row * side + column + run] & 1) != 0)
				run++;
			if (run == 0)
				continue;
			dark.width = run * module;
			add_rectangle(canvas, dark);
			column += run;
		}
	}
	HPDF_Page_Fill(canvas->page);
}

/* --- raw operators ---------------------------------------------------------------------------- */

static void
raw(Canvas *canvas, const char *operators)
{
	const HPDF_PageAttr_Rec *attr = canvas->page->attr;

	HPDF_Stream_WriteStr(attr->stream, operators);
}

void
canvas_place(Canvas *canvas, const char *name, Box box)
{
	char x[G_ASCII_DTOSTR_BUF_SIZE];
	char y[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *operators = g_strdup_printf("q 1 0 0 1 %s %s cm /%s Do Q\n",
	    g_ascii_formatd(x, sizeof x, "%.2f", box.x),
	    g_ascii_formatd(y, sizeof y, "%.2f", CANVAS_HEIGHT - box.y - box.height), name);

	raw(canvas, operators);
}

static int
add_block(Canvas *canvas, const char *tag, int mcid, int widget)
{
	Block block = { .tag = tag,
		.parent = -1,
		.page = canvas->drawing.pages - 1,
		.mcid = mcid,
		.widget = widget,
		.lang = canvas->lang };

	if (canvas->open->len > 0)
		block.parent = g_array_index(canvas->open, int, canvas->open->len - 1);
	g_array_append_val(canvas->drawing.blocks, block);
	return (int)canvas->drawing.blocks->len - 1;
}

void
canvas_set_lang(Canvas *canvas, const char *lang)
{
	canvas->lang = lang != NULL ? g_intern_string(lang) : NULL;
}

void
canvas_begin(Canvas *canvas, const char *tag)
{
	g_autofree char *operators =
	    g_strdup_printf("/%s <</MCID %d>> BDC\n", tag, canvas->next_mcid);

	(void)add_block(canvas, tag, canvas->next_mcid++, -1);
	raw(canvas, operators);
}

void
canvas_begin_artifact(Canvas *canvas)
{
	raw(canvas, "/Artifact BMC\n");
}

void
canvas_begin_header(Canvas *canvas)
{
	raw(canvas, "/Artifact <</Type /Pagination /Subtype /Header /Attached [/Top]>> BDC\n");
}

void
canvas_begin_footer(Canvas *canvas)
{
	raw(canvas, "/Artifact <</Type /Pagination /Subtype /Footer /Attached [/Bottom]>> BDC\n");
}

void
canvas_end(Canvas *canvas)
{
	raw(canvas, "EMC\n");
}

void
canvas_open(Canvas *canvas, const char *tag)
{
	int position = add_block(canvas, tag, -1, -1);

	g_array_append_val(canvas->open, position);
}

void
canvas_close(Canvas *canvas)
{
	g_array_set_size(canvas->open, canvas->open->len - 1);
}

void
canvas_add_widget(Canvas *canvas, const Widget *widget, const char *tag)
{
	Widget *placed = widget_copy(widget);

	placed->page = canvas->drawing.pages - 1;
	g_ptr_array_add(canvas->drawing.widgets, placed);
	(void)add_block(canvas, tag, -1, (int)canvas->drawing.widgets->len - 1);
}

const Drawing *
canvas_drawing(const Canvas *canvas)
{
	return &canvas->drawing;
}

GBytes *
canvas_save(Canvas *canvas, GError **error)
{
	g_autofree guint8 *data = NULL;
	HPDF_UINT32 size = 0;
	HPDF_UINT32 got;

	if (canvas->status == 0)
		(void)HPDF_SaveToStream(canvas->doc);
	if (canvas->status == 0)
		size = HPDF_GetStreamSize(canvas->doc);
	got = size;
	data = g_malloc(size);
	if (canvas->status == 0 &&
	    (HPDF_ResetStream(canvas->doc) != HPDF_OK ||
		HPDF_ReadFromStream(canvas->doc, data, &got) != HPDF_OK || got != size))
		canvas->status = HPDF_FILE_IO_ERROR;
	if (canvas->status != 0) {
		fail(error, PLICO_ERROR_IO, _("libhpdf cannot draw the document (0x%lx)"),
		    canvas->status);
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&data), size);
}
