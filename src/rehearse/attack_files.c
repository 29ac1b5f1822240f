/* Strangers who send files: sheets that were forged, damaged or seen before, and what is no sheet at all. */
#include "base/clock.h"
#include "rehearse/answers.h"
#include "rehearse/stranger.h"
#include "render/render.h"

#include <gio/gio.h>
#include <string.h>

#define FORGED_EDIT 2 /* other answers than those of the town */
#define BOMB_SIZE   ((gsize)40 << 20)

/* A message from somewhere else with @papers. */
static GBytes *
written_by(const Stranger *stranger, const GPtrArray *papers)
{
	const Desk *desk = stranger->desk;
	const Reply reply = {
		.from = "ufficio@altrove.example",
		.from_name = "Ufficio",
		.to = desk->tools->survey,
		.message_id = stranger->message_id,
		.date = clock_now(),
		.answers = desk->letter,
		.text = "Buongiorno,\nsi allega il modulo.\n",
		.papers = papers,
		.shape = SHAPE_ONE_MAIL,
	};

	return mailer_reply(&reply);
}

static GBytes *
written_with(const Stranger *stranger, const char *name, GBytes *bytes)
{
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);

	g_ptr_array_add(papers, paper_new(name, bytes));
	return written_by(stranger, papers);
}

/* One of the town's sheets with other answers, and one field more. @name: NULL for none. */
static GBytes *
forge(const Stranger *stranger, const char *name, const char *value, GError **error)
{
	const Desk *desk = stranger->desk;
	guint which = desk_throw(desk, stranger->message_id, desk->sections->len);
	const Section *section = g_ptr_array_index(desk->sections, which);
	const Paper *sheet = desk_find_sheet(desk, section);
	g_autoptr(GHashTable) answers = answers_draw(
	    desk->tools->seed, desk->town->unit->code, desk->view, FAULT_NONE, FORGED_EDIT);
	g_autoptr(FieldSet) fields = answers_fields(desk->view, section, answers, 0);

	g_assert(sheet != NULL);
	if (name != NULL)
		field_set_put(fields, name, value);
	return render_fill(sheet->bytes, fields, error);
}

static GBytes *
send_forged(const Stranger *stranger, const char *name, const char *value, GError **error)
{
	g_autoptr(GBytes) forged = forge(stranger, name, value, error);

	return forged != NULL ? written_with(stranger, "modulo.pdf", forged) : NULL;
}

GBytes *
attack_no_code(const Stranger *stranger, GError **error)
{
	return send_forged(stranger, NULL, NULL, error);
}

GBytes *
attack_wrong_code(const Stranger *stranger, GError **error)
{
	const TownTools *tools = stranger->desk->tools;
	g_autofree char *code =
	    keyring_access_code(tools->keyring, NULL, tools->edition, OTHER_TOWN, 1);

	return send_forged(stranger, FIELD_CODE, code, error);
}

/* It looks like one. */
GBytes *
attack_wrong_tag(const Stranger *stranger, GError **error)
{
	return send_forged(stranger, FIELD_TAG, "7Q4K9M2XZ3ABCDEFGHJKMNPQRS", error);
}

GBytes *
attack_other_serial(const Stranger *stranger, GError **error)
{
	return send_forged(stranger, FIELD_SERIAL, "9", error);
}

/* What a viewer shows may be the second one. */
GBytes *
attack_two_files(const Stranger *stranger, GError **error)
{
	g_autoptr(GBytes) forged = forge(stranger, FIELD_CODE, stranger->desk->code, error);
	g_autoptr(GByteArray) both = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	const guint8 *data;

	if (forged == NULL)
		return NULL;
	for (guint i = 0; i < 2; i++) {
		data = g_bytes_get_data(forged, &size);
		g_byte_array_append(both, data, (guint)size);
	}
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&both));
	return written_with(stranger, "modulo.pdf", bytes);
}

