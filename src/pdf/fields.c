/* The fields of a form and their widgets (ISO 32000-1, 12.7). No JavaScript, no NeedAppearances: every client that was
 * tried fills the fields without, and either would make some of them draw what they cannot. */
#include "pdf/template.h"

#include <string.h>

#define RADIO_ON                                                                                   \
	"0 g 9 6 m 9 7.66 7.66 9 6 9 c 4.34 9 3 7.66 3 6 c 3 4.34 4.34 3 6 3 c 7.66 3 9 4.34 9 6 c f"
#define CHECK_ON   "0 G 1.6 w 1 J 2.7 2.7 m 9.3 9.3 l S 2.7 9.3 m 9.3 2.7 l S"
#define TEXT_LOOK  "/" PDF_FONT_VIEWER " 10 Tf 0 g"
#define QUIET_LOOK "/" PDF_FONT_VIEWER " 8.5 Tf 0.33 g"
#define BUTTON	   12.0 /* side of the appearance of buttons; a widget scales it */

enum { FIRST_CODE = 1, LAST_CODE = 0xff }; /* of the font that viewers write with */

/* Letters of Italy's neighbours in codes that WinAnsiEncoding leaves free, lest viewers leave holes in names: by the
 * names of the Adobe Glyph List, as ISO 14289-1, 7.21.6 demands. */
static const struct {
	int code;
	const char *name;
	int letter;
} beyond[] = {
	{ 1, "Ccaron", 0x10c },
	{ 2, "ccaron", 0x10d },
	{ 3, "Cacute", 0x106 },
	{ 4, "cacute", 0x107 },
	{ 5, "Dcroat", 0x110 },
	{ 6, "dcroat", 0x111 },
	{ 7, "Lslash", 0x141 },
	{ 8, "lslash", 0x142 },
	{ 14, "Nacute", 0x143 },
	{ 15, "nacute", 0x144 },
	{ 16, "Aogonek", 0x104 },
	{ 17, "aogonek", 0x105 },
	{ 18, "Eogonek", 0x118 },
	{ 19, "eogonek", 0x119 },
	{ 20, "Sacute", 0x15a },
	{ 21, "sacute", 0x15b },
	{ 22, "Zacute", 0x179 },
	{ 23, "zacute", 0x17a },
	{ 24, "Zdotaccent", 0x17b },
	{ 25, "zdotaccent", 0x17c },
	{ 26, "Ohungarumlaut", 0x150 },
	{ 27, "ohungarumlaut", 0x151 },
	{ 28, "Uhungarumlaut", 0x170 },
	{ 29, "uhungarumlaut", 0x171 },
	{ 30, "Ecaron", 0x11a },
	{ 31, "ecaron", 0x11b },
	{ 127, "Rcaron", 0x158 },
	{ 129, "rcaron", 0x159 },
	{ 141, "Uring", 0x16e },
	{ 143, "uring", 0x16f },
	{ 144, "Abreve", 0x102 },
	{ 157, "abreve", 0x103 },
};

enum { FLAG_HIDDEN = 1 << 1, FLAG_PRINT = 1 << 2 }; /* of annotations: 12.5.3 */

static int
shared_form(PdfBuild *build, double width, double height, const char *content)
{
	g_autofree char *key = g_strdup_printf("%.2f %.2f %s", width, height, content);
	gpointer found = g_hash_table_lookup(build->forms, key);

	if (found == NULL) {
		found = GINT_TO_POINTER(
		    pdf_new_form(build->ctx, build->doc, width, height, content, 0));
		g_hash_table_insert(build->forms, g_steal_pointer(&key), found);
	}
	return GPOINTER_TO_INT(found);
}

