/*
 * plico quarantine enter: a sheet that came back on paper, put before the person who types it in. A folder holds the sheet as a PDF to
 * fill, the pages as pictures, and a page for the browser with each question's piece of paper above its fields; it loads nothing from
 * anywhere and sends nothing.
 */
#include "base/durable.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "render/render.h"
#include "validate/validate.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define ABOVE 30.0 /* points of paper that are shown above the fields of a question: its text */
#define BELOW 10.0
#define LEFT  24.0
#define RIGHT 572.0

static char *folder;
static char *code;

static const GOptionEntry options[] = {
	{ "out", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_("the folder to make"), "DIR" },
	{ "sheet", 0, 0, G_OPTION_ARG_STRING, &code,
	    N_("which sheet it is, where no program can read it: the code at the foot of each of its pages"),
	    "CODE" },
	G_OPTION_ENTRY_NULL,
};

/* What stands in the folder. */
typedef struct {
	const App *app;
	const char *id;
	const EntryDesk *desk;
	GPtrArray *squares; /* of PaperSquare: one for each page of the desk */
	GString *html;
} Making;

static gboolean
write_file(const char *name, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return durable_replace(path, bytes, 0600, error);
}

/* --- the sheet ----------------------------------------------------------------------------------------------------------------- */

/* The fields in which something was read for certain; the others are as they left. */
static gboolean
write_sheet(const EntryDesk *desk, GError **error)
{
	g_autoptr(FieldSet) values = field_set_new();
	g_autoptr(GPtrArray) specs = form_view_fields(desk->view, desk->section);
	g_autoptr(GBytes) sheet = NULL;

	for (guint i = 0; i < specs->len; i++) {
		const char *name = ((const FieldSpec *)g_ptr_array_index(specs, i))->name;

		field_set_put(values, name, field_set_value(desk->fields, name));
	}
	sheet = render_fill(desk->sheet, values, error);
	return sheet != NULL && write_file("sheet.pdf", sheet, error);
}

/* --- the pages ------------------------------------------------------------------------------------------------------------------- */

static char *
page_name(guint i)
{
	return g_strdup_printf("page-%u.png", i + 1);
}

/* As the sheet lies; what cannot be squared, as it came. */
static gboolean
write_pages(const Making *making, GError **error)
{
	for (guint i = 0; i < making->desk->pages->len; i++) {
		const PaperPage *page = g_ptr_array_index(making->desk->pages, i);
		PaperSquare *square = collect_paper_square(making->desk->sheet, page, error);
		g_autofree char *name = page_name(i);
		g_autoptr(GBytes) png = NULL;

		if (square == NULL)
			return FALSE;
		g_ptr_array_add(making->squares, square);
		png = square->page > 0 ? g_bytes_ref(square->png) : collect_paper_page(page, error);
		if (png == NULL || !write_file(name, png, error))
			return FALSE;
	}
	return TRUE;
}

/* --- the page for the browser -------------------------------------------------------------------------------------------------------- */

static void G_GNUC_PRINTF(2, 3) put(const Making *making, const char *format, ...)
{
	va_list args;
	g_autofree char *text = NULL;

	va_start(args, format);
	text = g_markup_vprintf_escaped(format, args);
	va_end(args);
	g_string_append(making->html, text);
}

/* The fields of one question on one page. */
typedef struct {
	double top, bottom;
	gboolean any;
} Stretch;

static Stretch
stretch_of(const PaperSquare *square, const GPtrArray *specs)
{
	Stretch stretch = { G_MAXDOUBLE, 0, FALSE };

	for (guint i = 0; i < square->places->len; i++) {
		const PaperPlace *place = g_ptr_array_index(square->places, i);

		for (guint k = 0; k < specs->len; k++) {
			const FieldSpec *spec = g_ptr_array_index(specs, k);

			if (strcmp(spec->name, place->name) != 0)
				continue;
			stretch.top = MIN(stretch.top, place->top);
			stretch.bottom = MAX(stretch.bottom, place->bottom);
			stretch.any = TRUE;
		}
	}
	return stretch;
}

