/* The identity of a sheet: which form, section and unit it was made for, under a tag that nobody else can make. */
#include "form/form.h"

#include <inttypes.h>
#include <string.h>

#define TAG_PURPOSE "sheet"
#define QR_PURPOSE  "qr"
#define QR_BITS	    40
#define QR_MARK	    "PLICO1"
#define CHECK_SIZE  (QR_BITS / 5)
#define CODE_PARTS  4 /* of the code at the foot: unit, section, serial, check */
#define CODE_LIMIT  100

typedef struct {
	const char *field;
	gsize offset; /* in SheetId */
} Part;

/* All parts but the tag, in the order in which they are tagged; it belongs to SHEET_VERSION. */
static const Part parts[] = {
	{ FIELD_VERSION, G_STRUCT_OFFSET(SheetId, version) },
	{ FIELD_KID, G_STRUCT_OFFSET(SheetId, kid) },
	{ FIELD_EDITION, G_STRUCT_OFFSET(SheetId, edition) },
	{ FIELD_UNIT, G_STRUCT_OFFSET(SheetId, unit) },
	{ FIELD_SECTION, G_STRUCT_OFFSET(SheetId, section) },
	{ FIELD_FORM, G_STRUCT_OFFSET(SheetId, form) },
	{ FIELD_SERIAL, G_STRUCT_OFFSET(SheetId, serial) },
};

#define PARTS G_N_ELEMENTS(parts)

static const char *
part_of(const SheetId *id, gsize i)
{
	return G_STRUCT_MEMBER(char *, id, parts[i].offset);
}

static void
collect(const SheetId *id, const char *fields[PARTS + 1])
{
	for (gsize i = 0; i < PARTS; i++)
		fields[i] = part_of(id, i);
	fields[PARTS] = NULL;
}

void
sheet_id_free(SheetId *id)
{
	if (id == NULL)
		return;
	g_free(id->version);
	g_free(id->kid);
	g_free(id->edition);
	g_free(id->unit);
	g_free(id->section);
	g_free(id->form);
	g_free(id->serial);
	g_free(id->tag);
	g_free(id);
}

#define OF_MEMORY     '-'
#define OF_CORRECTION '+'

/* Of a whole sheet without last year's answers the serial alone, as before there were any. */
static char *
serial_text(guint serial, char kind, gint64 number)
{
	return number > 0 ? g_strdup_printf("%u%c%" PRId64, serial, kind, number)
			  : g_strdup_printf("%u", serial);
}

static gint64
number_behind(const SheetId *id, char kind)
{
	const char *mark = strchr(id->serial, kind);
	guint64 number = 0;

	if (mark == NULL || !g_ascii_string_to_unsigned(mark + 1, 10, 1, G_MAXINT64, &number, NULL))
		return 0;
	return (gint64)number;
}

/* @serial: (transfer full) */
static SheetId *
id_new(const Keyring *keyring, const char *edition, const char *unit, const char *section,
    const char *form_version, char *serial)
{
	SheetId *id = g_new0(SheetId, 1);
	const char *fields[PARTS + 1];

	id->version = g_strdup(SHEET_VERSION);
	id->kid = g_strdup(keyring_current(keyring));
	id->edition = g_strdup(edition);
	id->unit = g_strdup(unit);
	id->section = g_strdup(section);
	id->form = g_strdup(form_version);
	id->serial = serial;
	collect(id, fields);
	id->tag = keyring_tag(keyring, id->kid, TAG_PURPOSE, fields, SHEET_TAG_BITS);
	return id;
}

SheetId *
sheet_id_new_with_memory(const Keyring *keyring, const char *edition, const char *unit,
    const char *section, const char *form_version, guint serial, gint64 memory)
{
	return id_new(
	    keyring, edition, unit, section, form_version, serial_text(serial, OF_MEMORY, memory));
}

SheetId *
sheet_id_new_of_correction(const Keyring *keyring, const char *edition, const char *unit,
    const char *section, const char *form_version, guint serial, gint64 correction)
{
	return id_new(keyring, edition, unit, section, form_version,
	    serial_text(serial, OF_CORRECTION, correction));
}

SheetId *
sheet_id_new(const Keyring *keyring, const char *edition, const char *unit, const char *section,
    const char *form_version, guint serial)
{
	return sheet_id_new_with_memory(keyring, edition, unit, section, form_version, serial, 0);
}

