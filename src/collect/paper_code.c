/* QR (ISO/IEC 18004), by ZBar; runs in the cage. */
#include "collect/paper.h"

#include <string.h>
#include <zbar.h>

#define OURS	   "PLICO1:"
#define TEXT_LIMIT 120
#define DENSITY                                                                                    \
	2 /* each other row is looked at: the squares of a code are larger than seven of them */

static void
code_free(gpointer data)
{
	PaperCode *code = data;

	g_free(code->text);
	g_free(code);
}

static gboolean
is_text(const char *text, gsize size)
{
	if (size > TEXT_LIMIT || !g_str_has_prefix(text, OURS))
		return FALSE;
	for (gsize i = 0; i < size; i++)
		if (!g_ascii_isgraph(text[i]))
			return FALSE;
	return TRUE;
}

static void
add_code(const zbar_symbol_t *symbol, GPtrArray *out)
{
	/* ZBar tells them against the clock */
	static const guint order[] = { 0, 3, 2, 1 };
	g_autofree char *text =
	    g_strndup(zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol));
	PaperCode *code;

	if (zbar_symbol_get_loc_size(symbol) != G_N_ELEMENTS(order) ||
	    !is_text(text, zbar_symbol_get_data_length(symbol)) || out->len == PAPER_CODES_MOST)
		return;
	code = g_new0(PaperCode, 1);
	code->text = g_steal_pointer(&text);
	for (guint i = 0; i < G_N_ELEMENTS(order); i++)
		code->corners[i] = (Spot){ zbar_symbol_get_loc_x(symbol, order[i]),
			zbar_symbol_get_loc_y(symbol, order[i]) };
	g_ptr_array_add(out, code);
}

GPtrArray *
paper_codes(const Grey *grey)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func(code_free);
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();

	(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	(void)zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, DENSITY);
	(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, DENSITY);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, grey->width, grey->height);
	zbar_image_set_data(image, grey->at, (gsize)grey->width * grey->height, NULL);
	if (zbar_scan_image(scanner, image) > 0)
		for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image); symbol != NULL;
		     symbol = zbar_symbol_next(symbol))
			add_code(symbol, codes);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return codes;
}
