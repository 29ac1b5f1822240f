/*
 * mupdf looks up each name that it reads (ISO 32000-1, 7.3.5) by bisection in its table of five hundred, ten comparisons for what is
 * the most frequent thing in a form. Here they are hashed: the linker has mupdf's pdf_new_name() called by way of this file (--wrap).
 */
#include "collect/pdf_names.h"

#include <glib.h>
#include <string.h>

#define SLOTS 2048 /* a power of two, several times the names */

/* The linker's words for mupdf's own, which is not there where it does not wrap (only plico-reader does), and for what is called. */
pdf_obj *__real_pdf_new_name(fz_context *ctx, const char *name) __attribute__((weak));
pdf_obj *__wrap_pdf_new_name(fz_context *ctx, const char *name);

#define PDF_MAKE_NAME(STRING, NAME) [PDF_ENUM_NAME_##NAME] = STRING,
static const char *const names[PDF_ENUM_LIMIT] = {
#include <mupdf/pdf/name-table.h>
};
#undef PDF_MAKE_NAME

/* Of names, each as near behind its own slot as there is room; 0: free. */
static guint16 slots[SLOTS];

static guint
slot_of(const char *name)
{
	guint hash = 5381;

	for (; *name != '\0'; name++)
		hash = hash * 33 + (guchar)*name;
	return hash % SLOTS;
}

void
pdf_names_prepare(fz_context *ctx)
{
	if (__real_pdf_new_name == NULL)
		return;
	for (guint16 i = PDF_ENUM_FALSE + 1; i < PDF_ENUM_LIMIT; i++) {
		guint slot = slot_of(names[i]);
		pdf_obj *own = __real_pdf_new_name(ctx, names[i]);
		gboolean found = own == (pdf_obj *)(gsize)i;

		/* mupdf does not find all of its own: so its answers stay the same */
		pdf_drop_obj(ctx, own);
		while (found && slots[slot] != 0 && slots[slot] != i)
			slot = (slot + 1) % SLOTS;
		if (found)
			slots[slot] = i;
	}
}

/* mupdf's numbers for names are no objects: nothing is counted, nothing to be freed. */
pdf_obj *
__wrap_pdf_new_name(fz_context *ctx, const char *name)
{
	for (guint slot = slot_of(name); slots[slot] != 0; slot = (slot + 1) % SLOTS)
		if (strcmp(names[slots[slot]], name) == 0)
			return (pdf_obj *)(gsize)slots[slot];
	return __real_pdf_new_name(ctx, name);
}
