#include "form/xlsx_package.h"

#include "base/error.h"

#include <libxml/parser.h>
#include <string.h>
#include <zip.h>

#define PIECE 65536 /* bytes unpacked at a time */

struct Package {
	GBytes *bytes; /* libzip reads them while the archive is open */
	zip_t *archive;
	guint64 total; /* bytes unpacked so far */
};

struct Part {
	const PartEvents *events;
	gpointer data;
	const char *name;
	xmlParserCtxt *parser;
	int attributes;
	const xmlChar **values; /* of the element that begins: five pointers an attribute */
	guint depth;
	GError *error;
};

typedef zip_file_t ZipFile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZipFile, zip_fclose)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlParserCtxt, xmlFreeParserCtxt)

/* --- the zip -------------------------------------------------------------------------------------------------- */

Package *
package_open(GBytes *bytes, GError **error)
{
	g_autoptr(Package) package = g_new0(Package, 1);
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	zip_error_t why;
	zip_source_t *source;

	zip_error_init(&why);
	package->bytes = g_bytes_ref(bytes);
	source = zip_source_buffer_create(data, size, 0, &why);
	if (source != NULL)
		package->archive = zip_open_from_source(source, ZIP_RDONLY, &why);
	if (package->archive == NULL) {
		zip_source_free(source);
		fail(error, PLICO_ERROR_INPUT,
		    _("not a whole .xlsx (%s): send or save the file again"),
		    zip_error_strerror(&why));
		zip_error_fini(&why);
		return NULL;
	}
	zip_error_fini(&why);
	if (zip_get_num_entries(package->archive, 0) > PACKAGE_ENTRIES_MAX) {
		fail(error, PLICO_ERROR_INPUT, _("more than %d parts in the file"),
		    PACKAGE_ENTRIES_MAX);
		return NULL;
	}
	return g_steal_pointer(&package);
}

void
package_free(Package *package)
{
	if (package == NULL)
		return;
	if (package->archive != NULL)
		zip_discard(package->archive);
	g_bytes_unref(package->bytes);
	g_free(package);
}

gboolean
package_has(const Package *package, const char *name)
{
	return zip_name_locate(package->archive, name, 0) >= 0;
}

/* Its sizes as the archive states them: a liar is caught while unpacking. */
static gboolean
check_sizes(Package *package, const char *name, GError **error)
{
	zip_stat_t about;

	if (zip_stat(package->archive, name, 0, &about) < 0)
		return fail(
		    error, PLICO_ERROR_INPUT, _("the part %s is missing: not a whole .xlsx"), name);
	if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
	    about.encryption_method != ZIP_EM_NONE)
		return fail(error, PLICO_ERROR_INPUT,
		    _("the part %s has a password: save the file without one"), name);
	if (about.size > PACKAGE_PART_MAX || package->total + about.size > PACKAGE_TOTAL_MAX)
		return fail(error, PLICO_ERROR_INPUT,
		    _("the part %s has %" PRIu64 " bytes unpacked: a form has less than %" PRIu64),
		    name, (uint64_t)about.size, (uint64_t)PACKAGE_PART_MAX);
	if (about.size > PACKAGE_RATIO_FROM && about.size / PACKAGE_RATIO_MAX > about.comp_size)
		return fail(error, PLICO_ERROR_INPUT,
		    _("the part %s grows more than %d times when it is unpacked: not a form"), name,
		    PACKAGE_RATIO_MAX);
	return TRUE;
}

/* --- the XML -------------------------------------------------------------------------------------------------- */

void
part_stop(Part *part, GError *error)
{
	if (part->error != NULL)
		g_error_free(error);
	else
		part->error = error;
	xmlStopParser(part->parser);
}

void
part_fail(Part *part, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	part_stop(part, g_error_new(PLICO_ERROR, PLICO_ERROR_INPUT, "%s: %s", part->name, text));
}

gboolean
part_failed(const Part *part)
{
	return part->error != NULL;
}

char *
part_attribute(const Part *part, const char *name)
{
	for (int i = 0; i < part->attributes; i++) {
		const xmlChar **value = part->values + i * 5;

		if (strcmp((const char *)value[0], name) == 0)
			return g_strndup((const char *)value[3], (gsize)(value[4] - value[3]));
	}
	return NULL;
}

guint
part_number(Part *part, const char *name, guint most, guint missing)
{
	g_autofree char *text = part_attribute(part, name);
	guint64 number = 0;

	if (text == NULL)
		return missing;
	if (!g_ascii_string_to_unsigned(text, 10, 0, most, &number, NULL))
		part_fail(part, _("%s=\"%.40s\": a number up to %u is expected"), name, text, most);
	return (guint)number;
}

