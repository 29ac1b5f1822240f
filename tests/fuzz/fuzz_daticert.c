/* What a provider of certified mail says of a message (collect/daticert.h): texts of bounded size and number. */
#include "collect/collect.h"
#include "collect/daticert.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void
check_text(const char *text)
{
	if (text == NULL)
		return;
	g_assert_true(g_utf8_validate(text, -1, NULL));
	g_assert_cmpuint(strlen(text), <=, 4096);
}

static void
run(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) xml = g_bytes_new_static(data, size);
	g_autoptr(Daticert) read = daticert_read(xml);

	if (read == NULL)
		return;
	check_text(read->kind);
	check_text(read->error);
	check_text(read->sender);
	check_text(read->message_id);
	check_text(read->delivered_to);
	check_text(read->error_detail);
	g_assert_cmpuint(read->addressees->len, <=, PEC_ADDRESSEES_LIMIT);
	g_assert_cmpuint(read->ordinary, <=, read->addressees->len);
	for (guint i = 0; i < read->addressees->len; i++)
		check_text(g_ptr_array_index(read->addressees, i));
	g_assert_null(memmem(data, size, "<!DOCTYPE", 9));
}

const FuzzTarget fuzz_daticert = { daticert_prepare, run };