gint64
sheet_id_memory(const SheetId *id)
{
	return number_behind(id, OF_MEMORY);
}

gint64
sheet_id_correction(const SheetId *id)
{
	return number_behind(id, OF_CORRECTION);
}

SheetId *
sheet_id_read(const FieldSet *fields)
{
	SheetId *id = g_new0(SheetId, 1);

	for (gsize i = 0; i < PARTS; i++)
		G_STRUCT_MEMBER(char *, id, parts[i].offset) =
		    g_strdup(field_set_value(fields, parts[i].field));
	id->tag = g_strdup(field_set_value(fields, FIELD_TAG));
	return id;
}

gboolean
sheet_id_verify(const SheetId *id, const Keyring *keyring)
{
	const char *fields[PARTS + 1];

	collect(id, fields);
	return strcmp(id->version, SHEET_VERSION) == 0 &&
	       keyring_verify(keyring, id->kid, TAG_PURPOSE, fields, SHEET_TAG_BITS, id->tag);
}

void
sheet_id_write(const SheetId *id, FieldSet *fields)
{
	for (gsize i = 0; i < PARTS; i++)
		field_set_put(fields, parts[i].field, part_of(id, i));
	field_set_put(fields, FIELD_TAG, id->tag);
}

static char
as_written(char c)
{
	return c == '_' ? '-' : g_ascii_toupper(c);
}

/* @fields: edition, unit, section, serial and NULL. */
static char *
qr_text(const Keyring *keyring, const char *kid, const char *const fields[5])
{
	g_autofree char *check = keyring_tag(keyring, kid, QR_PURPOSE, fields, QR_BITS);
	g_autofree char *text = NULL;

	if (check == NULL)
		return NULL;
	text = g_strjoin(":", QR_MARK, fields[0], fields[1], fields[2], fields[3], check, NULL);
	for (char *at = text; *at != '\0'; at++)
		*at = as_written(*at);
	return g_steal_pointer(&text);
}

char *
sheet_id_qr(const SheetId *id, const Keyring *keyring)
{
	const char *const fields[] = { id->edition, id->unit, id->section, id->serial, NULL };

	return qr_text(keyring, id->kid, fields);
}

char *
letter_qr(const Keyring *keyring, const char *edition, const char *unit, guint serial)
{
	g_autofree char *number = serial_text(serial, OF_MEMORY, 0);
	const char *const fields[] = { edition, unit, "", number, NULL };

	return qr_text(keyring, keyring_current(keyring), fields);
}

const char *
sheet_code_short(const char *qr)
{
	const char *edition = strchr(qr, ':');
	const char *unit = edition != NULL ? strchr(edition + 1, ':') : NULL;

	g_assert(unit != NULL);
	return unit + 1;
}

static gboolean
is_number(const char *text)
{
	return *text != '\0' && strspn(text, "0123456789+-") == strlen(text);
}

/* Letters that the alphabet of checks has not: what they are mistaken for. */
static void
mend_check(char *check)
{
	for (char *at = check; *at != '\0'; at++)
		*at = *at == 'O' ? '0' : *at == 'I' || *at == 'L' ? '1' : *at;
}

char *
sheet_code_long(const char *edition, const char *code)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(QR_MARK ":");
	g_auto(GStrv) said = NULL;

	for (; *code != '\0' && plain->len <= CODE_LIMIT; code++)
		if (!g_ascii_isspace(*code))
			g_string_append_c(plain, as_written(*code));
	said = g_strsplit(plain->str, ":", CODE_PARTS + 1);
	if (plain->len > CODE_LIMIT || !g_str_is_ascii(plain->str) ||
	    g_strv_length(said) != CODE_PARTS || *said[0] == '\0' || *said[1] == '\0' ||
	    !is_number(said[2]) || strlen(said[3]) != CHECK_SIZE)
		return NULL;
	mend_check(said[3]);
	for (; *edition != '\0'; edition++)
		g_string_append_c(text, as_written(*edition));
	for (gsize i = 0; i < CODE_PARTS; i++)
		g_string_append_printf(text, ":%s", said[i]);
	return g_string_free(g_steal_pointer(&text), FALSE);
}
