#include "layout/qr.h"

#include "base/error.h"
#include "layout/syntax.h"

#include <qrencode.h>
#include <string.h>

#define ALPHABET                                                                                   \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" /* table 5: their order is their value */
#define PAIR_BITS   11
#define SINGLE_BITS 6
#define QUIET	    4
#define NO_VALUE    0xff
#define RUN_SIZE    14 /* at most, of "32 32 25 1 re" */

/* What libqrencode says of a module. */
enum { MODULE_BLACK = 1 << 0, MODULE_FUNCTION = 1 << 7 };

/* All codes of one length in characters. */
typedef struct {
	GArray *
	    parts; /* of QrCode: what each bit of the text, from the first pair's lowest on, changes in it */
	QrCode last; /* the code that was made last, of "00...0" first: the next has much of it */
	guint16 *pairs; /* its text, as values */
} Plane;

struct QrMaker {
	GHashTable *planes; /* length -> Plane */
	guint8 values[256]; /* of characters; NO_VALUE: not among them */
};

static void
plane_free(gpointer data)
{
	Plane *plane = data;

	g_array_unref(plane->parts);
	g_free(plane->pairs);
	g_free(plane);
}

QrMaker *
qr_maker_new(void)
{
	QrMaker *maker = g_new0(QrMaker, 1);

	maker->planes = g_hash_table_new_full(NULL, NULL, NULL, plane_free);
	memset(maker->values, NO_VALUE, sizeof maker->values);
	for (guint i = 0; i < strlen(ALPHABET); i++)
		maker->values[(guchar)ALPHABET[i]] = (guint8)i;
	return maker;
}

void
qr_maker_free(QrMaker *maker)
{
	if (maker == NULL)
		return;
	g_hash_table_unref(maker->planes);
	g_free(maker);
}

/* --- what libqrencode makes ----------------------------------------------------------------------------- */

/* Whether mask @mask (table 10) inverts the module. */
static gboolean
is_masked(guint mask, guint row, guint column)
{
	switch (mask) {
	case 0:
		return (row + column) % 2 == 0;
	case 1:
		return row % 2 == 0;
	case 2:
		return column % 3 == 0;
	case 3:
		return (row + column) % 3 == 0;
	case 4:
		return (row / 2 + column / 3) % 2 == 0;
	case 5:
		return row * column % 2 + row * column % 3 == 0;
	case 6:
		return (row * column % 2 + row * column % 3) % 2 == 0;
	default:
		return ((row + column) % 2 + row * column % 3) % 2 == 0;
	}
}

/* The mask is told by three bits of the format information, which stand in row 8 inverted by 101 (7.9.1). */
static guint
mask_of(const QRcode *made)
{
	const guint8 *bits = made->data + 8 * made->width + 2;

	return ((guint)(bits[0] & 1) << 2 | (guint)(bits[1] & 1) << 1 | (bits[2] & 1)) ^ 5;
}

static void
copy_modules(const QRcode *made, QrCode *code)
{
	*code = (QrCode){ .side = (guint)made->width }; /* no rows below the last */
	for (guint row = 0; row < code->side; row++)
		for (guint column = 0; column < code->side; column++)
			code->rows[row] |=
			    (guint64)(made->data[row * code->side + column] & MODULE_BLACK)
			    << column;
}

/* Takes the data of @made from under its mask, and what is no data away. */
static void
copy_data(const QRcode *made, QrCode *code)
{
	guint mask = mask_of(made);

	copy_modules(made, code);
	for (guint row = 0; row < code->side; row++) {
		for (guint column = 0; column < code->side; column++) {
			guint64 bit = (guint64)1 << column;

			if ((made->data[row * code->side + column] & MODULE_FUNCTION) != 0)
				code->rows[row] &= ~bit;
			else if (is_masked(mask, row, column))
				code->rows[row] ^= bit;
		}
	}
}

static gboolean
encode(const char *text, QRencodeMode mode, QrCode *whole, QrCode *data, GError **error)
{
	QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
	QRcode *made = NULL;
	gboolean fits;

	if (QRinput_append(input, mode, (int)strlen(text), (const guchar *)text) == 0)
		made = QRcode_encodeInput(input);
	QRinput_free(input);
	fits = made != NULL && made->width <= QR_SIDE_MOST;
	if (fits && whole != NULL)
		copy_modules(made, whole);
	if (fits && data != NULL)
		copy_data(made, data);
	QRcode_free(made);
	return fits || fail(error, PLICO_ERROR_INPUT, _("no QR code can be made of “%s”"), text);
}

/* --- codes of one length ----------------------------------------------------------------------------------- */

/* In steps that the processor takes at once: this is most of what a code costs. */
static void
add(QrCode *sum, const QrCode *part)
{
	for (guint row = 0; row < part->side; row += QR_STEP)
		for (guint i = 0; i < QR_STEP; i++)
			sum->rows[row + i] ^= part->rows[row + i];
}

