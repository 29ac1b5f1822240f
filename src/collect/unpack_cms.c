/*
 * Signed files (CMS, RFC 5652; .p7m) by OpenSSL: DER, BER, PEM and base64. What is signed is taken out whoever signed: a sheet is
 * known by its own tag, and its sender by the access code or certified mail. Who signed is told, and whether it still fits.
 */
#include "collect/unpack.h"

#include <string.h>

/* in this order: cms.h declares its PEM functions only then */
#include <openssl/pem.h>
/**/
#include <openssl/cms.h>
#include <openssl/err.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)

#define SIGNERS_SHOWN 3

static CMS_ContentInfo *
read_der(const void *data, gsize size)
{
	g_autoptr(BIO) bio = BIO_new_mem_buf(data, (int)size);

	return d2i_CMS_bio(bio, NULL);
}

static CMS_ContentInfo *
read_pem(const void *data, gsize size)
{
	g_autoptr(BIO) bio = BIO_new_mem_buf(data, (int)size);

	return PEM_read_bio_CMS(bio, NULL, NULL, NULL);
}

static CMS_ContentInfo *
read_any(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	CMS_ContentInfo *cms = data[0] == 0x30 ? read_der(data, size) : read_pem(data, size);
	g_autofree guchar *decoded = NULL;
	int state = 0;
	guint save = 0;

	if (cms != NULL || data[0] == 0x30)
		return cms;
	decoded = g_malloc(size / 4 * 3 + 3);
	size = g_base64_decode_step(data, size, decoded, &state, &save);
	return read_der(decoded, size);
}

/* The names of those who signed. Returns: (transfer full) */
static char *
signers_of(CMS_ContentInfo *cms)
{
	STACK_OF(X509) *signers = CMS_get0_signers(cms); /* the list is ours, its members are not */
	g_autoptr(GString) names = g_string_new(NULL);

	for (int i = 0; i < MIN(sk_X509_num(signers), SIGNERS_SHOWN); i++) {
		X509_NAME *subject = X509_get_subject_name(sk_X509_value(signers, i));
		int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
		unsigned char *text = NULL;

		if (at < 0 || ASN1_STRING_to_UTF8(&text,
				  X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))) < 0)
			continue;
		g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", (char *)text);
		OPENSSL_free(text);
	}
	sk_X509_free(signers);
	return g_string_free(g_steal_pointer(&names), FALSE);
}

/* "modulo.pdf.p7m" is modulo.pdf; a signed mail holds a mail (S/MIME, RFC 8551, 3.5.2). Returns: (transfer full) */
static char *
inner_name(const char *name, const char *content, gsize content_size)
{
	gsize size = strlen(name);

	if (content_size > 8 && (g_ascii_strncasecmp(content, "Content-", 8) == 0 ||
				    g_ascii_strncasecmp(content, "MIME-Ver", 8) == 0))
		return g_strdup("smime.eml");

	return size > 4 && g_ascii_strcasecmp(name + size - 4, ".p7m") == 0
		   ? g_strndup(name, size - 4)
		   : g_strdup(name);
}

gboolean
unpack_cms(GBytes *bytes, const char *name, GPtrArray *pieces)
{
	g_autoptr(CMS_ContentInfo) cms = read_any(bytes);
	g_autoptr(BIO) nowhere = BIO_new(BIO_s_null());
	ASN1_OCTET_STRING **content;
	g_autoptr(GBytes) inside = NULL;
	g_autofree char *inner = NULL;
	PdfPart *part;

	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return FALSE;
	content = CMS_get0_content(cms);
	if (content == NULL || *content == NULL || ASN1_STRING_length(*content) <= 0)
		return FALSE; /* a signature beside its file */
	inner = inner_name(name, (const char *)ASN1_STRING_get0_data(*content),
	    (gsize)ASN1_STRING_length(*content));
	inside = g_bytes_new(ASN1_STRING_get0_data(*content), (gsize)ASN1_STRING_length(*content));
	part = pdf_part_new(inner, inside);
	part->broken =
	    CMS_verify(cms, NULL, NULL, NULL, nowhere, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1;
	g_free(part->signer);
	part->signer = signers_of(cms);
	g_ptr_array_add(pieces, part);
	ERR_clear_error();
	return TRUE;
}
