/* QR (ISO/IEC 18004), by ZBar; runs in the cage. */
#include "collect/paper.h"

#include <string.h>
#include <zbar.h>

#define OURS	    "PLICO1:"
#define TEXT_LIMIT  120
#define PART_WIDTH  0.36 /* of a page: its corner, with some room for one that lies askew */
#define PART_HEIGHT 0.26
#define STEP                                                                                       \
	2 /* dots from one line that is scanned to the next, on a whole page: the middle of a code's eye is nine wide */

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

/* @left, @top: of the picture in which it was found. */
static void
add_code(const zbar_symbol_t *symbol, guint left, guint top, GPtrArray *out)
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
		code->corners[i] = (Spot){ (int)left + zbar_symbol_get_loc_x(symbol, order[i]),
			(int)top + zbar_symbol_get_loc_y(symbol, order[i]) };
	g_ptr_array_add(out, code);
}

static void
scan(zbar_image_scanner_t *scanner, const Grey *grey, guint left, guint top, GPtrArray *out)
{
	zbar_image_t *image = zbar_image_create();

	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, grey->width, grey->height);
	zbar_image_set_data(image, grey->at, (gsize)grey->width * grey->height, NULL);
	if (zbar_scan_image(scanner, image) > 0)
		for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image); symbol != NULL;
		     symbol = zbar_symbol_next(symbol))
			add_code(symbol, left, top, out);
	zbar_image_destroy(image);
}

/* The codes in a part of @grey, which begins at (@left, @top). */
static void
scan_part(zbar_image_scanner_t *scanner, const Grey *grey, guint left, guint top, GPtrArray *out)
{
	guint width = MIN(grey->width - left, (guint)(grey->width * PART_WIDTH));
	guint height = MIN(grey->height - top, (guint)(grey->height * PART_HEIGHT));
	g_autoptr(Grey) part = g_new0(Grey, 1);

	part->width = width;
	part->height = height;
	part->at = g_malloc((gsize)width * height + 1);
	for (guint y = 0; y < height; y++)
		memcpy(part->at + (gsize)y * width,
		    grey->at + (gsize)(top + y) * grey->width + left, width);
	scan(scanner, part, left, top, out);
}

/* A page of ours has its code in a corner, however it lies: there it is found in a tenth of the time. */
static void
scan_corners(zbar_image_scanner_t *scanner, const Grey *grey, GPtrArray *out)
{
	guint right = (guint)(grey->width * (1 - PART_WIDTH));
	guint bottom = (guint)(grey->height * (1 - PART_HEIGHT));
	const guint corners[][2] = { { right, 0 }, { 0, bottom }, { 0, 0 }, { right, bottom } };

	for (gsize i = 0; i < G_N_ELEMENTS(corners) && out->len == 0; i++)
		scan_part(scanner, grey, corners[i][0], corners[i][1], out);
}

GPtrArray *
paper_codes(const Grey *grey)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func(code_free);
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();

	(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	(void)zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	scan_corners(scanner, grey, codes);
	if (codes->len == 0) {
		(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, STEP);
		(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, STEP);
		scan(scanner, grey, 0, 0, codes);
	}
	zbar_image_scanner_destroy(scanner);
	return codes;
}

/*
 * ZBar can tell a desktop what it has read, when it is asked to. Nobody asks it here; without these functions its archive would bring
 * libdbus into plico-reader, and with it the libraries of a service manager.
 */
#define UNUSED(name)                                                                               \
	void name(void);                                                                           \
	void name(void)                                                                            \
	{                                                                                          \
		g_error("%s: not here", G_STRFUNC);                                                \
	}

UNUSED(dbus_bus_get)
UNUSED(dbus_bus_release_name)
UNUSED(dbus_bus_request_name)
UNUSED(dbus_connection_flush)
UNUSED(dbus_connection_send)
UNUSED(dbus_error_free)
UNUSED(dbus_error_init)
UNUSED(dbus_error_is_set)
UNUSED(dbus_message_iter_append_basic)
UNUSED(dbus_message_iter_append_fixed_array)
UNUSED(dbus_message_iter_close_container)
UNUSED(dbus_message_iter_init_append)
UNUSED(dbus_message_iter_open_container)
UNUSED(dbus_message_new_signal)
UNUSED(dbus_message_unref)