/* The appearance dictionary of all buttons with one export name. */
static int
shared_button(PdfBuild *build, const Widget *widget)
{
	fz_context *ctx = build->ctx;
	gboolean radio = widget->kind == FIELD_RADIO;
	g_autofree char *key = g_strdup_printf("%d/%s", radio, widget->on);
	gpointer found = g_hash_table_lookup(build->forms, key);
	int num;
	pdf_obj *normal;

	if (found != NULL)
		return GPOINTER_TO_INT(found);
	normal = pdf_dict_put_dict(ctx, pdf_new_dict_object(ctx, build->doc, &num), PDF_NAME(N), 2);
	pdf_put_ref(ctx, normal, widget->on,
	    shared_form(build, BUTTON, BUTTON, radio ? RADIO_ON : CHECK_ON));
	pdf_put_ref(ctx, normal, "Off", shared_form(build, BUTTON, BUTTON, "\n"));
	g_hash_table_insert(build->forms, g_steal_pointer(&key), GINT_TO_POINTER(num));
	return num;
}

/* What viewers that draw buttons themselves mark them with (12.5.6.19): one dictionary for all that have it. */
static int
shared_mark(PdfBuild *build, const char *caption)
{
	fz_context *ctx = build->ctx;
	g_autofree char *key = g_strconcat("CA ", caption, NULL);
	gpointer found = g_hash_table_lookup(build->forms, key);
	int num;

	if (found != NULL)
		return GPOINTER_TO_INT(found);
	pdf_dict_put_text_string(
	    ctx, pdf_new_dict_object(ctx, build->doc, &num), PDF_NAME(CA), caption);
	g_hash_table_insert(build->forms, g_steal_pointer(&key), GINT_TO_POINTER(num));
	return num;
}

/* Makes @widget, the object @num, an annotation of @page. */
static void
annotate(PdfBuild *build, guint page, fz_rect rect, int flags, pdf_obj *widget, int num)
{
	fz_context *ctx = build->ctx;
	pdf_obj *dict = pdf_lookup_page_obj(ctx, build->doc, (int)page);
	pdf_obj *annotations = pdf_dict_get(ctx, dict, PDF_NAME(Annots));

	pdf_dict_put(ctx, widget, PDF_NAME(Subtype), PDF_NAME(Widget));
	pdf_dict_put_rect(ctx, widget, PDF_NAME(Rect), rect);
	pdf_dict_put_int(ctx, widget, PDF_NAME(F), flags);
	pdf_put_ref(ctx, widget, "P", build->pages[page]);
	if (annotations == NULL)
		annotations = pdf_dict_put_array(ctx, dict, PDF_NAME(Annots), 40);
	pdf_push_ref(ctx, annotations, num);
}

static void
make_button(PdfBuild *build, pdf_obj *dict, const Widget *widget)
{
	fz_context *ctx = build->ctx;

	pdf_dict_put(ctx, dict, PDF_NAME(AS), PDF_NAME(Off));
	pdf_put_ref(ctx, dict, "AP", shared_button(build, widget));
	pdf_put_ref(ctx, dict, "MK", shared_mark(build, widget->kind == FIELD_RADIO ? "l" : "8"));
}

static void
make_combo(PdfBuild *build, pdf_obj *dict, const Widget *widget)
{
	fz_context *ctx = build->ctx;
	pdf_obj *options = pdf_dict_put_array(ctx, dict, PDF_NAME(Opt), (int)widget->positions + 1);

	pdf_array_push_text_string(ctx, options, "");
	for (guint i = 1; i <= widget->positions; i++) {
		char number[12];

		(void)g_snprintf(number, sizeof number, "%u", i);
		pdf_array_push_text_string(ctx, options, number);
	}
	pdf_dict_put_int(ctx, dict, PDF_NAME(Ff), PDF_CH_FIELD_IS_COMBO);
}

static fz_rect
page_rect(Box box)
{
	const double page_height = 841.89;

	return fz_make_rect(pdf_hundredths(box.x), pdf_hundredths(page_height - box.y - box.height),
	    pdf_hundredths(box.x + box.width), pdf_hundredths(page_height - box.y));
}

