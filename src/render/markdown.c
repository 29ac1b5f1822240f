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
	guint code_line; /* the first that names the access code; 0: none */
} Check;

static gboolean
check_code(Check *check, guint line, GError **error)
{
	if (!check->letter)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: the access code may stand in letters only (KIND.letter.md)"),
		    check->path, line);
	if (check->code_line == 0)
		check->code_line = line;
	return TRUE;
}

static gboolean
check_name(Check *check, const char *name, guint line, GError **error)
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
check_line(Check *check, const char *text, guint line, GError **error)
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
check_source(Check *check, const char *source, GError **error)
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
value_of(const Name *name, const NameScope *scope)
{
	g_autofree char *value = name->value(scope);
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

/* --- a text that was read ------------------------------------------------------------------------------- */

/* A name in a line, or what follows the last one. */
typedef struct {
	char *before;	  /* the text in front of it */
	const Name *name; /* NULL: the end */
} Piece;

/* A node whose text has names. */
typedef struct {
	MarkdownNode *node;
	GArray *pieces; /* of Piece */
} Hole;

/* What stands in the document itself. */
typedef struct {
	MarkdownNode *node;
	const Name *list; /* (nullable): whose lines, as a list, take its place */
	gboolean open;	  /* a paragraph with names: it is left out where it becomes empty */
} Block;

struct MarkdownText {
	char *path;
	guint code_line; /* as in Check */
	MarkdownNode *document;
	GArray *blocks; /* of Block, as they were read */
	GArray *holes;	/* of Hole */
	GPtrArray
	    *lists; /* of MarkdownNode: those of the last filling, each in the place of its block */
};

static void
piece_clear(gpointer data)
{
	g_free(((Piece *)data)->before);
}

static void
hole_clear(gpointer data)
{
	g_array_unref(((Hole *)data)->pieces);
}

static GArray *
new_array(guint size, GDestroyNotify clear)
{
	GArray *array = g_array_new(FALSE, FALSE, size);

	g_array_set_clear_func(array, clear);
	return array;
}

static MarkdownText *
text_new(const char *path, MarkdownNode *document)
{
	MarkdownText *text = g_new0(MarkdownText, 1);

	text->path = g_strdup(path);
	text->document = document;
	text->blocks = new_array(sizeof(Block), NULL);
	text->holes = new_array(sizeof(Hole), hole_clear);
	text->lists = g_ptr_array_new_with_free_func((GDestroyNotify)cmark_node_free);
	return text;
}

/* The blocks as they were read. */
static void
put_back(MarkdownText *text)
{
	g_ptr_array_set_size(text->lists, 0);
	for (guint i = 0; i < text->blocks->len; i++)
		(void)cmark_node_append_child(
		    text->document, g_array_index(text->blocks, Block, i).node);
}

void
markdown_text_free(MarkdownText *text)
{
	if (text == NULL)
		return;
	put_back(text);
	cmark_node_free(text->document);
	g_ptr_array_unref(text->lists);
	g_array_unref(text->holes);
	g_array_unref(text->blocks);
	g_free(text->path);
	g_free(text);
}

static void
add_piece(GArray *pieces, const char *from, const char *to, const Name *name)
{
	const Piece piece = { g_strndup(from, (gsize)(to - from)), name };

	g_array_append_val(pieces, piece);
}

/* Notes where @node has names. Returns: whether it has any */
static gboolean
read_literal(MarkdownText *text, MarkdownNode *node)
{
	const char *at = cmark_node_get_literal(node);
	Hole hole = { .node = node };

	if (strchr(at, '{') == NULL)
		return FALSE;
	hole.pieces = new_array(sizeof(Piece), piece_clear);
	for (const char *open; (open = strchr(at, '{')) != NULL;) {
		const char *close = strchr(open, '}');
		g_autofree char *word = g_strndup(open + 1, (gsize)(close - open - 1));
		const Name *name = name_find(word);

		if (name->personal)
			mark_personal(node);
		add_piece(hole.pieces, at, open, name);
		at = close + 1;
	}
	add_piece(hole.pieces, at, at + strlen(at), NULL);
	g_array_append_val(text->holes, hole);
	return TRUE;
}

static void
read_block(MarkdownText *text, MarkdownNode *node)
{
	const Name *alone = lone_name(node);
	Block block = { .node = node };
	cmark_iter *iter;

	if (alone != NULL && alone->kind == NAME_LIST) {
		block.list = alone;
		g_array_append_val(text->blocks, block);
		return;
	}
	if (alone != NULL)
		set_user_data(node, (int)alone->kind);
	iter = cmark_iter_new(node);
	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		MarkdownNode *at = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(at);

		if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
		    (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
			type == CMARK_NODE_CODE_BLOCK) &&
		    read_literal(text, at))
			block.open = cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH;
	}
	cmark_iter_free(iter);
	g_array_append_val(text->blocks, block);
}

