#include "collect/scan.h"

#include "base/error.h"
#include "collect/collect.h"
#include "collect/slice.h"

#include <string.h>

/* A multipart or message that is open; the boundary of a message is empty: no line ends it. */
typedef struct {
	Slice boundary;
	gboolean digest; /* its parts are messages unless they say otherwise, RFC 2046, 5.1.5 */
} Level;

typedef struct {
	Level levels[COLLECT_DEPTH_LIMIT];
	guint depth;
	guint parts;
	gboolean in_header;
	gsize block; /* bytes of this header block */
	guint fields;
	Slice field; /* the one being read, with its folds */
	Slice type;  /* the block's first Content-Type, with its folds */
	guint types; /* how many it has */
} Scan;

static ScanVerdict
open_level(Scan *scan, Level level)
{
	if (scan->depth == COLLECT_DEPTH_LIMIT)
		return SCAN_DEPTH;
	scan->levels[scan->depth++] = level;
	return SCAN_SOUND;
}

static void
begin_header(Scan *scan)
{
	scan->in_header = TRUE;
	scan->block = 0;
	scan->fields = 0;
	scan->field = (Slice){ NULL, 0 };
	scan->type = (Slice){ NULL, 0 };
	scan->types = 0;
}

/* Types whose body GMime reads as a message; the reports among message/... are leaves. */
static gboolean
holds_message(Slice type)
{
	static const char *const leaves[] = { "message/delivery-status",
		"message/disposition-notification", "message/external-body", "message/partial",
		"message/feedback-report" };

	for (gsize i = 0; i < G_N_ELEMENTS(leaves); i++)
		if (slice_starts_with(type, leaves[i]))
			return FALSE;
	return slice_starts_with(type, "message/");
}

/* A blank line: what follows depends on the type that the block named. */
static ScanVerdict
end_header(Scan *scan)
{
	Slice type = slice_field_value(scan->type);
	Level level = { .digest = slice_starts_with(type, "multipart/digest") };

	scan->in_header = FALSE;
	if (scan->types > 1) /* readers differ in which one they take */
		return SCAN_TWO_WAYS;
	if (holds_message(type) ||
	    (type.size == 0 && scan->depth > 0 && scan->levels[scan->depth - 1].digest)) {
		begin_header(scan);
		return open_level(scan, level);
	}
	if (!slice_starts_with(type, "multipart/"))
		return SCAN_SOUND;
	if (!slice_boundary(type, &level.boundary))
		return SCAN_TWO_WAYS;
	return open_level(scan, level);
}

/* Blanks before the colon are obsolete syntax (RFC 5322, 4.5) that GMime reads. */
static gboolean
is_content_type(Slice line)
{
	const char *colon = memchr(line.at, ':', line.size);
	Slice name = slice_trim((Slice){ line.at, colon != NULL ? (gsize)(colon - line.at) : 0 });

	return name.size == 12 && slice_starts_with(name, "content-type");
}

static ScanVerdict
header_line(Scan *scan, Slice line, gsize whole)
{
	gboolean folded = scan->field.at != NULL && line.size > 0 && slice_is_blank(*line.at);

	scan->block += whole;
	if (scan->block > COLLECT_HEADER_LIMIT)
		return SCAN_HEADER;
	if (!folded) {
		if (++scan->fields > COLLECT_FIELDS_LIMIT)
			return SCAN_FIELDS;
		scan->field = line;
		if (is_content_type(line) && ++scan->types == 1)
			scan->type = line;
	}
	scan->field.size = (gsize)(line.at + line.size - scan->field.at);
	if (scan->field.size > COLLECT_FIELD_LIMIT)
		return SCAN_FIELD;
	if (scan->type.at == scan->field.at)
		scan->type.size = scan->field.size;
	return SCAN_SOUND;
}

/* Whether @line is the boundary or the end boundary of an open multipart, the innermost first. */
static gboolean
find_level(const Scan *scan, Slice line, guint *level, gboolean *end)
{
	if (line.size < 2 || line.at[0] != '-' || line.at[1] != '-')
		return FALSE;
	line = slice_trim((Slice){ line.at + 2, line.size - 2 });
	for (guint i = scan->depth; i-- > 0;) {
		Slice boundary = scan->levels[i].boundary;

		if (boundary.at == NULL || line.size < boundary.size ||
		    memcmp(line.at, boundary.at, boundary.size) != 0)
			continue;
		*level = i;
		*end =
		    line.size == boundary.size + 2 && memcmp(line.at + boundary.size, "--", 2) == 0;
		if (*end || line.size == boundary.size)
			return TRUE;
	}
	return FALSE;
}

static ScanVerdict
scan_line(Scan *scan, Slice line, gsize whole)
{
	gboolean end;
	guint level;

	if (find_level(scan, line, &level, &end)) {
		scan->depth = end ? level : level + 1;
		scan->in_header = FALSE;
		if (end)
			return SCAN_SOUND;
		begin_header(scan);
		return ++scan->parts > COLLECT_PARTS_LIMIT ? SCAN_PARTS : SCAN_SOUND;
	}
	if (!scan->in_header)
		return SCAN_SOUND;
	if (line.size == 0)
		return end_header(scan);
	return header_line(scan, line, whole);
}

ScanVerdict
scan_message(GBytes *raw)
{
	Scan scan = { 0 };
	ScanVerdict verdict = SCAN_SOUND;
	gsize size;
	const char *at = g_bytes_get_data(raw, &size);
	const char *end = at + size;

	begin_header(&scan);
	while (at < end && verdict == SCAN_SOUND) {
		const char *feed = memchr(at, '\n', (gsize)(end - at));
		const char *next = feed != NULL ? feed + 1 : end;
		Slice line = { at, (gsize)((feed != NULL ? feed : end) - at) };

		if (line.size > 0 && line.at[line.size - 1] == '\r')
			line.size--;
		verdict = scan_line(&scan, line, (gsize)(next - at));
		at = next;
	}
	return verdict;
}

GBytes *
scan_line_ends(GBytes *raw)
{
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	g_autofree char *copy = NULL;

	if (size == 0 || memchr(data, '\n', size) != NULL || memchr(data, '\r', size) == NULL)
		return g_bytes_ref(raw);
	copy = g_memdup2(data, size);
	for (gsize i = 0; i < size; i++)
		if (copy[i] == '\r')
			copy[i] = '\n';
	return g_bytes_new_take(g_steal_pointer(&copy), size);
}

const char *
scan_text(ScanVerdict verdict)
{
	static const char *const texts[SCAN_VERDICTS] = {
		[SCAN_SOUND] = "",
		[SCAN_HEADER] = N_("its header is too long"),
		[SCAN_FIELD] = N_("a field of its header is too long"),
		[SCAN_FIELDS] = N_("its header has too many fields"),
		[SCAN_DEPTH] = N_("its parts are nested too deep"),
		[SCAN_PARTS] = N_("it has too many parts"),
		[SCAN_TWO_WAYS] = N_("its parts can be read in two ways"),
		[SCAN_PDFS] = N_("it has too many PDF files"),
		[SCAN_EMPTY] = N_("it is no mail message"),
	};

	return verdict < SCAN_VERDICTS ? _(texts[verdict]) : "";
}
