#include "layout/canvas.h"

#include "base/durable.h"
#include "base/error.h"

#include <gio/gio.h>
#include <hpdf.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#define SLANT "0.21"

typedef struct {
	const char *resource;
	HPDF_Font font;
} Loaded;

/* Of a plain artifact: its end is written when something else begins. */
typedef enum { ARTIFACT_NONE, ARTIFACT_OPEN, ARTIFACT_ENDED } Artifact;

struct Canvas {
	HPDF_Doc doc;
	HPDF_Page page;
	Loaded faces[FACES];
	HPDF_STATUS status; /* of the first failure */
	int next_mcid;
	Artifact artifact;
	/* what the page draws with; negative: not known */
	Ink fill;
	Ink stroke;
	double line;
	Face face;
	double size;
	Drawing drawing;
	Face kept[FACES]; /* in that order the first fonts of each page */
	guint kept_count;
	GArray *open;	  /* of int: positions of the open blocks */
	const char *lang; /* (nullable): of the blocks that come */
};

/* --- operators -------------------------------------------------------------------------------- */

/* Written here, not by libhpdf: it writes five digits behind the point, and colour and font anew for each shape, which is a tenth of
 * a page's bytes. */
static void
raw(Canvas *canvas, const char *operators)
{
	const HPDF_PageAttr_Rec *attr = canvas->page->attr;

	if (canvas->artifact == ARTIFACT_ENDED) {
		HPDF_Stream_WriteStr(attr->stream, "EMC\n");
		canvas->artifact = ARTIFACT_NONE;
	}
	HPDF_Stream_WriteStr(attr->stream, operators);
}

/* With as many digits behind the point as it needs, up to @digits. */
static void
put_number(GString *out, double number, const char *digits)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	gsize size;

	g_ascii_formatd(text, sizeof text, digits, number);
	size = strlen(text);
	while (text[size - 1] == '0')
		size--;
	if (text[size - 1] == '.')
		size--;
	g_string_append_len(out, text, (gssize)size);
	g_string_append_c(out, ' ');
}

static void
put_point(GString *out, double x, double y)
{
	put_number(out, x, "%.2f");
	put_number(out, CANVAS_HEIGHT - y, "%.2f");
}

static gboolean
same_ink(Ink a, Ink b)
{
	return fabs(a.red - b.red) + fabs(a.green - b.green) + fabs(a.blue - b.blue) < 0.0001;
}

/* @pen: what the page has, negative where that is not known. */
static void
put_ink(GString *out, Ink *pen, Ink ink, const char *operator)
{
	if (same_ink(*pen, ink))
		return;
	put_number(out, ink.red, "%.3f");
	put_number(out, ink.green, "%.3f");
	put_number(out, ink.blue, "%.3f");
	g_string_append(out, operator);
	*pen = ink;
}

/* The page as it begins, or behind something that is not known yet (ISO 32000-1, 8.4). */
static void
forget_state(Canvas *canvas)
{
	const Ink none = { -1, -1, -1 };

	canvas->fill = none;
	canvas->stroke = none;
	canvas->line = -1;
	canvas->size = -1;
}

static void
end_page(Canvas *canvas)
{
	if (canvas->artifact == ARTIFACT_ENDED)
		raw(canvas, "");
}

/* --- the document ------------------------------------------------------------------------------- */

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
	canvas->drawing.holes = g_array_new(FALSE, FALSE, sizeof(guint));
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
	g_ptr_array_unref(canvas->drawing.widgets);
	g_array_unref(canvas->drawing.blocks);
	g_array_unref(canvas->drawing.holes);
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
	end_page(canvas);
	canvas->page = HPDF_AddPage(canvas->doc);
	HPDF_Page_SetSize(canvas->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
	canvas->drawing.pages++;
	canvas->next_mcid = 0;
	forget_state(canvas);
	for (guint i = 0; i < canvas->kept_count; i++)
		(void)HPDF_Page_GetLocalFontName(canvas->page, canvas->faces[canvas->kept[i]].font);
}

/* libhpdf embeds the glyphs that were measured. */
void
canvas_keep_repertoire(Canvas *canvas, Face face, Repertoire repertoire)
{
	g_autofree char *all = measure_characters(repertoire);

	(void)HPDF_Font_TextWidth(
	    canvas->faces[face].font, (const HPDF_BYTE *)all, (HPDF_UINT)strlen(all));
	canvas->kept[canvas->kept_count++] = face;
}

/* --- text ------------------------------------------------------------------------------------- */

static void
put_font(Canvas *canvas, GString *out, const Style *style)
{
	if (canvas->face == style->face && fabs(canvas->size - style->size) < 0.0001)
		return;
	g_string_append_printf(
	    out, "/%s ", HPDF_Page_GetLocalFontName(canvas->page, canvas->faces[style->face].font));
	put_number(out, style->size, "%.2f");
	g_string_append(out, "Tf\n");
	canvas->face = style->face;
	canvas->size = style->size;
}

/* As UTF-16, whose codes the fonts have; libhpdf embeds the glyphs that it has measured. */
static void
put_codes(Canvas *canvas, GString *out, Face face, const char *text)
{
	(void)HPDF_Font_TextWidth(
	    canvas->faces[face].font, (const HPDF_BYTE *)text, (HPDF_UINT)strlen(text));
	g_string_append_c(out, '<');
	for (; *text != '\0'; text = g_utf8_next_char(text))
		g_string_append_printf(out, "%04X", g_utf8_get_char(text));
	g_string_append(out, "> Tj\nET\n");
}

