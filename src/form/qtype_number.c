/*
 * Numbers as Italian clerks write them. The comma is the decimal sign and the point sets thousands apart, but many type
 * the point of the numeric keypad: one sign before just three digits could be either, and is refused where a fraction
 * may stand.
 */
#include "form/qtype.h"

#include <string.h>

#define DIGITS_MAX 15 /* what a double holds exactly */

/* A number taken apart. */
typedef struct {
	gboolean negative;
	GString *digits; /* digits and the signs between them: . , blank ' */
	char decimal;	 /* the sign before the fraction, or NUL */
	char thousands;	 /* the sign between thousands, or NUL */
} Typed;

static gboolean
is_blank(gunichar c)
{
	return c == ' ' || c == '\t' || c == 0xa0 || c == 0x2007 || c == 0x2009 || c == 0x202f;
}

/* The characters of @typed as plain ones; FALSE where some cannot stand in a number. */
static gboolean
take_apart(const char *typed, gboolean whole, Typed *number)
{
	g_autofree char *text = g_strstrip(g_strdup(typed));
	const char *at = text;

	if (*at == '-' || *at == '+' || g_str_has_prefix(at, "\u2212")) {
		number->negative = *at != '+';
		at = g_utf8_next_char(at);
	}
	for (; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c < 0x80 && (g_ascii_isdigit((char)c) || c == '.' || c == ',' || c == '\''))
			g_string_append_c(number->digits, (char)c);
		else if (c == 0x2019)
			g_string_append_c(number->digits, '\'');
		else if (is_blank(c))
			g_string_append_c(number->digits, ' ');
		else if (c == '%' && whole && at[1] == '\0')
			break; /* 50% in a box of whole numbers */
		else
			return FALSE;
	}
	while (number->digits->len > 0 && number->digits->str[number->digits->len - 1] == ' ')
		g_string_truncate(number->digits, number->digits->len - 1);
	return number->digits->len > 0;
}

static guint
count(const char *text, char sign)
{
	guint n = 0;

	for (; *text != '\0'; text++)
		n += *text == sign;
	return n;
}

/* Three digits behind the sign, one to three before it, no zero first: as thousands are written. */
static gboolean
looks_like_thousands(const char *text, char sign)
{
	const char *place = strrchr(text, sign);

	return strlen(place + 1) == 3 && place > text && place - text <= 3 && *text != '0';
}

/* One point or one comma, and no other sign. */
static gboolean
judge_single(Typed *number, char sign, gboolean whole)
{
	if (!looks_like_thousands(number->digits->str, sign)) {
		number->decimal = sign;
		return TRUE;
	}
	number->thousands = sign;
	return whole && sign == '.';
}

/* Which sign is which; FALSE where it could be read in two ways, or in none. */
static gboolean
judge_signs(Typed *number, gboolean whole)
{
	const char *text = number->digits->str;
	guint points = count(text, '.');
	guint commas = count(text, ',');
	char apart = count(text, ' ') > 0 ? ' ' : count(text, '\'') > 0 ? '\'' : '\0';
	char sign;

	if (points > 0 && commas > 0) {
		number->decimal = strrchr(text, '.') > strrchr(text, ',') ? '.' : ',';
		number->thousands = number->decimal == '.' ? ',' : '.';
		return apart == '\0' && count(text, number->decimal) == 1;
	}
	number->thousands = apart;
	if (points + commas == 0)
		return TRUE;
	sign = points > 0 ? '.' : ',';
	if (apart != '\0') {
		number->decimal = sign;
		return points + commas == 1 && (sign == ',' || strlen(strchr(text, '.') + 1) != 3);
	}
	if (points + commas == 1)
		return judge_single(number, sign, whole);
	number->thousands = sign;
	return TRUE;
}

