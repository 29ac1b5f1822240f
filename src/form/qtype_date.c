/* Dates as clerks write them, in each language of the sheets: the day first. */
#include "form/qtype.h"

#include "base/clock.h"

#include <string.h>

#define YEAR_FIRST 1900
#define YEAR_LAST  2100

/* "7", "07", "lug", "luglio", "Juli"; 0 where it is no month. */
static guint
month_of(const char *word)
{
	return g_ascii_isdigit(*word) ? (guint)g_ascii_strtoull(word, NULL, 10) : clock_month(word);
}

/* POSIX: 69 to 99 are of the last century. */
static guint
year_of(const char *digits)
{
	guint year = (guint)g_ascii_strtoull(digits, NULL, 10);

	if (strlen(digits) > 2)
		return year;
	return year + (year < 69 ? 2000 : 1900);
}

static char *
make_date(const char *day, const char *month, const char *year)
{
	guint d = (guint)g_ascii_strtoull(day, NULL, 10);
	guint m = month_of(month);
	guint y = year_of(year);

	if (m < 1 || m > 12 || y < YEAR_FIRST || y > YEAR_LAST ||
	    !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
		return NULL;
	return g_strdup_printf("%04u-%02u-%02u", y, m, d);
}

/* The three groups of @pattern in @text, or NULL. Returns: (transfer full) */
static GStrv
match(const char *pattern, const char *text)
{
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS, (GRegexMatchFlags)0, NULL);
	g_autoptr(GMatchInfo) info = NULL;

	if (!g_regex_match(regex, text, (GRegexMatchFlags)0, &info))
		return NULL;
	return g_match_info_fetch_all(info);
}

char *
date_normalise(const char *typed)
{
	g_autofree char *text = g_strstrip(g_strdup(typed));
	g_auto(GStrv) parts = NULL;

	if (!g_utf8_validate(text, -1, NULL))
		return NULL;
	parts = match("^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$", text);
	if (parts != NULL)
		return make_date(parts[3], parts[2], parts[1]);
	parts = match(
	    "^([0-9]{1,2})(?:[°º]|er)? *[-/. ] *([0-9]{1,2}|\\p{L}+)[.]? *[-/. ] *([0-9]{4}|[0-9]{2})$",
	    text);
	return parts != NULL ? make_date(parts[1], parts[2], parts[3]) : NULL;
}

static void
fields_of(const Item *item, GPtrArray *specs)
{
	field_add(specs, item, FIELD_TEXT, ENTRY_NUMBER_MAX);
}

static char *
read_answer(const Item *item, const FieldSet *fields, GPtrArray *findings)
{
	g_autofree char *typed = field_typed(item, fields);
	char *date;

	if (*typed == '\0')
		return g_steal_pointer(&typed);
	date = date_normalise(typed);
	if (date == NULL)
		field_wrong(findings, item, "date");
	return date != NULL ? date : g_strdup("");
}

static void
write_answer(const Item *item, const char *value, FieldSet *fields)
{
	g_auto(GStrv) parts = g_strsplit(value, "-", -1);
	g_autofree char *text = g_strv_length(parts) == 3
				    ? g_strdup_printf("%s/%s/%s", parts[2], parts[1], parts[0])
				    : g_strdup(value);

	field_set_put(fields, item->name, text);
}

const QuestionType qtype_date = {
	.name = "date",
	.layout = LAYOUT_ENTRY,
	.fields = fields_of,
	.read = read_answer,
	.write = write_answer,
};