MarkdownText *
markdown_read(const char *source, const char *path, gboolean letter, GError **error)
{
	Check check = { .path = path, .letter = letter };
	g_autoptr(MarkdownNode) document = NULL;
	MarkdownText *text;

	if (!check_source(&check, source, error))
		return NULL;
	document = cmark_parse_document(source, strlen(source), CMARK_OPT_DEFAULT);
	if (!check_document(document, path, error))
		return NULL;
	cmark_consolidate_text_nodes(document);
	text = text_new(path, g_steal_pointer(&document));
	text->code_line = check.code_line;
	for (MarkdownNode *node = cmark_node_first_child(text->document); node != NULL;
	     node = cmark_node_next(node))
		read_block(text, node);
	return text;
}

/* --- filling it in -------------------------------------------------------------------------------------- */

/* A letter shows a code only where there is a credential, and a key to derive it with. */
static gboolean
has_code(const MarkdownText *text, const NameScope *scope, GError **error)
{
	g_autofree char *code = NULL;

	if (scope->letter->serial == 0)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: names the access code, but this letter comes without a credential"),
		    text->path, text->code_line);
	code = name_access_code(scope);
	if (code == NULL)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("the key %s of the credential is not in keys/: put it back"),
		    scope->letter->kid);
	return TRUE;
}

static void
fill_hole(const Hole *hole, const NameScope *scope, GString *line)
{
	g_string_truncate(line, 0);
	for (guint i = 0; i < hole->pieces->len; i++) {
		const Piece *piece = &g_array_index(hole->pieces, Piece, i);
		g_autofree char *value = piece->name != NULL ? value_of(piece->name, scope) : NULL;

		g_string_append(line, piece->before);
		if (value != NULL)
			g_string_append(line, value);
	}
	(void)cmark_node_set_literal(hole->node, line->str);
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

/* Puts the list of the name's lines in the place of the block. */
static void
put_list(MarkdownText *text, const Block *block, const NameScope *scope)
{
	g_autofree char *value = block->list->value(scope);
	g_auto(GStrv) lines = g_strsplit(value, "\n", 0);
	MarkdownNode *list = cmark_node_new(CMARK_NODE_LIST);

	(void)cmark_node_set_list_type(list, CMARK_BULLET_LIST);
	(void)cmark_node_set_list_tight(list, 1);
	for (gsize i = 0; lines[i] != NULL; i++)
		append_item(list, block->list, lines[i]);
	(void)cmark_node_replace(block->node, list);
	g_ptr_array_add(text->lists, list);
}

static gboolean
is_blank(MarkdownNode *node)
{
	g_autofree char *text = markdown_plain(node);

	return *g_strstrip(text) == '\0';
}

MarkdownNode *
markdown_fill(MarkdownText *text, const NameScope *scope, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (text->code_line > 0 && !has_code(text, scope, error))
		return NULL;
	put_back(text);
	for (guint i = 0; i < text->holes->len; i++)
		fill_hole(&g_array_index(text->holes, Hole, i), scope, line);
	for (guint i = 0; i < text->blocks->len; i++) {
		const Block *block = &g_array_index(text->blocks, Block, i);

		if (block->list != NULL)
			put_list(text, block, scope);
		else if (block->open && is_blank(block->node))
			cmark_node_unlink(block->node);
	}
	return text->document;
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
	for (guint i = 0; i < text->count; i++)
		g_free(text->in[i].deadline);
}
