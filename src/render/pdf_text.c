/* Texts written into a finished file, in its embedded fonts: widths and codes from a table, without mupdf. */
#include "render/pdf_mupdf.h"
#include "render/pdf_update.h"

#include <string.h>

#define TABLE_SIZE                                                                                 \
	0x2800 /* the fonts' glyphs lie below; what is above becomes its base letter or "?" */

typedef struct {
	guint16 code; /* shown for the character of this position; 0: not looked up */
	float width;  /* of @code, at size 1 */
} Glyph;

struct PdfGlyphs {
	Glyph table[TABLE_SIZE];
};

PdfGlyphs *
pdf_glyphs_new(fz_context *ctx, fz_font *font)
{
	PdfGlyphs *glyphs = g_new0(PdfGlyphs, 1);

	fz_var(glyphs);
	fz_try(ctx)
	{
		for (gunichar c = 1; c < TABLE_SIZE; c++) {
			int glyph = fz_encode_character(ctx, font, (int)c);

			if (glyph <= 0)
				continue;
			glyphs->table[c].code = (guint16)c;
			glyphs->table[c].width = fz_advance_glyph(ctx, font, glyph, 0);
		}
	}
	fz_catch(ctx)
	{
		g_free(glyphs);
		fz_rethrow(ctx);
	}
	return glyphs;
}

void
pdf_glyphs_free(PdfGlyphs *glyphs)
{
	g_free(glyphs);
}

/* What the font shows for @c: itself, its base letter, or "?". */
static const Glyph *
glyph_of(const PdfGlyphs *glyphs, gunichar c)
{
	gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

	if (c < TABLE_SIZE && glyphs->table[c].code != 0)
		return &glyphs->table[c];
	(void)g_unichar_fully_decompose(c, TRUE, base, G_N_ELEMENTS(base));
	if (base[0] < TABLE_SIZE && glyphs->table[base[0]].code != 0)
		return &glyphs->table[base[0]];
	return &glyphs->table['?'];
}

double
pdf_glyphs_width(const PdfGlyphs *glyphs, const char *text, gsize size)
{
	double width = 0;

	for (const char *at = text; at < text + size; at = g_utf8_next_char(at))
		width += (double)glyph_of(glyphs, g_utf8_get_char(at))->width;
	return width;
}

void
pdf_glyphs_put(const PdfGlyphs *glyphs, GString *out, const char *text, gsize size)
{
	g_string_append_c(out, '<');
	for (const char *at = text; at < text + size; at = g_utf8_next_char(at))
		update_put_code(out, glyph_of(glyphs, g_utf8_get_char(at))->code);
	g_string_append_c(out, '>');
}

void
pdf_append_number(GString *content, double number)
{
	update_put_number(content, number);
}

double
pdf_text_width(PdfMaker *maker, double size, const char *text)
{
	return pdf_glyphs_width(maker->glyphs, text, strlen(text)) * size;
}

void
pdf_show_text(PdfMaker *maker, GString *content, double size, double x, double y, const char *text)
{
	g_string_append(content, "BT /" PDF_FONT_OWN " ");
	update_put_number(content, size);
	g_string_append(content, "Tf 1 0 0 1 ");
	update_put_number(content, x);
	update_put_number(content, y);
	g_string_append(content, "Tm ");
	pdf_glyphs_put(maker->glyphs, content, text, strlen(text));
	g_string_append(content, " Tj ET\n");
}
