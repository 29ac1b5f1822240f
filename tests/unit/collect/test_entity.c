/* One level of MIME by hand, and daticert.xml: what could be read in two ways is not read. */
#include "collect/daticert.h"
#include "collect/entity.h"

#include <string.h>

static Slice
slice(const char *text)
{
	return (Slice){ text, strlen(text) };
}

static void
assert_text(Slice part, const char *expected)
{
	g_autofree char *text = slice_dup(part);

	g_assert_cmpstr(text, ==, expected);
}

static void
test_fields(void)
{
	Entity entity =
	    entity_of(slice("From: a\r\nX-Ricevuta:\r\n accettazione \r\nfrom : b\r\n\r\nbody"));
	Slice value = { NULL, 0 };

	g_assert_cmpuint(entity_field(&entity, "FROM", &value), ==, 2);
	assert_text(value, "a");
	g_assert_cmpuint(entity_field(&entity, "X-Ricevuta", &value), ==, 1);
	assert_text(value, "accettazione");
	g_assert_cmpuint(entity_field(&entity, "X-Trasporto", NULL), ==, 0);
	assert_text(entity.body, "body");
	entity = entity_of(slice("From: a"));
	g_assert_cmpuint(entity_field(&entity, "From", NULL), ==, 1);
	g_assert_cmpuint(entity.body.size, ==, 0);
}

static void
test_parts(void)
{
	Slice parts[2];
	guint count;

	g_assert_true(entity_parts(
	    slice("before\r\n--b\r\none\r\n--b \r\n\r\n--bb\r\ntwo\r\n--b--\r\nbehind\r\n--b\r\n"),
	    slice("b"), parts, 2, &count));
	g_assert_cmpuint(count, ==, 2);
	assert_text(parts[0], "one");
	assert_text(parts[1], "\r\n--bb\r\ntwo");
	g_assert_false(entity_parts(slice("--b\none\n"), slice("b"), parts, 2, &count));
	g_assert_false(
	    entity_parts(slice("--b\n1\n--b\n2\n--b\n3\n--b--"), slice("b"), parts, 2, &count));
	g_assert_false(entity_parts(slice("no part"), slice("b"), parts, 2, &count));
	g_assert_false(entity_parts(slice("--\n--"), slice(""), parts, 2, &count));
	g_assert_false(entity_parts(slice("--b--"), slice("b"), parts, 2, &count));
}

static void
assert_content(const char *raw, const char *expected)
{
	Entity entity = entity_of(slice(raw));
	g_autoptr(GBytes) bytes = entity_content(&entity);
	g_autofree char *text = NULL;

	if (expected == NULL) {
		g_assert_null(bytes);
		return;
	}
	text = g_strndup(g_bytes_get_data(bytes, NULL) != NULL ? g_bytes_get_data(bytes, NULL) : "",
	    g_bytes_get_size(bytes));
	g_assert_cmpstr(text, ==, expected);
}

static void
test_content(void)
{
	assert_content("A: b\n\nplain", "plain");
	assert_content("Content-Transfer-Encoding: BASE64\n\nY2l\nhbw==\n", "ciao");
	assert_content("Content-Transfer-Encoding: quoted-printable\n\n=3Ca=\n>=zz=\n", "<a>=zz");
	assert_content("Content-Transfer-Encoding: quoted-printable\n\na\nb", "a\nb");
	assert_content("Content-Transfer-Encoding: 8bit\n\n", "");
	assert_content("Content-Transfer-Encoding: x-uuencode\n\nx", NULL);
	assert_content(
	    "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n\nx", NULL);
}

static void
test_boundary(void)
{
	static const struct {
		const char *type;
		const char *boundary; /* NULL: not to be trusted */
	} cases[] = {
		{ "multipart/signed; micalg=x; boundary=\"a b\"", "a b" },
		{ "multipart/signed; boundary=a", "a" },
		{ "multipart/signed", "" },
		{ "multipart/signed; boundary=a; boundary=b", NULL },
		{ "multipart/signed; boundary*0=a; boundary*1=b", NULL },
		{ "multipart/signed; boundary=\"a\\\"b\"", NULL },
		{ "multipart/signed; boundary=a(b)", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Slice boundary = { NULL, 0 };

		g_assert_cmpint(
		    slice_boundary(slice(cases[i].type), &boundary), ==, cases[i].boundary != NULL);
		if (cases[i].boundary != NULL)
			assert_text(boundary, cases[i].boundary);
	}
}

static Daticert *
read_daticert(const char *header, const char *data)
{
	g_autofree char *text = g_strdup_printf(
	    "<postacert tipo=\" accettazione \" errore=\"nessuno\">%s%s</postacert>", header, data);
	g_autoptr(GBytes) xml = g_bytes_new(text, strlen(text));

	return daticert_read(xml);
}

static void
test_daticert(void)
{
	static const char header[] =
	    "<intestazione><destinatari tipo=\"esterno\">a@b.example</destinatari>"
	    "<mittente> c@d.example </mittente></intestazione>";
	static const char data[] =
	    "<dati><msgid>&lt;1@c.example&gt;</msgid><data zona=\"-0230\"><ora>10:15:04</ora>"
	    "<giorno>21/11/2026</giorno></data></dati>";
	g_autoptr(Daticert) read = NULL;

	daticert_prepare();
	read = read_daticert(header, data);
	g_assert_cmpstr(read->kind, ==, "accettazione");
	g_assert_cmpstr(read->sender, ==, "c@d.example");
	g_assert_cmpuint(read->addressees->len, ==, 1);
	g_assert_cmpuint(read->ordinary, ==, 1);
	g_assert_cmpstr(read->message_id, ==, "1@c.example");
	g_assert_cmpint(read->at, ==, 1795265104);
	g_assert_null(read_daticert(header, ""));
	g_assert_null(read_daticert("", data));
	g_assert_null(read_daticert("<intestazione/>", data));
	g_assert_null(read_daticert(header, "<dati><msgid>1</msgid><msgid>2</msgid></dati>"));
	g_assert_null(read_daticert(
	    "<intestazione><mittente>a</mittente><mittente>b</mittente></intestazione>", data));
	g_assert_null(read_daticert(header, "<dati>&a;</dati>"));
	g_assert_null(read_daticert(header, "<dati>"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/entity/fields with folds and doubles", test_fields);
	g_test_add_func("/entity/parts as they were signed", test_parts);
	g_test_add_func("/entity/what is in a part", test_content);
	g_test_add_func("/entity/a boundary that all read alike", test_boundary);
	g_test_add_func("/daticert/each element once, in any order", test_daticert);
	return g_test_run();
}
