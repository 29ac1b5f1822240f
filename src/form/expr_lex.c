#include "form/expr.h"

#include "base/error.h"

#include <string.h>

/* What people write who come from a spreadsheet or another language, and how it is written here. */
static const struct {
	const char *wrong;
	const char *right;
} habits[] = {
	{ "==", "=" },
	{ "<>", "!=" },
	{ "=<", "<=" },
	{ "=>", ">=" },
	{ "&&", "and" },
	{ "||", "or" },
	{ "≠", "!=" },
	{ "≤", "<=" },
	{ "≥", ">=" },
	{ "‘", "'" },
	{ "’", "'" },
	{ "“", "\"" },
	{ "”", "\"" },
	{ "«", "\"" },
	{ "»", "\"" },
	{ "/", "div" },
	{ "%", "mod" },
};

/* Longer before shorter. */
static const struct {
	const char *text;
	TokenKind kind;
	Operator op;
} symbols[] = {
	{ "!=", TOKEN_OPERATOR, OP_DIFFERS },
	{ "<=", TOKEN_OPERATOR, OP_LESS_EQUAL },
	{ ">=", TOKEN_OPERATOR, OP_GREATER_EQUAL },
	{ "=", TOKEN_OPERATOR, OP_EQUAL },
	{ "<", TOKEN_OPERATOR, OP_LESS },
	{ ">", TOKEN_OPERATOR, OP_GREATER },
	{ "+", TOKEN_OPERATOR, OP_ADD },
	{ "-", TOKEN_OPERATOR, OP_SUBTRACT },
	{ "*", TOKEN_OPERATOR, OP_MULTIPLY },
	{ "(", TOKEN_OPEN, OP_EQUAL },
	{ ")", TOKEN_CLOSE, OP_EQUAL },
	{ ",", TOKEN_COMMA, OP_EQUAL },
};

gboolean
name_is_good(const char *text, gsize length)
{
	if (length == 0 || length > FORM_NAME_MAX || !g_ascii_isalpha(text[0]))
		return FALSE;
	for (gsize i = 1; i < length; i++)
		if (!g_ascii_isalnum(text[i]) && text[i] != '_')
			return FALSE;
	return TRUE;
}

static guint
position_of(const Lexer *lexer, const char *place)
{
	return (guint)g_utf8_strlen(lexer->text, place - lexer->text) + 1;
}

guint
lexer_position(const Lexer *lexer)
{
	return position_of(lexer, lexer->start);
}

gboolean
lexer_is(const Lexer *lexer, const char *name)
{
	return lexer->kind == TOKEN_NAME && lexer->length == strlen(name) &&
	       strncmp(lexer->content, name, lexer->length) == 0;
}

static void
take(Lexer *lexer, TokenKind kind, const char *content, gsize length, const char *next)
{
	lexer->kind = kind;
	lexer->content = content;
	lexer->length = length;
	lexer->next = next;
}

static gboolean
read_text(Lexer *lexer, GError **error)
{
	const char *content = lexer->start + 1;
	const char *end = strchr(content, *lexer->start);

	if (end == NULL)
		return fail(error, PLICO_ERROR_INPUT, _("character %u: the quote %c is not closed"),
		    lexer_position(lexer), *lexer->start);
	take(lexer, TOKEN_TEXT, content, (gsize)(end - content), end + 1);
	return TRUE;
}

static gboolean
read_reference(Lexer *lexer, GError **error)
{
	const char *content = lexer->start + 2;
	const char *end = strchr(content, '}');
	const char *last = end;

	while (g_ascii_isspace(*content))
		content++;
	while (last != NULL && last > content && g_ascii_isspace(last[-1]))
		last--;
	if (end == NULL || last < content || !name_is_good(content, (gsize)(last - content)))
		return fail(error, PLICO_ERROR_INPUT,
		    _("character %u: ${ must be followed by the name of a question and }"),
		    lexer_position(lexer));
	take(lexer, TOKEN_REFERENCE, content, (gsize)(last - content), end + 1);
	return TRUE;
}

/* "5.000" is five here and five thousand for an Italian reader: neither is guessed. */
static gboolean
looks_like_thousands(const char *number, gsize length)
{
	const char *point = memchr(number, '.', length);

	return point != NULL && length - (gsize)(point - number) == 4 && point > number &&
	       *number != '0';
}

static gboolean
read_number(Lexer *lexer, GError **error)
{
	const char *end = lexer->start;

	while (g_ascii_isdigit(*end))
		end++;
	if (*end == '.' && g_ascii_isdigit(end[1]))
		for (end++; g_ascii_isdigit(*end);)
			end++;
	if (g_ascii_isalpha(*end) || *end == '_' || *end == '.')
		return fail(error, PLICO_ERROR_INPUT,
		    _("character %u: a number does not end so; put a text in quotes"),
		    position_of(lexer, end));
	if (looks_like_thousands(lexer->start, (gsize)(end - lexer->start)))
		return fail(error, PLICO_ERROR_INPUT,
		    _("character %u: %.*s could be thousands or a fraction: write thousands without a point"),
		    lexer_position(lexer), (int)(end - lexer->start), lexer->start);
	take(lexer, TOKEN_NUMBER, lexer->start, (gsize)(end - lexer->start), end);
	return TRUE;
}

/* Function names have hyphens: count-selected. */
static gboolean
read_name(Lexer *lexer)
{
	const char *end = lexer->start;

	while (g_ascii_isalnum(*end) || *end == '_' || (*end == '-' && g_ascii_isalpha(end[1])))
		end++;
	take(lexer, TOKEN_NAME, lexer->start, (gsize)(end - lexer->start), end);
	return TRUE;
}

static gboolean
read_symbol(Lexer *lexer, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(habits); i++)
		if (g_str_has_prefix(lexer->start, habits[i].wrong))
			return fail(error, PLICO_ERROR_INPUT,
			    _("character %u: %s is written %s here"), lexer_position(lexer),
			    habits[i].wrong, habits[i].right);
	for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
		gsize length = strlen(symbols[i].text);

		if (strncmp(lexer->start, symbols[i].text, length) != 0)
			continue;
		take(lexer, symbols[i].kind, lexer->start, length, lexer->start + length);
		lexer->op = symbols[i].op;
		return TRUE;
	}
	return fail(error, PLICO_ERROR_INPUT, _("character %u: %.*s means nothing here"),
	    lexer_position(lexer), (int)(g_utf8_next_char(lexer->start) - lexer->start),
	    lexer->start);
}

gboolean
lexer_next(Lexer *lexer, GError **error)
{
	const char *start = lexer->next;

	while (g_ascii_isspace(*start))
		start++;
	lexer->start = start;
	if (*start == '\0') {
		take(lexer, TOKEN_END, start, 0, start);
		return TRUE;
	}
	if (*start == '\'' || *start == '"')
		return read_text(lexer, error);
	if (start[0] == '$' && start[1] == '{')
		return read_reference(lexer, error);
	if (g_ascii_isdigit(*start) || (*start == '.' && g_ascii_isdigit(start[1])))
		return read_number(lexer, error);
	if (g_ascii_isalpha(*start) || *start == '_')
		return read_name(lexer);
	if (*start == '.') {
		take(lexer, TOKEN_SELF, start, 1, start + 1);
		return TRUE;
	}
	return read_symbol(lexer, error);
}
