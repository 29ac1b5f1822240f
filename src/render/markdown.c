#include "render/markdown.h"

#include "base/error.h"

#include <string.h>

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz_"

/* What is kept with a node: a NameKind and this. */
#define PERSONAL 0x100

/* --- the source: every brace belongs to a name ------------------------------------------------------ */

typedef struct {
	const char *path;
	gboolean letter;
	const NameScope *scope;
} Check;

/* A letter shows a code only where there is a credential, and a key to derive it with. */
static gboolean
check_code(const Check *check, guint line, GError **error)
{
	const LetterContext *context = check->scope->letter;
	g_autofree char *code = NULL;

	if (!check->letter)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: the access code may stand in letters only (KIND.letter.md)"),
		    check->path, line);
	if (context->serial == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: names the access code, but this letter comes without a credential"),
		    check->path, line);
	code = name_access_code(check->scope);
	if (code == NULL)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("the key %s of the credential is not in keys/: put it back"), context->kid);
	return TRUE;
}

static gboolean
check_name(const Check *check, const char *name, guint line, GError **error)
{
	const Name *found = name_find(name);
	g_autofree char *known = NULL;
	const char *path = check->path;

	if (found != NULL && found->value == name_access_code)
		return check_code(check, line, error);
	if (found != NULL && (check->letter || !found->letter_only))
		return TRUE;
	if (found != NULL)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: {%s} may stand in letters only (KIND.letter.md)"), path, line, name);
	known = name_list();
	return fail(error, PLICO_ERROR_INPUT, _("%s:%u: {%s} is no name; there are %s"), path, line,
	    name, known);
}

static gboolean
check_line(const Check *check, const char *text, guint line, GError **error)
{
	for (const char *at = strpbrk(text, "{}"); at != NULL; at = strpbrk(at, "{}")) {
		gsize size = strspn(at + 1, NAME_LETTERS);
		g_autofree char *name = g_strndup(at + 1, size);

		if (*at == '}' || at[1 + size] != '}')
			return fail(error, PLICO_ERROR_INPUT,
			    _("%s:%u: “%.20s”: a name is {letters_and_underscores}, closed on its line"),
			    check->path, line, at);
		if (!check_name(check, name, line, error))
			return FALSE;
		at += size + 2;
	}
	return TRUE;
}

static gboolean
check_source(const Check *check, const char *source, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(source, "\n", 0);

	if (!g_utf8_validate(source, -1, NULL))
		return fail(error, PLICO_ERROR_INPUT, _("%s: is no UTF-8 text"), check->path);
	for (guint i = 0; lines[i] != NULL; i++)
		if (!check_line(check, lines[i], i + 1, error))
			return FALSE;
	return TRUE;
}

/* --- the document ------------------------------------------------------------------------------------- */

static gboolean
check_node(MarkdownNode *node, const char *path, GError **error)
{
	cmark_node_type type = cmark_node_get_type(node);
	int line = cmark_node_get_start_line(node);

	if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%d: HTML is not taken, CommonMark only"), path, line);
	if (type == CMARK_NODE_IMAGE)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%d: images are not taken: a mail must not load anything"), path, line);
	if (type == CMARK_NODE_LINK && strchr(cmark_node_get_url(node), '{') != NULL)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%d: a name cannot stand in the address of a link"), path, line);
	return TRUE;
}

static gboolean
check_document(MarkdownNode *document, const char *path, GError **error)
{
	MarkdownNode *first = cmark_node_first_child(document);
	cmark_iter *iter;
	gboolean good = TRUE;

	if (first == NULL || cmark_node_get_type(first) != CMARK_NODE_HEADING ||
	    cmark_node_get_heading_level(first) != 1)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:1: the text must begin with its subject: “# Subject”"), path);
	iter = cmark_iter_new(document);
	while (good && cmark_iter_next(iter) != CMARK_EVENT_DONE)
		good = check_node(cmark_iter_get_node(iter), path, error);
	cmark_iter_free(iter);
	return good;
}

/* --- names ---------------------------------------------------------------------------------------------- */

/* Where the text of @node is one name alone and that has a paragraph of its own, it. */
static const Name *
lone_name(MarkdownNode *node)
{
	MarkdownNode *child = cmark_node_first_child(node);
	const char *literal = child != NULL ? cmark_node_get_literal(child) : NULL;
	g_autofree char *name = NULL;
	const Name *found;

	if (cmark_node_get_type(node) != CMARK_NODE_PARAGRAPH || child == NULL ||
	    cmark_node_get_type(child) != CMARK_NODE_TEXT || cmark_node_next(child) != NULL ||
	    literal[0] != '{' || strchr(literal, '}') != literal + strlen(literal) - 1)
		return NULL;
	name = g_strndup(literal + 1, strlen(literal) - 2);
	found = name_find(name);
	return found != NULL && found->kind != NAME_INLINE ? found : NULL;
}

/* One line: a value must not begin a new one. */
static char *
value_of(const char *name, const NameScope *scope)
{
	g_autofree char *value = name_find(name)->value(scope);
	g_autofree char *valid = value != NULL ? g_utf8_make_valid(value, -1) : g_strdup("");

	g_strdelimit(valid, "\r\n\t", ' ');
	return g_strstrip(g_steal_pointer(&valid));
}