static void
make_text(PdfBuild *build, pdf_obj *dict, const Widget *widget)
{
	fz_context *ctx = build->ctx;
	fz_rect rect = page_rect(widget->box);
	pdf_obj *appearance;

	pdf_dict_put(
	    ctx, dict, PDF_NAME(FT), widget->kind == FIELD_COMBO ? PDF_NAME(Ch) : PDF_NAME(Tx));
	pdf_dict_put_text_string(ctx, dict, PDF_NAME(DA), widget->quiet ? QUIET_LOOK : TEXT_LOOK);
	pdf_dict_put_text_string(ctx, dict, PDF_NAME(V), "");
	if (widget->quiet)
		pdf_dict_put_int(ctx, dict, PDF_NAME(Ff), PDF_FIELD_IS_READ_ONLY);
	if (widget->max_length > 0)
		pdf_dict_put_int(ctx, dict, PDF_NAME(MaxLen), widget->max_length);
	if (widget->kind == FIELD_AREA)
		pdf_dict_put_int(ctx, dict, PDF_NAME(Ff), PDF_TX_FIELD_IS_MULTILINE);
	if (widget->kind == FIELD_COMBO)
		make_combo(build, dict, widget);
	/* a viewer replaces what the dictionary names, so that the dictionary cannot be shared */
	appearance = pdf_dict_put_dict(ctx, dict, PDF_NAME(AP), 1);
	pdf_put_ref(ctx, appearance, "N",
	    shared_form(
		build, (double)(rect.x1 - rect.x0), (double)(rect.y1 - rect.y0), "/Tx BMC EMC\n"));
}

/* The byte of @c in PDFDocEncoding (ISO 32000-1, D.2); 0: it has none. */
static guchar
doc_code(gunichar c)
{
	for (guint code = 0x20; code <= LAST_CODE; code++)
		if (fz_unicode_from_pdf_doc_encoding[code] == c)
			return (guchar)code;
	return 0;
}

/* Returns: (transfer full): one byte a letter where that can say it: mupdf writes anything beyond ASCII with four digits a letter. */
static pdf_obj *
new_text(fz_context *ctx, const char *text)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	/* what begins with such a letter could be taken for the mark of UTF-16 */
	gboolean fits = g_ascii_isprint(*text);

	for (const char *at = text; fits && *at != '\0'; at = g_utf8_next_char(at)) {
		guchar code = doc_code(g_utf8_get_char(at));

		g_string_append_c(bytes, (char)code);
		fits = code != 0;
	}
	return fits ? pdf_new_string(ctx, bytes->str, bytes->len) : pdf_new_text_string(ctx, text);
}

/* The tooltip is an object of its own: half of a field's bytes, which a viewer would write again with each answer, and who reads
 * answers would go through. */