/* The pieces of paper with the question's fields. */
static void
put_paper(const Making *making, const GPtrArray *specs)
{
	for (guint i = 0; i < making->squares->len; i++) {
		const PaperSquare *square = g_ptr_array_index(making->squares, i);
		Stretch stretch = stretch_of(square, specs);
		g_autofree char *name = page_name(i);
		double top = MAX(stretch.top - ABOVE, 0);

		if (!stretch.any)
			continue;
		put(making,
		    "<a href=\"%s\" target=\"_blank\"><div class=\"paper\" style=\"background-image:url(%s);"
		    "background-position:-%dpx -%dpx;width:%dpx;height:%dpx\">",
		    name, name, (int)(LEFT * square->scale), (int)(top * square->scale),
		    (int)((RIGHT - LEFT) * square->scale),
		    (int)((stretch.bottom + BELOW - top) * square->scale));
		put(making, "<div class=\"own\" style=\"top:%dpx;height:%dpx\"></div></div></a>\n",
		    (int)((stretch.top - top) * square->scale),
		    (int)((stretch.bottom - stretch.top) * square->scale));
	}
}

/* Pages that could not be laid straight: what stands where on them nobody knows. */
static void
put_pages(const Making *making)
{
	for (guint i = 0; i < making->squares->len; i++) {
		const PaperSquare *square = g_ptr_array_index(making->squares, i);
		g_autofree char *name = page_name(i);

		if (square->page == 0)
			put(making,
			    "<section><a href=\"%s\" target=\"_blank\"><img src=\"%s\" alt=\"\"></a></section>\n",
			    name, name);
	}
}

static void
put_radio(const Making *making, const FieldSpec *spec, const char *value)
{
	const Form *form = form_view_form(making->desk->view);

	put(making, "<select name=\"%s\"><option value=\"\"></option>", spec->name);
	for (guint i = 0; i < spec->item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(spec->item->list->choices, i);

		put(making, "<option value=\"%s\"%s>%s</option>", choice->name,
		    strcmp(choice->name, value) == 0 ? " selected" : "",
		    form_text(form, choice->labels, form->default_lang));
	}
	g_string_append(making->html, "</select>");
}

static void
put_combo(const Making *making, const FieldSpec *spec, const char *value)
{
	put(making, "<select name=\"%s\"><option value=\"\"></option>", spec->name);
	for (guint i = 1; i <= spec->positions; i++) {
		g_autofree char *number = g_strdup_printf("%u", i);

		put(making, "<option%s>%s</option>", strcmp(number, value) == 0 ? " selected" : "",
		    number);
	}
	g_string_append(making->html, "</select>");
}

static void
put_input(const Making *making, const FieldSpec *spec, const char *value)
{
	switch (spec->kind) {
	case FIELD_RADIO:
		put_radio(making, spec, value);
		break;
	case FIELD_COMBO:
		put_combo(making, spec, value);
		break;
	case FIELD_CHECK:
		put(making, "<input type=\"checkbox\" name=\"%s\" value=\"" FIELD_ON "\"%s>",
		    spec->name, *value != '\0' ? " checked" : "");
		break;
	case FIELD_AREA:
		put(making, "<textarea name=\"%s\" rows=\"4\">%s</textarea>", spec->name, value);
		break;
	case FIELD_TEXT:
		put(making, "<input name=\"%s\" value=\"%s\">", spec->name, value);
		break;
	}
}

static void
put_field(const Making *making, const FieldSpec *spec)
{
	const EntryDesk *desk = making->desk;
	const Form *form = form_view_form(desk->view);
	gboolean open = g_hash_table_contains(desk->uncertain, spec->name);

	put(making, "<label class=\"%s\">", open ? "open" : "read");
	if (spec->choice != NULL)
		put(making, "<span>%s</span>",
		    form_text(form, spec->choice->labels, form->default_lang));
	put_input(making, spec, field_set_value(desk->fields, spec->name));
	g_string_append(making->html, "</label>\n");
}