static void
set_user_data(MarkdownNode *node, int bits)
{
	bits |= GPOINTER_TO_INT(cmark_node_get_user_data(node));
	(void)cmark_node_set_user_data(node, GINT_TO_POINTER(bits));
}

/* The node and all that it is in. */
static void
mark_personal(MarkdownNode *node)
{
	for (; node != NULL; node = cmark_node_parent(node))
		set_user_data(node, PERSONAL);
}

static void
fill_literal(MarkdownNode *node, const NameScope *scope)
{
	g_autoptr(GString) filled = g_string_new(NULL);
	const char *at = cmark_node_get_literal(node);

	for (const char *open; (open = strchr(at, '{')) != NULL;) {
		const char *close = strchr(open, '}');
		g_autofree char *name = g_strndup(open + 1, (gsize)(close - open - 1));
		g_autofree char *value = value_of(name, scope);

		if (name_find(name)->personal)
			mark_personal(node);
		g_string_append_len(filled, at, open - at);
		g_string_append(filled, value);
		at = close + 1;
	}
	g_string_append(filled, at);
	(void)cmark_node_set_literal(node, filled->str);
}

static void
append_item(MarkdownNode *list, const Name *name, const char *text)
{
	MarkdownNode *item = cmark_node_new(CMARK_NODE_ITEM);
	MarkdownNode *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
	MarkdownNode *literal = cmark_node_new(CMARK_NODE_TEXT);

	(void)cmark_node_set_literal(literal, text);
	(void)cmark_node_append_child(paragraph, literal);
	(void)cmark_node_append_child(item, paragraph);
	(void)cmark_node_append_child(list, item);
	if (name->personal)
		mark_personal(literal);
}

/* Puts the list of @name's lines in the place of @paragraph. */
static void
fill_list(MarkdownNode *paragraph, const Name *name, const NameScope *scope)
{
	g_autofree char *value = name->value(scope);
	g_auto(GStrv) lines = g_strsplit(value, "\n", 0);
	MarkdownNode *list = cmark_node_new(CMARK_NODE_LIST);

	(void)cmark_node_set_list_type(list, CMARK_BULLET_LIST);
	(void)cmark_node_set_list_tight(list, 1);
	for (gsize i = 0; lines[i] != NULL; i++)
		append_item(list, name, lines[i]);
	(void)cmark_node_insert_before(paragraph, list);
	cmark_node_free(paragraph);
}

static void
fill_block(MarkdownNode *block, const NameScope *scope)
{
	const Name *alone = lone_name(block);
	cmark_iter *iter;
	g_autofree char *text = NULL;

	if (alone != NULL && alone->kind == NAME_LIST) {
		fill_list(block, alone, scope);
		return;
	}
	if (alone != NULL)
		set_user_data(block, (int)alone->kind);
	iter = cmark_iter_new(block);
	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		MarkdownNode *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);

		if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
		    (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
			type == CMARK_NODE_CODE_BLOCK))
			fill_literal(node, scope);
	}
	cmark_iter_free(iter);
	text = markdown_plain(block);
	if (*g_strstrip(text) == '\0' && cmark_node_get_type(block) == CMARK_NODE_PARAGRAPH)
		cmark_node_free(block);
}

MarkdownNode *
markdown_expand(
    const char *source, const char *path, gboolean letter, const NameScope *scope, GError **error)
{
	const Check check = { .path = path, .letter = letter, .scope = scope };
	g_autoptr(MarkdownNode) document = NULL;

	if (!check_source(&check, source, error))
		return NULL;
	document = cmark_parse_document(source, strlen(source), CMARK_OPT_DEFAULT);
	if (!check_document(document, path, error))
		return NULL;
	cmark_consolidate_text_nodes(document);
	for (MarkdownNode *block = cmark_node_first_child(document); block != NULL;) {
		MarkdownNode *next = cmark_node_next(block);

		fill_block(block, scope);
		block = next;
	}
	return g_steal_pointer(&document);
}

char *
markdown_plain(MarkdownNode *node)
{
	g_autoptr(GString) text = g_string_new(NULL);
	cmark_iter *iter = cmark_iter_new(node);

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		MarkdownNode *at = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(at);

		if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
		    type == CMARK_NODE_CODE_BLOCK)
			g_string_append(text, cmark_node_get_literal(at));
		else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			g_string_append_c(text, ' ');
	}
	cmark_iter_free(iter);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

NameKind
markdown_kind(MarkdownNode *node)
{
	return (NameKind)(GPOINTER_TO_INT(cmark_node_get_user_data(node)) & ~PERSONAL);
}

gboolean
markdown_personal(MarkdownNode *node)
{
	return (GPOINTER_TO_INT(cmark_node_get_user_data(node)) & PERSONAL) != 0;
}

void
filled_text_clear(FilledText *text)
{
	for (guint i = 0; i < text->count; i++) {
		if (text->in[i].document != NULL)
			cmark_node_free(text->in[i].document);
		g_free(text->in[i].deadline);
	}
}
