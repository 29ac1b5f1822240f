/* What may stand in an envelope and a header: much less than RFC 5321 allows, so that no mail library in between can
 * read it in another way. */
#include "registry/import.h"

#include "base/error.h"

#include <string.h>

#define LOCAL_MAX   64	/* RFC 5321, 4.5.3.1.1 */
#define LABEL_MAX   63	/* RFC 1035, 2.3.4 */
#define ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3: a path of 256 with its angle brackets */

/* RFC 5322, 3.2.3: atext */
static gboolean
is_atext(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static const char *
check_local(const char *local, gsize length)
{
	if (length == 0)
		return _("nothing stands before the @");
	if (length > LOCAL_MAX)
		return _("more than 64 characters stand before the @");
	if (local[0] == '-')
		return _("it begins with a hyphen");
	if (local[0] == '.' || local[length - 1] == '.')
		return _("a dot stands at the end of the part before the @");
	for (gsize i = 0; i < length; i++) {
		if (local[i] == '.' && local[i + 1] == '.')
			return _("two dots stand together before the @");
		if (local[i] != '.' && !is_atext(local[i]))
			return _("a character that an address may not have stands before the @");
	}
	return NULL;
}

static const char *
check_label(const char *label)
{
	gsize length = strlen(label);

	if (length == 0)
		return _("a part of the domain is empty");
	if (length > LABEL_MAX)
		return _("a part of the domain has more than 63 characters");
	if (label[0] == '-' || label[length - 1] == '-')
		return _("a part of the domain begins or ends with a hyphen");
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isalnum(label[i]) && label[i] != '-')
			return _("a character that a domain may not have stands behind the @");
	return NULL;
}

static const char *
check_domain(const char *domain)
{
	g_auto(GStrv) labels = g_strsplit(domain, ".", 0);
	guint n = g_strv_length(labels);

	if (n == 0)
		return _("nothing stands behind the @");
	for (guint i = 0; i < n; i++) {
		const char *why = check_label(labels[i]);

		if (why != NULL)
			return why;
	}
	if (n < 2)
		return _("the domain has no dot");
	if (g_ascii_isdigit(*labels[n - 1]))
		return _("the domain ends in a number");
	return NULL;
}

static const char *
check_characters(const char *text)
{
	guint ats = 0;

	if (!g_utf8_validate(text, -1, NULL))
		return _("it is not readable text");
	for (const char *at = text; *at != '\0'; at++) {
		if (g_ascii_iscntrl(*at))
			return _("it holds a line break or another control character");
		if (*at == ' ')
			return _("it holds a blank");
		ats += *at == '@';
	}
	if (ats == 0)
		return _("it has no @");
	if (ats > 1)
		return _("it has more than one @");
	return NULL;
}

gboolean
address_check(const char *text, char **out, const char **why)
{
	const char *at = strchr(text, '@');
	g_autofree char *domain = NULL;
	g_autofree char *small = NULL;
	g_autofree char *address = NULL;

	*why = check_characters(text);
	if (*why == NULL)
		*why = check_local(text, (gsize)(at - text));
	if (*why != NULL)
		return FALSE;
	domain = g_str_is_ascii(at + 1) ? g_strdup(at + 1) : g_hostname_to_ascii(at + 1);
	if (domain == NULL) {
		*why = _("a character that a domain may not have stands behind the @");
		return FALSE;
	}
	small = g_ascii_strdown(domain, -1);
	*why = check_domain(small);
	if (*why != NULL)
		return FALSE;
	address = g_strdup_printf("%.*s@%s", (int)(at - text), text, small);
	if (strlen(address) > ADDRESS_MAX) {
		*why = _("it has more than 254 characters");
		return FALSE;
	}
	*out = g_steal_pointer(&address);
	return TRUE;
}

/* Whether one letter too few, too many or wrong, or two swapped, make @a of @b. */
static gboolean
is_one_slip(const char *a, const char *b)
{
	gsize length_a = strlen(a);
	gsize length_b = strlen(b);
	gsize same = 0;

	while (a[same] != '\0' && a[same] == b[same])
		same++;
	if (length_a + 1 == length_b)
		return strcmp(a + same, b + same + 1) == 0;
	if (length_a == length_b + 1)
		return strcmp(a + same + 1, b + same) == 0;
	if (length_a != length_b || same == length_a)
		return FALSE;
	return strcmp(a + same + 1, b + same + 1) == 0 ||
	       (a[same] == b[same + 1] && a[same + 1] == b[same] &&
		   strcmp(a + same + 2, b + same + 2) == 0);
}

/* Domains whose neighbours nobody else should get our letters at: the large providers of PEC. */
static gboolean
is_near_provider(const char *domain)
{
	static const char *const providers[] = { "legalmail.it", "asmepec.it", "pecveneto.it",
		"halleycert.it", "postecert.it", "cert.ruparpiemonte.it",
		"pec.regione.lombardia.it", "postacert.toscana.it", "postacert.umbria.it",
		"emarche.it", "pec.rupar.puglia.it" };

	for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
		if (is_one_slip(domain, providers[i]))
			return TRUE;
	return FALSE;
}

const char *
address_suspect(const char *address)
{
	static const char *const ends[] = { "it", "eu", "com", "net", "org", "info", "biz", "gov",
		"edu", "name", "pro", "cloud", "email", "online", "tv", "va", "sm", NULL };
	g_autofree char *domain = g_strdup(strchr(address, '@') + 1);
	g_auto(GStrv) labels = NULL;
	guint n;

	/* RFC 2606: test data is judged by what stands before it */
	if (g_str_has_suffix(domain, ".example"))
		domain[strlen(domain) - strlen(".example")] = '\0';
	labels = g_strsplit(domain, ".", 0);
	n = g_strv_length(labels);
	if (n == 1)
		return strcmp(domain, "pec") == 0 ? _("the end of the domain is missing") : NULL;
	if (strcmp(labels[n - 1], labels[n - 2]) == 0)
		return _("the end of the domain is doubled");
	if (!g_strv_contains(ends, labels[n - 1]))
		return _("no Italian public body has a domain that ends so");
	if (is_near_provider(domain))
		return _("the domain is one letter off that of a large provider");
	return NULL;
}

char *
address_of_sender(const char *sender)
{
	const char *open = strrchr(sender, '<');
	const char *close = open != NULL ? strchr(open, '>') : NULL;

	return close != NULL ? g_strndup(open + 1, (gsize)(close - open - 1))
			     : g_strstrip(g_strdup(sender));
}