/* The digits of the integer part; thousands, where set apart, in groups of three. Returns: (transfer full), or NULL */
static char *
join_groups(const char *text, gsize length, char thousands)
{
	g_autofree char *part = g_strndup(text, length);
	const char sign[] = { thousands, '\0' };
	g_auto(GStrv) groups = thousands != '\0' ? g_strsplit(part, sign, -1) : NULL;

	if (groups == NULL || groups[0] == NULL || groups[1] == NULL)
		return strspn(part, "0123456789") == length ? g_steal_pointer(&part) : NULL;
	for (gsize i = 0; groups[i] != NULL; i++) {
		gsize n = strlen(groups[i]);

		if (strspn(groups[i], "0123456789") != n || n > 3 || n == 0 || (i > 0 && n != 3) ||
		    groups[0][0] == '0')
			return NULL;
	}
	return g_strjoinv("", groups);
}

static char *
compose(gboolean negative, const char *integer, char *fraction)
{
	gsize end = strlen(fraction);
	gboolean nothing;

	while (*integer == '0' && integer[1] != '\0')
		integer++;
	while (end > 0 && fraction[end - 1] == '0')
		fraction[--end] = '\0';
	if (strlen(integer) + end > DIGITS_MAX)
		return NULL;
	if (*integer == '\0')
		integer = "0";
	nothing = *integer == '0' && end == 0;
	return g_strconcat(
	    negative && !nothing ? "-" : "", integer, end > 0 ? "." : "", fraction, NULL);
}

char *
number_normalise(const char *typed, gboolean whole)
{
	g_autoptr(GString) digits = g_string_new(NULL);
	Typed number = { .digits = digits };
	g_autofree char *integer = NULL;
	g_autofree char *fraction = NULL;
	const char *place = NULL;

	if (!g_utf8_validate(typed, -1, NULL) || !take_apart(typed, whole, &number) ||
	    !judge_signs(&number, whole))
		return NULL;
	if (number.decimal != '\0')
		place = strrchr(digits->str, number.decimal);
	fraction = g_strdup(place != NULL ? place + 1 : "");
	integer = join_groups(digits->str,
	    place != NULL ? (gsize)(place - digits->str) : digits->len, number.thousands);
	if (integer == NULL || strspn(fraction, "0123456789") != strlen(fraction))
		return NULL;
	if (place != NULL && (*fraction == '\0' || (*integer == '\0' && whole)))
		return NULL;
	if (whole && strspn(fraction, "0") != strlen(fraction))
		return NULL;
	return compose(number.negative, integer, fraction);
}

static void
fields_of(const Item *item, GPtrArray *specs)
{
	field_add(specs, item, FIELD_TEXT, ENTRY_NUMBER_MAX);
}

static char *
read_number(const Item *item, const FieldSet *fields, GPtrArray *findings, gboolean whole)
{
	g_autofree char *typed = field_typed(item, fields);
	char *number;

	if (*typed == '\0')
		return g_steal_pointer(&typed);
	number = number_normalise(typed, whole);
	if (number == NULL)
		field_wrong(findings, item, "number");
	return number != NULL ? number : g_strdup("");
}

static char *
integer_read(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	return read_number(item, fields, findings, TRUE);
}

static char *
decimal_read(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	return read_number(item, fields, findings, FALSE);
}

static void
integer_write(const Item *item, const char *value, FieldSet *fields)
{
	field_set_put(fields, item->name, value);
}

/* With a comma; a fourth digit behind 1,234 keeps it from being read as thousands. */
static void
decimal_write(const Item *item, const char *value, FieldSet *fields)
{
	g_autofree char *text = g_strdelimit(g_strdup(value), ".", ',');
	const char *comma = strchr(text, ',');
	g_autofree char *clear =
	    g_strconcat(text, comma != NULL && strlen(comma) == 4 ? "0" : "", NULL);

	field_set_put(fields, item->name, clear);
}

const QuestionType qtype_integer = {
	.name = "integer",
	.layout = LAYOUT_ENTRY,
	.fields = fields_of,
	.read = integer_read,
	.write = integer_write,
};

const QuestionType qtype_decimal = {
	.name = "decimal",
	.layout = LAYOUT_ENTRY,
	.fields = fields_of,
	.read = decimal_read,
	.write = decimal_write,
};
