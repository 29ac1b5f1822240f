#include "render/markdown_copy.h"

#include <string.h>

/* What is known of a node. */
typedef struct {
	NameKind kind;
	gboolean personal; /* it, or something in it */
	gpointer kept;	   /* markdown_keep() */
	GDestroyNotify release;
} Note;

/* A name in a line, or what follows the last one. */
typedef struct {
	char *before;	  /* the text in front of it */
	const Name *name; /* NULL: the end */
} Piece;

/* A node whose text has names. */
typedef struct {
	MarkdownNode *node;
	GArray *pieces; /* of Piece */
	gboolean personal;
} Hole;

/* What stands in the document itself. */
typedef struct {
	MarkdownNode *node;
	const Name *list;    /* (nullable): whose lines, as a list, take its place */
	gboolean open;	     /* a paragraph with names: it is left out where it is blank */
	MarkdownNode *shown; /* (nullable): what stands in its place: it, its own list, nothing */
	gboolean personal;
} Block;

struct MarkdownCopy {
	MarkdownNode *document;
	GArray *blocks;	  /* of Block, as they were read */
	GArray *holes;	  /* of Hole */
	GPtrArray *notes; /* of Note: those of nodes that stay */
	GString *line;
};

/* --- notes ---------------------------------------------------------------------------------------------- */

static void
note_free(gpointer data)
{
	Note *note = data;

	if (note->release != NULL)
		note->release(note->kept);
	g_free(note);
}

static Note *
note_of(MarkdownCopy *copy, MarkdownNode *node)
{
	Note *note = cmark_node_get_user_data(node);

	if (note == NULL) {
		note = g_new0(Note, 1);
		g_ptr_array_add(copy->notes, note);
		(void)cmark_node_set_user_data(node, note);
	}
	return note;
}

/* The node and all that it is in, but for the document. */
static void
mark_personal(MarkdownCopy *copy, MarkdownNode *node)
{
	for (; node != copy->document; node = cmark_node_parent(node))
		note_of(copy, node)->personal = TRUE;
}

NameKind
markdown_kind(MarkdownNode *node)
{
	const Note *note = cmark_node_get_user_data(node);

	return note != NULL ? note->kind : NAME_INLINE;
}

gboolean
markdown_personal(MarkdownNode *node)
{
	const Note *note = cmark_node_get_user_data(node);

	return note != NULL && note->personal;
}

gpointer
markdown_kept(MarkdownNode *node)
{
	const Note *note = cmark_node_get_user_data(node);

	return note != NULL ? note->kept : NULL;
}

void
markdown_keep(MarkdownNode *node, gpointer kept, GDestroyNotify release)
{
	Note *note = cmark_node_get_user_data(node);

	g_assert(note != NULL && !note->personal && note->kept == NULL);
	note->kept = kept;
	note->release = release;
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

/* --- reading -------------------------------------------------------------------------------------------- */

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

static void
add_piece(GArray *pieces, const char *from, const char *to, const Name *name)
{
	const Piece piece = { g_strndup(from, (gsize)(to - from)), name };

	g_array_append_val(pieces, piece);
}

/* Notes where @node has names. Returns: whether it has any */
static gboolean
read_literal(MarkdownCopy *copy, MarkdownNode *node)
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

		hole.personal |= name->personal;
		add_piece(hole.pieces, at, open, name);
		at = close + 1;
	}
	add_piece(hole.pieces, at, at + strlen(at), NULL);
	if (hole.personal)
		mark_personal(copy, node);
	g_array_append_val(copy->holes, hole);
	return TRUE;
}

/* Whether any text in @node has names. */
static gboolean
read_literals(MarkdownCopy *copy, MarkdownNode *node)
{
	cmark_iter *iter = cmark_iter_new(node);
	gboolean any = FALSE;

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		MarkdownNode *at = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(at);

		if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
		    (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
			type == CMARK_NODE_CODE_BLOCK))
			any |= read_literal(copy, at);
	}
	cmark_iter_free(iter);
	return any;
}

static void
read_block(MarkdownCopy *copy, MarkdownNode *node)
{
	const Name *alone = lone_name(node);
	Block block = { .node = node };
	Note *note = note_of(copy, node);

	if (alone != NULL && alone->kind == NAME_LIST) {
		block.list = alone;
		note->personal = alone->personal;
	} else {
		if (alone != NULL)
			note->kind = alone->kind;
		block.open =
		    read_literals(copy, node) && cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH;
	}
	block.personal = note->personal;
	g_array_append_val(copy->blocks, block);
}

/* --- filling in ----------------------------------------------------------------------------------------- */

static const char *
text_of(const GArray *values, const Name *name)
{
	for (guint i = 0; i < values->len; i++) {
		const NameValue *value = &g_array_index(values, NameValue, i);

		if (value->name == name)
			return value->text;
	}
	g_assert_not_reached();
}