GBytes *
attack_half_a_file(const Stranger *stranger, GError **error)
{
	g_autoptr(GBytes) forged = forge(stranger, FIELD_CODE, stranger->desk->code, error);
	g_autoptr(GBytes) half = NULL;

	if (forged == NULL)
		return NULL;
	half = g_bytes_new_from_bytes(forged, 0, g_bytes_get_size(forged) / 2);
	return written_with(stranger, "modulo.pdf", half);
}

/* Nothing but blanks, deflated (RFC 1950). */
static GBytes *
deflated_blanks(gsize size)
{
	g_autoptr(GConverter) deflate =
	    G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
	g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
	g_autoptr(GOutputStream) out = g_converter_output_stream_new(memory, deflate);
	g_autofree char *blanks = g_strnfill((gsize)1 << 20, ' ');
	gboolean written = TRUE;

	for (gsize done = 0; written && done < size; done += (gsize)1 << 20)
		written = g_output_stream_write_all(out, blanks, (gsize)1 << 20, NULL, NULL, NULL);
	written = written && g_output_stream_close(out, NULL, NULL);
	g_assert(written); /* into memory */
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

/* A form with one field, whose value unpacks to a thousand times its size. */
GBytes *
attack_bomb(const Stranger *stranger, GError **error)
{
	static const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
		"<</Type/Pages/Kids[]/Count 0>>",
		"<</FT/Tx/T(plico_unit)/V 4 0 R>>",
	};
	g_autoptr(GBytes) value = deflated_blanks(BOMB_SIZE);
	g_autoptr(GString) pdf = g_string_new("%PDF-1.7\n");
	g_autoptr(GString) table = g_string_new("0000000000 65535 f \n");
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	const char *data = g_bytes_get_data(value, &size);
	gsize start;

	(void)error;
	for (guint i = 0; i < G_N_ELEMENTS(objects); i++) {
		g_string_append_printf(table, "%010zu 00000 n \n", pdf->len);
		g_string_append_printf(pdf, "%u 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	g_string_append_printf(table, "%010zu 00000 n \n", pdf->len);
	g_string_append_printf(pdf, "4 0 obj\n<</Length %zu/Filter/FlateDecode>>\nstream\n", size);
	g_string_append_len(pdf, data, (gssize)size);
	g_string_append(pdf, "\nendstream\nendobj\n");
	start = pdf->len;
	g_string_append_printf(pdf,
	    "xref\n0 5\n%strailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", table->str,
	    start);
	bytes = g_bytes_new(pdf->str, pdf->len);
	return written_with(stranger, "modulo.pdf", bytes);
}

GBytes *
attack_program(const Stranger *stranger, GError **error)
{
	g_autoptr(GBytes) program = g_bytes_new_static("MZ\x90\0\3\0\0\0\4", 9);

	(void)error;
	return written_with(stranger, "modulo.pdf.exe", program);
}

GBytes *
attack_replay(const Stranger *stranger, GError **error)
{
	(void)error;
	return written_by(stranger, stranger->papers);
}

/* The town's certified mail, signed by a provider that only looks like its own. */
GBytes *
attack_envelope(const Stranger *stranger, GError **error)
{
	const Desk *desk = stranger->desk;
	g_autoptr(Provider) forger = provider_new(clock_now());
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	g_autoptr(GBytes) forged = forge(stranger, NULL, NULL, error);
	const Reply reply = {
		.from = desk->town->address,
		.from_name = desk->town->unit->name,
		.to = desk->tools->survey,
		.message_id = stranger->message_id,
		.date = clock_now(),
		.answers = desk->letter,
		.text = "Si trasmette.\n",
		.papers = papers,
		.shape = SHAPE_PEC,
		.provider = forger,
	};

	if (forged == NULL)
		return NULL;
	g_ptr_array_add(papers, paper_new("modulo.pdf", forged));
	return mailer_reply(&reply);
}
