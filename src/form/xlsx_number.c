#include "form/xlsx_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_KEPT 15		     /* of a number in a spreadsheet */
#define SERIAL_MAX  2958465.99999999 /* 9999-12-31 */

/* The code without what only colours, spaces or names it: [Red], _-, *x, \-, "text"; the part for positive numbers. */
static char *
bare_code(const char *code)
{
	g_autoptr(GString) bare = g_string_new(NULL);

	for (; *code != '\0' && *code != ';'; code++) {
		const char *end;

		if (*code == '[' && (end = strchr(code, ']')) != NULL) {
			code = end;
		} else if (*code == '"' && (end = strchr(code + 1, '"')) != NULL) {
			g_string_append_c(bare, 'x'); /* a word of its own is shown */
			code = end;
		} else if ((*code == '\\' || *code == '_' || *code == '*') && code[1] != '\0') {
			if (*code == '\\' && strchr(" -/.,:", code[1]) == NULL)
				g_string_append_c(bare, 'x');
			else if (*code == '\\')
				g_string_append_c(bare, code[1]);
			code++;
		} else {
			g_string_append_c(bare, g_ascii_tolower(*code));
		}
	}
	return g_strdup(bare->str);
}

static NumberFormat
by_code(const char *code)
{
	g_autofree char *bare = bare_code(code);
	const gsize zeros = strspn(bare, "0");
	const gsize behind = bare[zeros] == '.' ? strspn(bare + zeros + 1, "0") : 0;
	const char *rest = bare + zeros + (behind > 0 ? behind + 1 : 0);
	const gboolean date = strpbrk(bare, "yd") != NULL;
	const gboolean hours = strpbrk(bare, "hs") != NULL;

	if (*bare == '\0' || strcmp(bare, "general") == 0)
		return (NumberFormat){ .shown = SHOWN_GENERAL };
	if (strcmp(bare, "@") == 0)
		return (NumberFormat){ .shown = SHOWN_TEXT };
	if (strcmp(bare, "#") == 0)
		return (NumberFormat){ .shown = SHOWN_FIXED };
	if (zeros > 0 && (*rest == '\0' || strcmp(rest, "%") == 0) && behind <= DIGITS_KEPT)
		return (NumberFormat){ .shown = *rest == '%' ? SHOWN_PERCENT : SHOWN_FIXED,
			.width = (guint)MIN(zeros, DIGITS_KEPT),
			.decimals = (guint)behind };
	if (strpbrk(bare, "0#?x") != NULL || !(date || hours))
		return (NumberFormat){ .shown = SHOWN_OTHERWISE };
	if (date)
		return (NumberFormat){ .shown = hours ? SHOWN_DATE_TIME : SHOWN_DATE };
	return (NumberFormat){ .shown = SHOWN_TIME };
}

NumberFormat
number_format(guint id, const char *code)
{
	static const struct {
		guint id;
		const char *code;
	} known[] = { { 0, "General" }, { 1, "0" }, { 2, "0.00" }, { 9, "0%" }, { 10, "0.00%" },
		{ 14, "yyyy-mm-dd" }, { 15, "d-mmm-yy" }, { 16, "d-mmm" }, { 18, "h:mm" },
		{ 19, "h:mm:ss" }, { 20, "h:mm" }, { 21, "h:mm:ss" }, { 22, "yyyy-mm-dd h:mm" },
		{ 45, "h:mm:ss" }, { 46, "h:mm:ss" }, { 47, "h:mm:ss" }, { 49, "@" } };

	if (code != NULL)
		return by_code(code);
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].id == id)
			return by_code(known[i].code);
	return (NumberFormat){ .shown = SHOWN_OTHERWISE };
}

/* As Excel and LibreOffice write it in a cell without a format: fifteen digits, never more than are there. */
static char *
general(double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	return g_strdup(g_ascii_formatd(text, sizeof text, "%.15g", number + 0.0));
}

static char *
fixed(double number, const NumberFormat *format)
{
	char text[400];
	char pattern[16];
	guint width = format->width + (format->decimals > 0 ? format->decimals + 1 : 0);

	g_snprintf(
	    pattern, sizeof pattern, "%%0%u.%uf", width + (number < 0 ? 1 : 0), format->decimals);
	return g_strdup(g_ascii_formatd(text, sizeof text, pattern, number));
}

/* A day counted from 1900 or 1904 with its time as a fraction (18.17.4.1), in the one spelling that a form reads. */
static char *
date(double serial, Shown shown, gboolean from_1904)
{
	g_autoptr(GDateTime) origin = NULL;
	g_autoptr(GDateTime) day = NULL;
	g_autoptr(GDateTime) moment = NULL;
	static const char *const patterns[] = {
		[SHOWN_DATE] = "%Y-%m-%d",
		[SHOWN_TIME] = "%H:%M:%S",
		[SHOWN_DATE_TIME] = "%Y-%m-%d %H:%M:%S",
	};

	if (serial < 0 || serial > SERIAL_MAX)
		return NULL;
	if (from_1904)
		origin = g_date_time_new_utc(1904, 1, 1, 0, 0, 0);
	else /* 1900 had no 29 February, but day 60 is it: before it all are one off */
		origin = g_date_time_new_utc(1899, 12, serial < 60 ? 31 : 30, 0, 0, 0);
	day = g_date_time_add_days(origin, (int)serial);
	moment = g_date_time_add_seconds(day, floor((serial - floor(serial)) * 86400 + 0.5));
	return g_date_time_format(moment, patterns[shown]);
}

static gboolean
has_fraction(const char *text)
{
	return strchr(text, '.') != NULL && strchr(text, 'e') == NULL;
}

static guint
count_digits(const char *text)
{
	guint n = 0;

	for (text += strspn(text, "-+0."); *text != '\0' && g_ascii_tolower(*text) != 'e'; text++)
		n += g_ascii_isdigit(*text) ? 1 : 0;
	return n;
}

/* The digits of a whole number that is longer than what a spreadsheet keeps are not what was typed. */
static CellDoubt
doubt_of(const char *value, const char *shown)
{
	if (strchr(shown, 'e') != NULL ||
	    (strchr(value, '.') == NULL && count_digits(value) > DIGITS_KEPT))
		return DOUBT_DIGITS;
	return has_fraction(shown) ? DOUBT_ZERO : DOUBT_NONE;
}

char *
number_shown(const char *value, const NumberFormat *format, gboolean from_1904, CellDoubt *doubt)
{
	char *end;
	const double number = g_ascii_strtod(value, &end);
	char *text = NULL;

	*doubt = DOUBT_NONE;
	if (end == value || *end != '\0' || !isfinite(number))
		return NULL;
	switch (format->shown) {
	case SHOWN_FIXED:
		return fixed(number, format);
	case SHOWN_PERCENT: {
		g_autofree char *hundredth = fixed(number * 100, format);

		return g_strconcat(hundredth, "%", NULL);
	}
	case SHOWN_DATE:
	case SHOWN_TIME:
	case SHOWN_DATE_TIME:
		text = date(number, format->shown, from_1904);
		*doubt = text != NULL ? DOUBT_DATE : DOUBT_FORMAT;
		return text != NULL ? text : general(number);
	case SHOWN_OTHERWISE:
		*doubt = DOUBT_FORMAT;
		return general(number);
	default:
		text = general(number);
		*doubt = doubt_of(value, text);
		return text;
	}
}