static void
put_tip(PdfBuild *build, pdf_obj *dict, const char *tip)
{
	fz_context *ctx = build->ctx;
	pdf_obj *text = new_text(ctx, tip);

	fz_try(ctx)
	{
		pdf_dict_put_drop(ctx, dict, PDF_NAME(TU), pdf_add_object(ctx, build->doc, text));
	}
	fz_always(ctx)
	{
		pdf_drop_obj(ctx, text);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}

/* The field of a radio group, to which its buttons belong. Clicking a chosen button again takes the choice back. */
static pdf_obj *
make_radio_group(PdfBuild *build, const Widget *widget, pdf_obj *dict, int num)
{
	fz_context *ctx = build->ctx;

	pdf_dict_put(ctx, dict, PDF_NAME(FT), PDF_NAME(Btn));
	pdf_dict_put_int(ctx, dict, PDF_NAME(Ff), PDF_BTN_FIELD_IS_RADIO);
	pdf_dict_put_text_string(ctx, dict, PDF_NAME(T), widget->name);
	put_tip(build, dict, widget->group_tip);
	pdf_dict_put(ctx, dict, PDF_NAME(V), PDF_NAME(Off));
	pdf_push_ref(ctx, build->fields, num);
	return pdf_dict_put_array(ctx, dict, PDF_NAME(Kids), 6);
}

/* What becomes of a Widget, and of the group whose first button it is. */
typedef struct {
	pdf_obj *dict;
	pdf_obj *group; /* NULL: it begins none */
	int group_num;
} Made;

/* The objects of all widgets, empty: with numbers in a row, so that what a viewer saves is a short table, which readers walk through
 * for every other object. Returns: (transfer full): by position */
static Made *
make_all(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	const GPtrArray *widgets = build->drawing->widgets;
	Made *made = g_new0(Made, widgets->len);
	const char *group = "";

	for (guint i = 0; i < widgets->len; i++) {
		const Widget *widget = g_ptr_array_index(widgets, i);
		gboolean begins = widget->kind == FIELD_RADIO && strcmp(group, widget->name) != 0;

		made[i].dict = pdf_new_dict_object(ctx, build->doc, &build->widgets[i]);
		if (begins)
			made[i].group = pdf_new_dict_object(ctx, build->doc, &made[i].group_num);
		group = begins ? widget->name : group;
	}
	return made;
}

static void
make_field(PdfBuild *build, const Widget *widget, pdf_obj *dict, int num)
{
	fz_context *ctx = build->ctx;

	pdf_push_ref(ctx, build->fields, num);
	pdf_dict_put_text_string(ctx, dict, PDF_NAME(T), widget->name);
	if (widget->kind == FIELD_CHECK) {
		pdf_dict_put(ctx, dict, PDF_NAME(FT), PDF_NAME(Btn));
		pdf_dict_put(ctx, dict, PDF_NAME(V), PDF_NAME(Off));
		make_button(build, dict, widget);
	} else {
		make_text(build, dict, widget);
	}
}

static void
add_widgets(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	g_autofree Made *made = make_all(build);
	pdf_obj *kids = NULL;
	int parent = 0;

	for (guint i = 0; i < build->drawing->widgets->len; i++) {
		const Widget *widget = g_ptr_array_index(build->drawing->widgets, i);
		pdf_obj *dict = made[i].dict;
		int num = build->widgets[i];

		annotate(build, widget->page, page_rect(widget->box), FLAG_PRINT, dict, num);
		put_tip(build, dict, widget->tip);
		if (made[i].group != NULL) {
			parent = made[i].group_num;
			kids = make_radio_group(build, widget, made[i].group, parent);
		}
		if (widget->kind == FIELD_RADIO) {
			pdf_put_ref(ctx, dict, "Parent", parent);
			pdf_push_ref(ctx, kids, num);
			make_button(build, dict, widget);
		} else {
			make_field(build, widget, dict, num);
		}
	}
}

static void
add_identity(PdfBuild *build)
{
	fz_context *ctx = build->ctx;

	for (gsize i = 0; i < IDENTITY_FIELDS; i++) {
		int *num = &build->template->identity[i];
		pdf_obj *dict = pdf_new_dict_object(ctx, build->doc, num);

		annotate(build, 0, fz_make_rect(0, 0, 0, 0), FLAG_HIDDEN, dict, *num);
		pdf_dict_put(ctx, dict, PDF_NAME(FT), PDF_NAME(Tx));
		pdf_dict_put_text_string(ctx, dict, PDF_NAME(T), pdf_identity_fields[i]);
		pdf_dict_put_text_string(ctx, dict, PDF_NAME(V), "");
		pdf_dict_put_int(ctx, dict, PDF_NAME(Ff), PDF_FIELD_IS_READ_ONLY);
		pdf_push_ref(ctx, build->fields, *num);
	}
}

static void
put_encoding(fz_context *ctx, pdf_obj *font)
{
	pdf_obj *encoding = pdf_dict_put_dict(ctx, font, PDF_NAME(Encoding), 3);
	pdf_obj *differences;

	pdf_dict_put_name(ctx, encoding, PDF_NAME(Type), "Encoding");
	pdf_dict_put_name(ctx, encoding, PDF_NAME(BaseEncoding), "WinAnsiEncoding");
	differences =
	    pdf_dict_put_array(ctx, encoding, PDF_NAME(Differences), 2 * (int)G_N_ELEMENTS(beyond));
	for (gsize i = 0; i < G_N_ELEMENTS(beyond); i++) {
		if (i == 0 || beyond[i].code != beyond[i - 1].code + 1)
			pdf_array_push_int(ctx, differences, beyond[i].code);
		pdf_array_push_name(ctx, differences, beyond[i].name);
	}
}

static int
letter_of(int code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(beyond); i++)
		if (beyond[i].code == code)
			return beyond[i].letter;
	return code < ' ' ? ' ' : fz_unicode_from_windows_1252[code];
}

