/* Whose a page says that it is. */
#include "validate/paper_claim.h"

#include <string.h>

#define CODE_PARTS 6

static void
claim_clear(Claim *claim)
{
	g_free(claim->edition);
	g_free(claim->unit);
	g_free(claim->section);
	g_free(claim->serial);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Claim, claim_clear)

static void
bundle_free(gpointer data)
{
	Bundle *bundle = data;

	g_ptr_array_unref(bundle->pages);
	claim_clear(&bundle->claim);
	g_free(bundle);
}

/* Whether @name is written @said in a QR. */
static gboolean
is_written(const char *name, const char *said)
{
	for (; *name != '\0' && *said != '\0'; name++, said++)
		if ((*name == '_' ? '-' : g_ascii_toupper(*name)) != *said)
			return FALSE;
	return *name == *said;
}

/* The name of a section of @form that is written so; what is none stays as it is said. */
static char *
section_said(const Form *form, const char *said)
{
	if (is_written(FORM_DELEGATION, said))
		return g_strdup(FORM_DELEGATION);
	for (guint i = 0; i < form->sections->len; i++) {
		const Section *section = g_ptr_array_index(form->sections, i);

		if (is_written(section->name, said))
			return g_strdup(section->name);
	}
	return g_ascii_strdown(said, -1);
}

static gboolean
read_claim(const Form *form, const char *code, Claim *out)
{
	g_auto(GStrv) parts = g_strsplit(code, ":", CODE_PARTS + 1);

	if (g_strv_length(parts) != CODE_PARTS)
		return FALSE;
	out->text = code;
	out->edition =
	    is_written(form->id, parts[1]) ? g_strdup(form->id) : g_ascii_strdown(parts[1], -1);
	out->unit = g_strdup(parts[2]);
	out->section = section_said(form, parts[3]);
	out->serial = g_strdup(parts[4]);
	return TRUE;
}

static Bundle *
find_bundle(const GPtrArray *bundles, const char *code)
{
	for (guint i = 0; i < bundles->len; i++) {
		Bundle *bundle = g_ptr_array_index(bundles, i);

		if (strcmp(bundle->claim.text, code) == 0)
			return bundle;
	}
	return NULL;
}

/* What stands at the foot of a page is read as the QR beside it would be. */
static void
spell_out(const Form *form, GPtrArray *pages)
{
	for (guint i = 0; i < pages->len; i++) {
		PaperPage *page = g_ptr_array_index(pages, i);
		char *full = sheet_code_long(form->id, page->code);

		if (full == NULL)
			continue;
		g_free(page->code);
		page->code = full;
	}
}

GPtrArray *
paper_bundles(const Form *form, GPtrArray *pages)
{
	GPtrArray *bundles = g_ptr_array_new_with_free_func(bundle_free);

	spell_out(form, pages);
	for (guint i = 0; i < pages->len; i++) {
		const PaperPage *page = g_ptr_array_index(pages, i);
		g_auto(Claim) claim = { NULL };
		Bundle *bundle;

		if (find_bundle(bundles, page->code) != NULL ||
		    bundles->len == COLLECT_PDFS_LIMIT || !read_claim(form, page->code, &claim))
			continue;
		bundle = g_new0(Bundle, 1);
		bundle->pages = g_ptr_array_new();
		bundle->claim = claim;
		claim = (Claim){ NULL };
		g_ptr_array_add(bundles, bundle);
	}
	for (guint i = 0; i < bundles->len; i++) {
		Bundle *bundle = g_ptr_array_index(bundles, i);

		for (guint k = 0; k < pages->len; k++) {
			PaperPage *page = g_ptr_array_index(pages, k);

			if (find_bundle(bundles, page->code) == NULL ||
			    strcmp(page->code, bundle->claim.text) == 0)
				g_ptr_array_add(bundle->pages, page);
		}
	}
	return bundles;
}