static void
write_turned(
    Canvas *canvas, const Style *style, const char *turn, double x, double y, const char *text)
{
	g_autofree char *clean = measure_drawable(text);
	g_autoptr(GString) out = g_string_new("BT\n");

	if (*clean == '\0')
		return;
	put_font(canvas, out, style);
	put_ink(out, &canvas->fill, style->ink, "rg\n");
	g_string_append(out, turn);
	put_point(out, x, y);
	g_string_append(out, "Tm\n");
	put_codes(canvas, out, style->face, clean);
	raw(canvas, out->str);
}

void
canvas_write(Canvas *canvas, const Style *style, double x, double y, const char *text)
{
	write_turned(canvas, style, style->oblique ? "1 0 " SLANT " 1 " : "1 0 0 1 ", x, y, text);
}

void
canvas_write_upright(Canvas *canvas, const Style *style, double x, double y, const char *text)
{
	write_turned(canvas, style, style->oblique ? "0 1 -1 " SLANT " " : "0 1 -1 0 ", x, y, text);
}

/* --- shapes ----------------------------------------------------------------------------------- */

static void
put_stroke(Canvas *canvas, GString *out, Ink ink, double line)
{
	put_ink(out, &canvas->stroke, ink, "RG\n");
	if (fabs(canvas->line - line) < 0.0001)
		return;
	put_number(out, line, "%.2f");
	g_string_append(out, "w\n");
	canvas->line = line;
}

static void
put_rectangle(GString *out, Box box)
{
	put_point(out, box.x, box.y + box.height);
	put_number(out, box.width, "%.2f");
	put_number(out, box.height, "%.2f");
	g_string_append(out, "re\n");
}

void
canvas_fill(Canvas *canvas, Ink ink, Box box)
{
	g_autoptr(GString) out = g_string_new(NULL);

	put_ink(out, &canvas->fill, ink, "rg\n");
	put_rectangle(out, box);
	g_string_append(out, "f\n");
	raw(canvas, out->str);
}

void
canvas_frame(Canvas *canvas, Ink ink, double line, Box box)
{
	g_autoptr(GString) out = g_string_new(NULL);

	put_stroke(canvas, out, ink, line);
	put_rectangle(out, box);
	g_string_append(out, "S\n");
	raw(canvas, out->str);
}

/* A quarter of the circle about @x, @y; from (@a, @b) to (@c, @d), a quarter turn apart. */
static void
put_quarter(GString *out, double x, double y, double a, double b, double c, double d)
{
	const double arc = 0.552; /* of the radius: how far the handles of the curve reach */

	put_point(out, x + a + arc * c, y + b + arc * d);
	put_point(out, x + c + arc * a, y + d + arc * b);
	put_point(out, x + c, y + d);
	g_string_append(out, "c\n");
}

void
canvas_ring(Canvas *canvas, Ink ink, double line, Box box)
{
	const Ink white = { 1, 1, 1 };
	const double r = box.width / 2;
	const double x = box.x + r;
	const double y = box.y + box.height / 2;
	g_autoptr(GString) out = g_string_new(NULL);

	put_ink(out, &canvas->fill, white, "rg\n");
	put_stroke(canvas, out, ink, line);
	put_point(out, x - r, y);
	g_string_append(out, "m\n");
	put_quarter(out, x, y, -r, 0, 0, -r);
	put_quarter(out, x, y, 0, -r, r, 0);
	put_quarter(out, x, y, r, 0, 0, r);
	put_quarter(out, x, y, 0, r, -r, 0);
	g_string_append(out, "B\n");
	raw(canvas, out->str);
}

void
canvas_line(Canvas *canvas, Ink ink, double line, double x1, double y1, double x2, double y2)
{
	g_autoptr(GString) out = g_string_new(NULL);

	put_stroke(canvas, out, ink, line);
	put_point(out, x1, y1);
	g_string_append(out, "m\n");
	put_point(out, x2, y2);
	g_string_append(out, "l\nS\n");
	raw(canvas, out->str);
}

void
canvas_place(Canvas *canvas, const char *name, Box box)
{
	g_autoptr(GString) out = g_string_new("q 1 0 0 1 ");

	put_point(out, box.x, box.y + box.height);
	g_string_append_printf(out, "cm /%s Do Q\n", name);
	raw(canvas, out->str);
}

/* --- marked content --------------------------------------------------------------------------- */

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
canvas_hole(Canvas *canvas)
{
	guint page = canvas->drawing.pages - 1;

	raw(canvas, DRAWING_HOLE);
	forget_state(canvas);
	g_array_append_val(canvas->drawing.holes, page);
}

void
canvas_reserve(Canvas *canvas, const char *tag)
{
	(void)add_block(canvas, tag, canvas->next_mcid++, -1);
}

void
canvas_begin_artifact(Canvas *canvas)
{
	if (canvas->artifact != ARTIFACT_ENDED)
		raw(canvas, "/Artifact BMC\n");
	canvas->artifact = ARTIFACT_OPEN;
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

/* An artifact may go on: boxes in a row are one. */
void
canvas_end(Canvas *canvas)
{
	if (canvas->artifact == ARTIFACT_OPEN)
		canvas->artifact = ARTIFACT_ENDED;
	else
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

	end_page(canvas);
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
