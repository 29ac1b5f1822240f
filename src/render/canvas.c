#include "render/canvas.h"

#include "base/durable.h"
#include "base/error.h"

#include <gio/gio.h>
#include <hpdf.h>
#include <string.h>
#include <sys/mman.h>

#define SLANT 0.21

typedef struct {
	const char *resource;
	HPDF_Font font;
} Loaded;

struct Canvas {
	HPDF_Doc doc;
	HPDF_Page page;
	Loaded faces[FACES];
	HPDF_STATUS status; /* of the first failure */
	int next_mcid;
	Drawing drawing;
	Face kept[FACES]; /* in that order the first fonts of each page */
	guint kept_count;
	GArray *open;	  /* of int: positions of the open blocks */
	const char *lang; /* (nullable): of the blocks that come */
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
	canvas->page = HPDF_AddPage(canvas->doc);
	HPDF_Page_SetSize(canvas->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
	canvas->drawing.pages++;
	canvas->next_mcid = 0;
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
	g_autofree char *clean = measure_drawable(text);

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
canvas_hole(Canvas *canvas)
{
	guint page = canvas->drawing.pages - 1;

	raw(canvas, DRAWING_HOLE);
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
