#include "pdf/prefill.h"

#include "base/error.h"

#include <string.h>

#define FIELDS_MOST 5000

/* A widget that can be on or off. */
typedef struct {
	int num;
	char *head; /* without /AS, and without /V where it is the field itself */
	char *on;   /* its other state than Off: ASCII letters, digits and "_" */
} Button;

typedef struct {
	char *name;
	int num;
	char *
	    head; /* of a radio group without /V, of a text without /V and /AP; NULL of a check box */
	GArray *buttons;  /* of Button; NULL for texts */
	char *appearance; /* of a text: the form XObject's head, with the embedded font */
	gboolean multiline;
	gboolean quiet;
	double width;
	double height;
} Field;

struct PdfPrefill {
	GPtrArray *fields; /* of Field, in the form's order */
	int font;
};

static void
button_clear(gpointer data)
{
	Button *button = data;

	g_free(button->head);
	g_free(button->on);
}

static void
field_free(gpointer data)
{
	Field *field = data;

	g_clear_pointer(&field->buttons, g_array_unref);
	g_free(field->name);
	g_free(field->head);
	g_free(field->appearance);
	g_free(field);
}

void
pdf_prefill_free(PdfPrefill *prefill)
{
	if (prefill == NULL)
		return;
	g_ptr_array_unref(prefill->fields);
	g_free(prefill);
}

/* --- reading a template ------------------------------------------------------------------------------- */