/* What viewers write with: the embedded font, as a simple one in the code page that all of them know and a little more
 * (ISO 32000-1, 9.6.3 and Annex D). Named and measured like Helvetica, for which it stands in. */
static int
add_viewer_font(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	pdf_obj *own = pdf_new_indirect(ctx, build->doc, build->own, 0);
	pdf_obj *descendant =
	    pdf_array_get(ctx, pdf_dict_get(ctx, own, PDF_NAME(DescendantFonts)), 0);
	int num;
	pdf_obj *font = pdf_new_dict_object(ctx, build->doc, &num);
	pdf_obj *widths;

	pdf_dict_put(ctx, font, PDF_NAME(Type), PDF_NAME(Font));
	pdf_dict_put(ctx, font, PDF_NAME(Subtype), PDF_NAME(TrueType));
	pdf_dict_put(
	    ctx, font, PDF_NAME(BaseFont), pdf_dict_get(ctx, descendant, PDF_NAME(BaseFont)));
	pdf_dict_put(ctx, font, PDF_NAME(FontDescriptor),
	    pdf_dict_get(ctx, descendant, PDF_NAME(FontDescriptor)));
	put_encoding(ctx, font);
	pdf_dict_put_int(ctx, font, PDF_NAME(FirstChar), FIRST_CODE);
	pdf_dict_put_int(ctx, font, PDF_NAME(LastChar), LAST_CODE);
	widths = pdf_dict_put_array(ctx, font, PDF_NAME(Widths), LAST_CODE - FIRST_CODE + 1);
	for (int code = FIRST_CODE; code <= LAST_CODE; code++) {
		char text[6];
		int size = g_unichar_to_utf8((gunichar)letter_of(code), text);

		pdf_array_push_int(ctx, widths,
		    (int)(pdf_glyphs_width(build->maker->glyphs, text, (gsize)size) * 1000));
	}
	pdf_drop_obj(ctx, own);
	return num;
}

void
pdf_add_fields(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	pdf_obj *root = pdf_dict_get(ctx, pdf_trailer(ctx, build->doc), PDF_NAME(Root));
	int num;
	pdf_obj *form = pdf_new_dict_object(ctx, build->doc, &num);
	pdf_obj *fonts = pdf_dict_put_dict(
	    ctx, pdf_dict_put_dict(ctx, form, PDF_NAME(DR), 1), PDF_NAME(Font), 3);

	pdf_put_ref(ctx, root, "AcroForm", num);
	pdf_put_ref(ctx, fonts, PDF_FONT_VIEWER, add_viewer_font(build));
	pdf_put_ref(ctx, fonts, PDF_FONT_OWN, build->own);
	pdf_dict_put_text_string(ctx, form, PDF_NAME(DA), TEXT_LOOK);
	build->fields = pdf_dict_put_array(ctx, form, PDF_NAME(Fields), 100);
	add_widgets(build);
	add_identity(build);
}
