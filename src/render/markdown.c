#include "render/markdown_copy.h"

#include "base/error.h"

#include <string.h>

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz_"
#define COPIES_MOST  16 /* kept of a text; each is some 100 kB, with what letters keep of it */

struct MarkdownText {
	char *path;
	char *source;
	gboolean letter;
	guint code_line;    /* the first that names the access code; 0: none */
	GPtrArray *names;   /* of const Name *: those in it, each once */
	GHashTable *copies; /* what is not personal in it, as GString -> MarkdownCopy */
};

static void
free_key(gpointer key)
{
	g_string_free(key, TRUE);
}

static MarkdownText *
text_new(const char *source, const char *path, gboolean letter)
{
	MarkdownText *text = g_new0(MarkdownText, 1);

	text->path = g_strdup(path);
	text->source = g_strdup(source);
	text->letter = letter;
	text->names = g_ptr_array_new();
	text->copies = g_hash_table_new_full((GHashFunc)g_string_hash, (GEqualFunc)g_string_equal,
	    free_key, (GDestroyNotify)copy_free);
	return text;
}

void
markdown_text_free(MarkdownText *text)
{
	if (text == NULL)
		return;
	g_hash_table_unref(text->copies);
	g_ptr_array_unref(text->names);
	g_free(text->source);
	g_free(text->path);
	g_free(text);
}

/* --- the source: every brace belongs to a name ------------------------------------------------------ */

static void
add_name(MarkdownText *text, const Name *name)
{
	if (!g_ptr_array_find(text->names, name, NULL))
		g_ptr_array_add(text->names, (gpointer)(gsize)name);
}

static gboolean
check_code(MarkdownText *text, guint line, GError **error)
{
	if (!text->letter)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: the access code may stand in letters only (KIND.letter.md)"),
		    text->path, line);
	if (text->code_line == 0)
		text->code_line = line;
	return TRUE;
}

static gboolean
check_name(MarkdownText *text, const char *name, guint line, GError **error)
{
	const Name *found = name_find(name);
	g_autofree char *known = NULL;
	const char *path = text->path;

	if (found != NULL)
		add_name(text, found);
	if (found != NULL && found->value == name_access_code)
		return check_code(text, line, error);
	if (found != NULL && (text->letter || !found->letter_only))
		return TRUE;
	if (found != NULL)
		return fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: {%s} may stand in letters only (KIND.letter.md)"), path, line, name);
	known = name_list();
	return fail(error, PLICO_ERROR_INPUT, _("%s:%u: {%s} is no name; there are %s"), path, line,
	    name, known);
}

static gboolean
check_line(MarkdownText *text, const char *words, guint line, GError **error)
{
	for (const char *at = strpbrk(words, "{}"); at != NULL; at = strpbrk(at, "{}")) {
		gsize size = strspn(at + 1, NAME_LETTERS);
		g_autofree char *name = g_strndup(at + 1, size);

		if (*at == '}' || at[1 + size] != '}')
			return fail(error, PLICO_ERROR_INPUT,
			    _("%s:%u: “%.20s”: a name is {letters_and_underscores}, closed on its line"),
			    text->path, line, at);
		if (!check_name(text, name, line, error))
			return FALSE;
		at += size + 2;
	}
	return TRUE;
}

static gboolean
check_source(MarkdownText *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text->source, "\n", 0);

	if (!g_utf8_validate(text->source, -1, NULL))
		return fail(error, PLICO_ERROR_INPUT, _("%s: is no UTF-8 text"), text->path);
	for (guint i = 0; lines[i] != NULL; i++)
		if (!check_line(text, lines[i], i + 1, error))
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

MarkdownText *
markdown_read(const char *source, const char *path, gboolean letter, GError **error)
{
	g_autoptr(MarkdownText) text = text_new(source, path, letter);
	g_autoptr(MarkdownNode) document = NULL;

	if (!check_source(text, error))
		return NULL;
	document = cmark_parse_document(source, strlen(source), CMARK_OPT_DEFAULT);
	if (!check_document(document, path, error))
		return NULL;
	if (letter) /* its head has the date */
		add_name(text, name_find("data"));
	return g_steal_pointer(&text);
}

/* --- filling it in -------------------------------------------------------------------------------------- */

static void
value_clear(gpointer value)
{
	g_free(((NameValue *)value)->text);
}

/* A letter shows a code only where there is a credential, and a key to derive it with. */
static gboolean
check_code_value(const NameScope *scope, const NameValue *value, GError **error)
{
	if (value->text != NULL || value->name->value != name_access_code)
		return TRUE;
	return fail(error, PLICO_ERROR_CONFIG,
	    _("the key %s of the credential is not in keys/: put it back"), scope->letter->kid);
}

/* What all names of the text say. Returns: (transfer full): of NameValue */
static GArray *
find_values(const MarkdownText *text, const NameScope *scope, GError **error)
{
	g_autoptr(GArray) values =
	    g_array_sized_new(FALSE, TRUE, sizeof(NameValue), text->names->len);

	g_array_set_clear_func(values, value_clear);
	if (text->code_line > 0 && scope->letter->serial == 0) {
		fail(error, PLICO_ERROR_INPUT,
		    _("%s:%u: names the access code, but this letter comes without a credential"),
		    text->path, text->code_line);
		return NULL;
	}
	for (guint i = 0; i < text->names->len; i++) {
		const Name *name = g_ptr_array_index(text->names, i);
		NameValue value = { name, name->value(scope) };

		g_array_append_val(values, value);
		if (!check_code_value(scope, &value, error))
			return NULL;
	}
	return g_steal_pointer(&values);
}

/* All that a copy depends on. Returns: (transfer full) */
static GString *
make_key(const GArray *values, const char *role)
{
	GString *key = g_string_sized_new(1024);

	g_string_append(key, role);
	for (guint i = 0; i < values->len; i++) {
		const NameValue *value = &g_array_index(values, NameValue, i);

		if (value->name->personal)
			continue;
		g_string_append_c(key, '\0'); /* no value holds it */
		g_string_append(key, value->text);
	}
	return key;
}

MarkdownNode *
markdown_fill(MarkdownText *text, const char *role, const NameScope *scope, GError **error)
{
	g_autoptr(GArray) values = find_values(text, scope, error);
	g_autoptr(GString) key = values != NULL ? make_key(values, role) : NULL;
	MarkdownCopy *copy;

	if (key == NULL)
		return NULL;
	copy = g_hash_table_lookup(text->copies, key);
	if (copy == NULL) {
		if (g_hash_table_size(text->copies) >= COPIES_MOST)
			g_hash_table_remove_all(text->copies);
		copy = copy_new(text->source, values);
		g_hash_table_insert(text->copies, g_steal_pointer(&key), copy);
	}
	return copy_fill(copy, values);
}

void
filled_text_clear(FilledText *text)
{
	for (guint i = 0; i < text->count; i++)
		g_free(text->in[i].deadline);
}