/* The name of the state in which a widget is on. It becomes PDF syntax, therefore the check. */
static const char *
on_state(fz_context *ctx, pdf_obj *widget)
{
	pdf_obj *states = pdf_dict_getp(ctx, widget, "AP/N");

	for (int i = 0; i < pdf_dict_len(ctx, states); i++) {
		const char *name = pdf_to_name(ctx, pdf_dict_get_key(ctx, states, i));

		if (strcmp(name, "Off") != 0 && *name != '\0' &&
		    name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_")] == '\0')
			return name;
	}
	fz_throw(ctx, FZ_ERROR_GENERIC, "%s", _("a button of the template has no state to be on"));
}

static void
read_button(fz_context *ctx, pdf_document *doc, Field *field, pdf_obj *widget)
{
	static const char *const changed[] = { "V", "AS", NULL };
	Button button = { .num = pdf_to_num(ctx, widget) };

	button.on = g_strdup(on_state(ctx, widget));
	g_array_append_val(field->buttons, button);
	g_array_index(field->buttons, Button, field->buttons->len - 1).head =
	    pdf_read_head(ctx, doc, button.num, changed);
}

static void
read_buttons(fz_context *ctx, pdf_document *doc, Field *field, pdf_obj *obj)
{
	static const char *const changed[] = { "V", NULL };
	pdf_obj *kids = pdf_dict_get(ctx, obj, PDF_NAME(Kids));

	field->buttons = g_array_new(FALSE, TRUE, sizeof(Button));
	g_array_set_clear_func(field->buttons, button_clear);
	if (kids == NULL)
		read_button(ctx, doc, field, obj);
	else
		field->head = pdf_read_head(ctx, doc, field->num, changed);
	for (int i = 0; i < pdf_array_len(ctx, kids); i++)
		read_button(ctx, doc, field, pdf_array_get(ctx, kids, i));
}

/* The dictionary of the blank appearance, but with the font. */
static char *
read_appearance(fz_context *ctx, pdf_document *doc, int font, pdf_obj *blank)
{
	static const char *const changed[] = { "Resources", NULL };
	g_autofree char *head = NULL;

	if (blank == NULL) /* it shows nothing */
		return NULL;
	head = pdf_read_head(ctx, doc, pdf_to_num(ctx, blank), changed);
	return g_strdup_printf("%s/Resources<</Font<</" PDF_FONT_OWN " %d 0 R>>>>", head, font);
}

static void
read_text(fz_context *ctx, pdf_document *doc, int font, Field *field, pdf_obj *obj)
{
	static const char *const changed[] = { "V", "AP", NULL };
	fz_rect rect = pdf_dict_get_rect(ctx, obj, PDF_NAME(Rect));
	int flags = pdf_dict_get_int(ctx, obj, PDF_NAME(Ff));

	field->head = pdf_read_head(ctx, doc, field->num, changed);
	field->appearance = read_appearance(
	    ctx, doc, font, pdf_dict_get(ctx, pdf_dict_get(ctx, obj, PDF_NAME(AP)), PDF_NAME(N)));
	field->multiline = (flags & PDF_TX_FIELD_IS_MULTILINE) != 0;
	field->quiet = (flags & PDF_FIELD_IS_READ_ONLY) != 0;
	field->width = (double)(rect.x1 - rect.x0);
	field->height = (double)(rect.y1 - rect.y0);
}

static void
read_field(fz_context *ctx, pdf_document *doc, PdfPrefill *prefill, pdf_obj *obj)
{
	Field *field = g_new0(Field, 1);

	g_ptr_array_add(prefill->fields, field);
	field->num = pdf_to_num(ctx, obj);
	field->name = g_strdup(pdf_dict_get_text_string(ctx, obj, PDF_NAME(T)));
	if (pdf_name_eq(ctx, pdf_dict_get(ctx, obj, PDF_NAME(FT)), PDF_NAME(Btn)))
		read_buttons(ctx, doc, field, obj);
	else
		read_text(ctx, doc, prefill->font, field, obj);
}

PdfPrefill *
pdf_prefill_new(fz_context *ctx, pdf_document *doc)
{
	PdfPrefill *prefill = g_new0(PdfPrefill, 1);

	prefill->fields = g_ptr_array_new_with_free_func(field_free);
	fz_try(ctx)
	{
		pdf_obj *form = pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/AcroForm");
		pdf_obj *fields = pdf_dict_get(ctx, form, PDF_NAME(Fields));
		int count = MIN(pdf_array_len(ctx, fields), FIELDS_MOST);

		prefill->font = pdf_to_num(ctx, pdf_dict_getp(ctx, form, "DR/Font/" PDF_FONT_OWN));
		for (int i = 0; i < count; i++)
			read_field(ctx, doc, prefill, pdf_array_get(ctx, fields, i));
	}
	fz_catch(ctx)
	{
		pdf_prefill_free(prefill);
		fz_rethrow(ctx);
	}
	return prefill;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

static void
put_name(GString *out, const char *key, const char *name)
{
	g_string_append(out, key);
	g_string_append(out, name);
}

static gboolean
write_button(PdfUpdate *update, const Field *field, const char *value, GError **error)
{
	GString *out = update_out(update);
	const char *found = NULL;

	for (guint i = 0; i < field->buttons->len; i++) {
		const Button *button = &g_array_index(field->buttons, Button, i);

		if (strcmp(button->on, value) != 0)
			continue;
		found = button->on;
		update_open(update, button->num, button->head);
		if (field->head == NULL)
			put_name(out, "/V/", found);
		put_name(out, "/AS/", found);
		g_string_append(out, ">>");
		update_close(update);
	}
	if (found == NULL)
		return fail(
		    error, PLICO_ERROR_INPUT, _("the field %s cannot be %s"), field->name, value);
	if (field->head != NULL) {
		update_open(update, field->num, field->head);
		put_name(out, "/V/", found);
		g_string_append(out, ">>");
		update_close(update);
	}
	return TRUE;
}

static void
write_appearance(PdfMaker *maker, PdfUpdate *update, int num, const Field *field, const char *value)
{
	update_open_stream(update, num, field->appearance);
	pdf_put_field_text(maker, update_out(update),
	    &(PdfFieldText){ field->width, field->height, field->multiline, field->quiet, value });
	update_close_stream(update);
}

static void
write_text(PdfMaker *maker, PdfUpdate *update, const Field *field, const char *value)
{
	GString *out = update_out(update);
	int num = 0;

	update_open(update, field->num, field->head);
	g_string_append(out, "/V");
	syntax_put_text(out, value);
	if (field->appearance != NULL) {
		num = update_add_number(update);
		g_string_append(out, "/AP<</N ");
		syntax_put_int(out, num);
		g_string_append(out, " 0 R>>");
	}
	g_string_append(out, ">>");
	update_close(update);
	if (num != 0)
		write_appearance(maker, update, num, field, value);
}

gboolean
pdf_prefill_write(PdfMaker *maker, const PdfPrefill *prefill, PdfUpdate *update,
    const FieldSet *values, GError **error)
{
	guint known = 0;

	/* in the form's order: a set of values has none, and equal input shall give equal bytes */
	for (guint i = 0; i < prefill->fields->len; i++) {
		const Field *field = g_ptr_array_index(prefill->fields, i);
		const char *value = field_set_value(values, field->name);

		known += field_set_has(values, field->name) ? 1 : 0;
		if (*value == '\0')
			continue;
		if (field->buttons == NULL)
			write_text(maker, update, field, value);
		else if (!write_button(update, field, value, error))
			return FALSE;
	}
	if (known != g_hash_table_size((FieldSet *)(gsize)values))
		return fail(error, PLICO_ERROR_INPUT, _("a value is for no field of this sheet"));
	return TRUE;
}