static void
put_questions(const Making *making)
{
	const EntryDesk *desk = making->desk;
	const Form *form = form_view_form(desk->view);
	g_autoptr(GPtrArray) all = form_view_fields(desk->view, desk->section);
	const Item *last = NULL;

	for (guint i = 0; i < all->len; i++) {
		const Item *item = ((const FieldSpec *)g_ptr_array_index(all, i))->item;
		g_autoptr(GPtrArray) specs = NULL;

		if (item == last)
			continue;
		last = item;
		specs = form_item_fields(item);
		put(making, "<section><h2>%s %s <small>%s</small></h2>\n", form_item_number(item),
		    form_text(form, item->labels, form->default_lang), item->name);
		put_paper(making, specs);
		for (guint k = 0; k < specs->len; k++)
			put_field(making, g_ptr_array_index(specs, k));
		g_string_append(making->html, "</section>\n");
	}
}

/* What nobody types: the sheet's identity, and the access code, which a person's word replaces. */
static void
put_fixed(const Making *making)
{
	const EntryDesk *desk = making->desk;
	g_autoptr(GPtrArray) specs = form_view_fields(desk->view, desk->section);
	g_autoptr(GHashTable) shown = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GList) names =
	    g_list_sort(g_hash_table_get_keys(desk->fields), (GCompareFunc)strcmp);

	for (guint i = 0; i < specs->len; i++)
		g_hash_table_add(shown, ((const FieldSpec *)g_ptr_array_index(specs, i))->name);
	for (const GList *link = names; link != NULL; link = link->next)
		if (!g_hash_table_contains(shown, link->data))
			put(making, "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n",
			    (const char *)link->data,
			    strcmp(link->data, FIELD_CODE) == 0
				? ""
				: field_set_value(desk->fields, link->data));
}

static const char style[] =
    "body{font:16px/1.4 sans-serif;margin:0;color:#17324d;background:#f3f5f7}"
    "header,section,footer{box-sizing:border-box;max-width:1000px;margin:0 auto;padding:1em 1.5em}"
    "header h1{font-size:1.5em;margin:.3em 0}header p{margin:.3em 0}section{background:#fff;margin-bottom:1em;border-radius:6px;"
    "box-shadow:0 1px 3px #0003}h2{font-size:1em;margin:0 0 .5em}small{color:#5a6772;font-weight:normal}"
    ".paper{position:relative;border:1px solid #b1bdc7;margin:.4em 0;background-repeat:no-repeat;max-width:100%;box-sizing:border-box}"
    ".own{position:absolute;left:0;right:0;box-shadow:inset 5px 0 #0066cc}img{max-width:100%;border:1px solid #b1bdc7}"
    "label{display:flex;align-items:center;gap:1em;padding:.4em .7em;margin:.2em 0;border-left:6px solid #2e7d32;background:#f1f7f1}"
    "label.open{background:#fff3c4;border-color:#d98e00}label span{flex:1}"
    "input:not([type=checkbox]),textarea,select{font:inherit;flex:1;padding:.3em;border:1px solid #5a6772;border-radius:4px}"
    "input[type=checkbox]{width:1.3em;height:1.3em;order:-1}:focus{outline:3px solid #0066cc}"
    "footer{position:sticky;bottom:0;background:#fff;border-top:2px solid #0066cc;text-align:right}"
    "button{font:inherit;font-weight:bold;padding:.5em 1.4em;color:#fff;background:#0066cc;border:0;border-radius:4px;cursor:pointer}";

static const char script[] =
    "document.querySelector('form').addEventListener('submit',function(e){e.preventDefault();"
    "var q=function(t){return '\"'+t.replace(/\\r\\n/g,'\\n').replace(/\"/g,'\"\"')+'\"'},text='field,value\\n';"
    "Array.prototype.forEach.call(this.elements,function(f){if(f.name)"
    "text+=q(f.name)+','+q(f.type==='checkbox'&&!f.checked?'':f.value)+'\\n'});"
    "var a=document.createElement('a');a.href=URL.createObjectURL(new Blob([text],{type:'text/csv'}));"
    "a.download=this.id+'.csv';document.body.appendChild(a);a.click();a.remove()});";