/* In one line: a value must not begin a new one. */
static void
append_value(GString *line, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	g_strdelimit(valid, "\r\n\t", ' ');
	g_string_append(line, g_strstrip(valid));
}

static void
fill_hole(MarkdownCopy *copy, const Hole *hole, const GArray *values)
{
	g_string_truncate(copy->line, 0);
	for (guint i = 0; i < hole->pieces->len; i++) {
		const Piece *piece = &g_array_index(hole->pieces, Piece, i);

		g_string_append(copy->line, piece->before);
		if (piece->name != NULL)
			append_value(copy->line, text_of(values, piece->name));
	}
	(void)cmark_node_set_literal(hole->node, copy->line->str);
}

static void
append_item(MarkdownNode *list, const char *text, gpointer note)
{
	MarkdownNode *nodes[] = { cmark_node_new(CMARK_NODE_ITEM),
		cmark_node_new(CMARK_NODE_PARAGRAPH), cmark_node_new(CMARK_NODE_TEXT) };

	(void)cmark_node_set_literal(nodes[2], text);
	for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
		(void)cmark_node_set_user_data(nodes[i], note);
		(void)cmark_node_append_child(i > 0 ? nodes[i - 1] : list, nodes[i]);
	}
}

/* The lines of @text as a list. @note (nullable): of all that is in it. */
static MarkdownNode *
make_list(const char *text, gpointer note)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
	MarkdownNode *list = cmark_node_new(CMARK_NODE_LIST);

	(void)cmark_node_set_list_type(list, CMARK_BULLET_LIST);
	(void)cmark_node_set_list_tight(list, 1);
	(void)cmark_node_set_user_data(list, note);
	for (gsize i = 0; lines[i] != NULL; i++)
		append_item(list, lines[i], note);
	return list;
}

static gboolean
is_blank(MarkdownNode *node)
{
	g_autofree char *text = markdown_plain(node);

	return *g_strstrip(text) == '\0';
}

/* Finds what stands in the place of the block. */
static void
update_block(Block *block, const GArray *values)
{
	gpointer note = cmark_node_get_user_data(block->node);

	if (block->list != NULL) {
		if (block->shown != NULL)
			cmark_node_free(block->shown);
		block->shown =
		    make_list(text_of(values, block->list), block->personal ? note : NULL);
		(void)cmark_node_set_user_data(block->shown, note);
	} else {
		block->shown = block->open && is_blank(block->node) ? NULL : block->node;
	}
}

/* Fills in what is @personal, or what is not. */
static void
fill_in(MarkdownCopy *copy, const GArray *values, gboolean personal)
{
	for (guint i = 0; i < copy->holes->len; i++) {
		const Hole *hole = &g_array_index(copy->holes, Hole, i);

		if (hole->personal == personal)
			fill_hole(copy, hole, values);
	}
	for (guint i = 0; i < copy->blocks->len; i++) {
		Block *block = &g_array_index(copy->blocks, Block, i);

		if (block->personal == personal)
			update_block(block, values);
	}
}

MarkdownNode *
copy_fill(MarkdownCopy *copy, const GArray *values)
{
	fill_in(copy, values, TRUE);
	for (guint i = 0; i < copy->blocks->len; i++) {
		const Block *block = &g_array_index(copy->blocks, Block, i);

		if (block->shown != NULL)
			(void)cmark_node_append_child(copy->document, block->shown);
		else
			cmark_node_unlink(block->node);
	}
	return copy->document;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

MarkdownCopy *
copy_new(const char *source, const GArray *values)
{
	MarkdownCopy *copy = g_new0(MarkdownCopy, 1);

	copy->document = cmark_parse_document(source, strlen(source), CMARK_OPT_DEFAULT);
	copy->blocks = new_array(sizeof(Block), NULL);
	copy->holes = new_array(sizeof(Hole), hole_clear);
	copy->notes = g_ptr_array_new_with_free_func(note_free);
	copy->line = g_string_new(NULL);
	cmark_consolidate_text_nodes(copy->document);
	(void)note_of(copy, copy->document);
	for (MarkdownNode *node = cmark_node_first_child(copy->document); node != NULL;
	     node = cmark_node_next(node))
		read_block(copy, node);
	for (guint i = 0; i < copy->blocks->len; i++)
		cmark_node_unlink(g_array_index(copy->blocks, Block, i).node);
	fill_in(copy, values, FALSE);
	return copy;
}

void
copy_free(MarkdownCopy *copy)
{
	if (copy == NULL)
		return;
	for (guint i = 0; i < copy->blocks->len; i++) {
		const Block *block = &g_array_index(copy->blocks, Block, i);

		if (block->list != NULL && block->shown != NULL)
			cmark_node_free(block->shown);
		cmark_node_free(block->node);
	}
	cmark_node_free(copy->document);
	g_ptr_array_unref(copy->notes);
	g_array_unref(copy->holes);
	g_array_unref(copy->blocks);
	g_string_free(copy->line, TRUE);
	g_free(copy);
}