static void
on_begin(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **namespace, int attributes, int defaulted,
    const xmlChar **values)
{
	Part *part = context;

	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)namespace;
	(void)defaulted;
	if (part->error != NULL)
		return;
	if (++part->depth > PACKAGE_DEPTH_MAX) {
		part_fail(part, _("elements stand more than %d deep"), PACKAGE_DEPTH_MAX);
		return;
	}
	part->attributes = attributes;
	part->values = values;
	part->events->begin(part, (const char *)name, part->data);
	part->attributes = 0;
}

static void
on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	Part *part = context;

	(void)prefix;
	(void)uri;
	part->depth--;
	if (part->error == NULL && part->events->end != NULL)
		part->events->end(part, (const char *)name, part->data);
}

static void
on_text(void *context, const xmlChar *text, int size)
{
	Part *part = context;

	if (part->error == NULL && part->events->text != NULL)
		part->events->text(part, (const char *)text, (gsize)size, part->data);
}

/* ECMA-376 part 2, 8.1.4: a package holds no DTD. With it go all entities. */
static void
on_doctype(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name;
	(void)public_id;
	(void)system_id;
	part_fail(context, _("a document type is declared: no spreadsheet writes that"));
}

static gboolean
feed(Package *package, Part *part, ZipFile *file)
{
	g_autofree char *piece = g_malloc(PIECE);
	guint64 unpacked = 0;
	zip_int64_t n;

	while (part->error == NULL && (n = zip_fread(file, piece, PIECE)) != 0) {
		if (n < 0) {
			part_fail(part, _("damaged (%s): send or save the file again"),
			    zip_file_strerror(file));
			return FALSE;
		}
		unpacked += (guint64)n;
		package->total += (guint64)n;
		if (unpacked > PACKAGE_PART_MAX || package->total > PACKAGE_TOTAL_MAX) {
			part_fail(part, _("larger than it says"));
			return FALSE;
		}
		if (xmlParseChunk(part->parser, piece, (int)n, 0) != 0)
			break;
	}
	if (part->error == NULL)
		(void)xmlParseChunk(part->parser, piece, 0, 1);
	if (part->error == NULL && !part->parser->wellFormed) {
		const xmlError *why = xmlCtxtGetLastError(part->parser);
		g_autofree char *text =
		    g_strchomp(g_strdup(why != NULL && why->message != NULL ? why->message : ""));

		part_fail(part, _("damaged (%s): send or save the file again"), text);
	}
	return part->error == NULL;
}

gboolean
package_read(
    Package *package, const char *name, const PartEvents *events, gpointer data, GError **error)
{
	Part part = { .events = events, .data = data, .name = name };
	g_autoptr(xmlParserCtxt) parser = NULL;
	g_autoptr(ZipFile) file = NULL;
	xmlSAXHandler handler = { 0 };

	if (!check_sizes(package, name, error))
		return FALSE;
	handler.initialized = XML_SAX2_MAGIC;
	handler.startElementNs = on_begin;
	handler.endElementNs = on_end;
	handler.characters = on_text;
	handler.cdataBlock = on_text;
	handler.ignorableWhitespace = on_text;
	handler.internalSubset = on_doctype;
	file = zip_fopen(package->archive, name, 0);
	parser = xmlCreatePushParserCtxt(&handler, &part, NULL, 0, NULL);
	if (parser == NULL)
		g_error("xmlCreatePushParserCtxt");
	(void)xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	part.parser = parser;
	if (file == NULL)
		part_fail(&part, _("damaged (%s): send or save the file again"),
		    zip_strerror(package->archive));
	else if (feed(package, &part, file))
		return TRUE;
	g_propagate_error(error, part.error);
	return FALSE;
}

char *
package_resolve(const char *base, const char *target)
{
	g_autofree char *folder = g_path_get_dirname(base);
	g_autofree char *whole =
	    *target == '/' ? g_strdup(target + 1) : g_build_path("/", folder, target, NULL);
	g_auto(GStrv) steps = g_strsplit(whole, "/", -1);
	g_autoptr(GPtrArray) kept = g_ptr_array_new();

	for (gsize i = 0; steps[i] != NULL; i++) {
		if (*steps[i] == '\0' || strcmp(steps[i], ".") == 0)
			continue;
		if (strcmp(steps[i], "..") != 0)
			g_ptr_array_add(kept, steps[i]);
		else if (kept->len == 0)
			return NULL;
		else
			g_ptr_array_set_size(kept, (gint)kept->len - 1);
	}
	g_ptr_array_add(kept, NULL);
	return g_strjoinv("/", (char **)kept->pdata);
}