static gboolean
write_html(const Making *making, GError **error)
{
	const EntryDesk *desk = making->desk;
	g_autoptr(GBytes) bytes = NULL;

	g_string_append(making->html,
	    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src file: data: 'self'; "
	    "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">");
	put(making, "<title>%s %s</title><style>", desk->unit->name, desk->section->name);
	g_string_append(making->html, style);
	put(making,
	    "</style></head><body><header><h1>%s %s, %s %s</h1>\n<p>%s</p></header>\n<form id=\"values-%s\">\n",
	    desk->unit->code, desk->unit->name, _("section"), desk->section->number,
	    _("Green: read for certain, to be compared. Yellow: to be typed from the paper above. Then save, and give the file to plico quarantine accept --values."),
	    making->id);
	put_fixed(making);
	put_pages(making);
	put_questions(making);
	put(making, "<footer><button>%s</button></footer></form><script>", _("Save the answers"));
	g_string_append(making->html, script);
	g_string_append(making->html, "</script></body></html>\n");
	bytes = g_bytes_new(making->html->str, making->html->len);
	return write_file("index.html", bytes, error);
}

/* --- the verb ----------------------------------------------------------------------------------------------------------------------------- */

static gboolean
make_folder(GError **error)
{
	if (folder == NULL)
		return fail(error, PLICO_ERROR_USAGE, _("say where to: --out DIR"));
	if (g_mkdir(folder, 0700) == 0)
		return TRUE;
	return fail(error, errno == EEXIST ? PLICO_ERROR_USAGE : PLICO_ERROR_IO, "%s: %s", folder,
	    g_strerror(errno));
}

static gboolean
make_all(Making *making, GError **error)
{
	return make_folder(error) && write_sheet(making->desk, error) &&
	       write_pages(making, error) && write_html(making, error);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(Form) form = cmd_form(app, error);
	g_autofree char *kept = cmd_path(app, "archive/forms");
	g_autoptr(FormShelf) shelf = form != NULL ? form_shelf_new(form, kept) : NULL;
	const IntakeTools tools = { app->store, app->config, app->keyring, form, shelf, NULL };
	g_autoptr(GPtrArray) list =
	    form != NULL ? intake_pending(app->store, words[0], error) : NULL;
	g_autoptr(GPtrArray) squares =
	    g_ptr_array_new_with_free_func((GDestroyNotify)paper_square_free);
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(EntryDesk) desk = NULL;
	Making making = { app, words[0], NULL, squares, html };

	if (list == NULL)
		return FALSE;
	if (list->len == 0 || ((const Pending *)g_ptr_array_index(list, 0))->is_message)
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    _("%s: no return that waits; plico quarantine list shows them"), words[0]);
	collect_prepare();
	desk =
	    intake_desk(&tools, ((const Pending *)g_ptr_array_index(list, 0))->number, code, error);
	making.desk = desk;
	if (desk == NULL || !make_all(&making, error))
		return FALSE;
	g_print(
	    _("%s/index.html: the paper beside its questions; %s/sheet.pdf: the same as a form to fill\n"),
	    folder, folder);
	g_print(_("then: plico quarantine accept %s --values FILE\n"), words[0]);
	return TRUE;
}

const Command command_quarantine_enter = {
	.name = "quarantine enter",
	.words = "NO.",
	.summary = N_("read a scanned sheet with your own eyes, and type it in"),
	.help = N_(
	    "Makes a folder: a page for the browser that shows each question's piece of paper above its fields, filled in as far as it could be read for certain; the sheet itself to be filled in a PDF viewer; the pages as pictures, laid straight. What you save, from either, goes to plico quarantine accept --values."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};
