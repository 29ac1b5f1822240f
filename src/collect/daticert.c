#include "collect/daticert.h"

#include "collect/collect.h"

#include <libxml/parser.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

#define TEXT_LIMIT 1000 /* of one element */

void
daticert_free(Daticert *daticert)
{
	if (daticert == NULL)
		return;
	g_free(daticert->kind);
	g_free(daticert->error);
	g_free(daticert->sender);
	g_ptr_array_unref(daticert->addressees);
	g_free(daticert->message_id);
	g_free(daticert->delivered_to);
	g_free(daticert->error_detail);
	g_free(daticert);
}

static void
say_nothing(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void
daticert_prepare(void)
{
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, say_nothing);
}

/* --- elements ---------------------------------------------------------------------------------------------- */

static gboolean
is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static const xmlNode *
child_of(const xmlNode *parent, const char *name)
{
	const xmlNode *node = parent != NULL ? parent->children : NULL;

	while (node != NULL && !is_named(node, name))
		node = node->next;
	return node;
}

static guint
count_children(const xmlNode *parent, const char *name)
{
	guint count = 0;

	for (const xmlNode *node = parent->children; node != NULL; node = node->next)
		count += is_named(node, name) ? 1 : 0;
	return count;
}

/* The text of @node (nullable), trimmed. Returns: (transfer full) */
static char *
text_of(const xmlNode *node)
{
	xmlChar *text = node != NULL ? xmlNodeGetContent(node) : NULL;
	char *copy = g_strndup(text != NULL ? (const char *)text : "", TEXT_LIMIT);

	xmlFree(text);
	return g_strstrip(copy);
}

static char *
attribute_of(const xmlNode *node, const char *name)
{
	xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *copy = g_strndup(text != NULL ? (const char *)text : "", TEXT_LIMIT);

	xmlFree(text);
	return g_strstrip(copy);
}

static char *
message_id_of(const xmlNode *node)
{
	g_autofree char *text = text_of(node);
	gsize size = strlen(text);

	return size > 2 && text[0] == '<' && text[size - 1] == '>' ? g_strndup(text + 1, size - 2)
								   : g_steal_pointer(&text);
}

/* data@zona (+0100), giorno (dd/mm/yyyy), ora (hh:mm:ss). 0: not said. */
static gint64
time_of(const xmlNode *data)
{
	g_autofree char *zone = data != NULL ? attribute_of(data, "zona") : g_strdup("");
	g_autofree char *day = text_of(child_of(data, "giorno"));
	g_autofree char *hour = text_of(child_of(data, "ora"));
	g_autofree char *iso = NULL;
	g_autoptr(GDateTime) time = NULL;

	if (strlen(day) != 10 || strlen(hour) != 8 || strlen(zone) != 5)
		return 0;
	iso = g_strdup_printf(
	    "%.4s-%.2s-%.2sT%s%.3s:%s", day + 6, day + 3, day, hour, zone, zone + 3);
	time = g_date_time_new_from_iso8601(iso, NULL);
	return time != NULL ? g_date_time_to_unix(time) : 0;
}

/* --- the file ------------------------------------------------------------------------------------------------ */

static gboolean
read_header(const xmlNode *header, Daticert *daticert)
{
	if (header == NULL || count_children(header, "mittente") != 1 ||
	    count_children(header, "destinatari") > PEC_ADDRESSEES_LIMIT)
		return FALSE;
	daticert->sender = text_of(child_of(header, "mittente"));
	for (const xmlNode *node = header->children; node != NULL; node = node->next) {
		g_autofree char *kind = NULL;

		if (!is_named(node, "destinatari"))
			continue;
		kind = attribute_of(node, "tipo");
		daticert->ordinary += strcmp(kind, "esterno") == 0 ? 1 : 0;
		g_ptr_array_add(daticert->addressees, text_of(node));
	}
	return TRUE;
}

static gboolean
read_data(const xmlNode *data, Daticert *daticert)
{
	if (data == NULL || count_children(data, "msgid") > 1 ||
	    count_children(data, "consegna") > 1 || count_children(data, "errore-esteso") > 1)
		return FALSE;
	daticert->message_id = message_id_of(child_of(data, "msgid"));
	daticert->delivered_to = text_of(child_of(data, "consegna"));
	daticert->error_detail = text_of(child_of(data, "errore-esteso"));
	daticert->at = time_of(child_of(data, "data"));
	return TRUE;
}

static gboolean
read_root(const xmlNode *root, Daticert *daticert)
{
	if (root == NULL || !is_named(root, "postacert") ||
	    count_children(root, "intestazione") != 1 || count_children(root, "dati") != 1)
		return FALSE;
	daticert->kind = attribute_of(root, "tipo");
	daticert->error = attribute_of(root, "errore");
	return read_header(child_of(root, "intestazione"), daticert) &&
	       read_data(child_of(root, "dati"), daticert);
}

Daticert *
daticert_read(GBytes *xml)
{
	g_autoptr(Daticert) daticert = g_new0(Daticert, 1);
	g_autoptr(xmlDoc) doc = NULL;
	gsize size;
	const char *data = g_bytes_get_data(xml, &size);

	daticert->addressees = g_ptr_array_new_with_free_func(g_free);
	/* a DTD could only be there to harm; behind a character set that hides it, the parsed tree tells */
	if (size == 0 || size > PEC_DATICERT_LIMIT || memmem(data, size, "<!DOCTYPE", 9) != NULL ||
	    memmem(data, size, "<!ENTITY", 8) != NULL)
		return NULL;
	doc = xmlReadMemory(data, (int)size, "daticert.xml", NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
	if (doc == NULL || doc->intSubset != NULL || doc->extSubset != NULL ||
	    !read_root(xmlDocGetRootElement(doc), daticert))
		return NULL;
	return g_steal_pointer(&daticert);
}