/* The bits that the characters from @at on take. */
static guint
bits_at(gsize at, gsize length)
{
	return at + 1 < length ? PAIR_BITS : SINGLE_BITS;
}

static gboolean
fill_plane(Plane *plane, gsize length, GError **error)
{
	g_autofree char *text = g_strnfill(length, '0');
	QrCode zero;

	if (!encode(text, QR_MODE_AN, &plane->last, &zero, error))
		return FALSE;
	for (gsize at = 0; at < length; at += 2) {
		for (guint bit = 0; bit < bits_at(at, length); bit++) {
			guint value = 1U << bit;
			gboolean pair = at + 1 < length;
			QrCode part;

			text[at] = ALPHABET[pair ? value / 45 : value];
			if (pair)
				text[at + 1] = ALPHABET[value % 45];
			if (!encode(text, QR_MODE_AN, NULL, &part, error))
				return FALSE;
			add(&part, &zero);
			g_array_append_val(plane->parts, part);
		}
		memset(text + at, '0', MIN(2, length - at));
	}
	return TRUE;
}

/* Returns: (transfer none) */
static Plane *
find_plane(QrMaker *maker, gsize length, GError **error)
{
	Plane *plane = g_hash_table_lookup(maker->planes, GSIZE_TO_POINTER(length));

	if (plane != NULL)
		return plane;
	plane = g_new0(Plane, 1);
	plane->parts = g_array_new(FALSE, FALSE, sizeof(QrCode));
	if (!fill_plane(plane, length, error)) {
		plane_free(plane);
		return NULL;
	}
	plane->pairs = g_new0(guint16, (length + 1) / 2);
	g_hash_table_insert(maker->planes, GSIZE_TO_POINTER(length), plane);
	return plane;
}

static gboolean
is_alphanumeric(const QrMaker *maker, const char *text)
{
	for (; *text != '\0'; text++)
		if (maker->values[(guchar)*text] == NO_VALUE)
			return FALSE;
	return TRUE;
}

/* Of the pair that begins at @at, or of the last character. */
static guint
value_at(const QrMaker *maker, const char *text, gsize at, gsize length)
{
	guint value = maker->values[(guchar)text[at]];

	return at + 1 < length ? value * 45 + maker->values[(guchar)text[at + 1]] : value;
}

gboolean
qr_make(QrMaker *maker, const char *text, QrCode *code, GError **error)
{
	gsize length = strlen(text);
	Plane *plane;
	guint part = 0;

	if (!is_alphanumeric(maker, text))
		return encode(text, QR_MODE_8, code, NULL, error);
	plane = find_plane(maker, length, error);
	if (plane == NULL)
		return FALSE;
	for (gsize at = 0; at < length; part += bits_at(at, length), at += 2) {
		guint value = value_at(maker, text, at, length);
		guint changed = value ^ plane->pairs[at / 2];

		for (; changed != 0; changed &= changed - 1)
			add(&plane->last, &g_array_index(plane->parts, QrCode,
					      part + (guint)__builtin_ctz(changed)));
		plane->pairs[at / 2] = (guint16)value;
	}
	*code = plane->last;
	return TRUE;
}

/* --- drawing ------------------------------------------------------------------------------------------------ */

static char *
put_digits(char *at, guint number)
{
	if (number >= 10)
		*at++ = (char)('0' + number / 10);
	*at++ = (char)('0' + number % 10);
	*at++ = ' ';
	return at;
}

/* The dark runs of a row: "x y width 1 re", all below 100. */
static char *
put_runs(char *at, guint64 row, guint y)
{
	static const char end[] = "1 re\n";

	while (row != 0) {
		guint start = (guint)__builtin_ctzll(row);
		guint run = (guint)__builtin_ctzll(~(row >> start));

		at = put_digits(put_digits(put_digits(at, QUIET + start), y), run);
		memcpy(at, end, sizeof end - 1);
		at += sizeof end - 1;
		row &= ~((((guint64)1 << run) - 1) << start);
	}
	return at;
}

void
qr_put(GString *out, const QrCode *code, double width)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	char *at;

	(void)g_ascii_formatd(number, sizeof number, "%.5f", width / (code->side + 2 * QUIET));
	g_string_append_printf(out, "0 g %s 0 0 %s 0 0 cm\n", number, number);
	at = syntax_grow(out, (gsize)code->side * (code->side + 1) / 2 * RUN_SIZE);
	for (guint row = 0; row < code->side; row++)
		at = put_runs(at, code->rows[row], QUIET + code->side - 1 - row);
	g_string_truncate(out, (gsize)(at - out->str));
	g_string_append(out, "f\n");
}
