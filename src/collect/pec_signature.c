/*
 * The list of providers and their signatures (CMS, RFC 5652; S/MIME, RFC 8551) by OpenSSL. The system's authorities do
 * not count: whoever signs must be in the list, or be certified by one who is.
 */
#include "base/durable.h"
#include "base/error.h"
#include "collect/pec.h"

/* in this order: cms.h declares its PEM functions only then */
#include <openssl/pem.h>
/**/
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE_CTX, X509_STORE_CTX_free)

typedef STACK_OF(X509) Certificates;

static void
certificates_free(Certificates *certificates)
{
	sk_X509_pop_free(certificates, X509_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Certificates, certificates_free)

#define CHAIN_DEPTH_MAX 6

struct PecTrust {
	char *address;
	X509_STORE *store;
	Certificates *list;
	GBytes *packed;
};

#define PACKED G_VARIANT_TYPE("(say)") /* address; certificates, PEM */

void
pec_signature_prepare(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_ADD_ALL_DIGESTS |
				      OPENSSL_INIT_ADD_ALL_CIPHERS,
	    NULL);
}

/* --- the list -------------------------------------------------------------------------------------------------- */

static void
take(PecTrust *trust, X509 *certificate)
{
	(void)X509_STORE_add_cert(trust->store, certificate);
	(void)sk_X509_push(trust->list, certificate);
}

/* All that is in one file, PEM or DER. */
static gboolean
read_file(PecTrust *trust, const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = durable_read(path, PEC_LIST_LIMIT, error);
	g_autoptr(BIO) bio = NULL;
	int before = sk_X509_num(trust->list);
	gsize size;
	const void *data;
	X509 *certificate;

	if (bytes == NULL)
		return FALSE;
	data = g_bytes_get_data(bytes, &size);
	bio = BIO_new_mem_buf(data, (int)size);
	while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
		take(trust, certificate);
	if (sk_X509_num(trust->list) == before) {
		const unsigned char *der = data;

		certificate = d2i_X509(NULL, &der, (long)size);
		if (certificate != NULL)
			take(trust, certificate);
	}
	ERR_clear_error();
	return sk_X509_num(trust->list) > before ||
	       fail(error, PLICO_ERROR_CONFIG,
		   _("%s: no certificate in it; a PEM or DER file of the provider is expected"),
		   path);
}

static gboolean
is_certificate_name(const char *name)
{
	return g_str_has_suffix(name, ".pem") || g_str_has_suffix(name, ".crt") ||
	       g_str_has_suffix(name, ".cer");
}

static gboolean
read_folder(PecTrust *trust, const char *path, GError **error)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, error);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		if (is_certificate_name(name) && !read_file(trust, file, error))
			return FALSE;
	}
	return folder != NULL;
}

/* Without certificates. Returns: (transfer full) */
static PecTrust *
trust_new(const char *address)
{
	PecTrust *trust = g_new0(PecTrust, 1);

	trust->address = g_strdup(address);
	trust->store = X509_STORE_new();
	trust->list = sk_X509_new_null();
	(void)X509_STORE_set_flags(trust->store, X509_V_FLAG_PARTIAL_CHAIN);
	return trust;
}

/* --- the list in another process -------------------------------------------------------------------------------- */

static void
pack(PecTrust *trust)
{
	g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
	g_autoptr(GVariant) packed = NULL;
	char *pem;
	long size;

	for (int i = 0; i < sk_X509_num(trust->list); i++)
		(void)PEM_write_bio_X509(bio, sk_X509_value(trust->list, i));
	size = BIO_get_mem_data(bio, &pem);
	packed = g_variant_ref_sink(g_variant_new("(s@ay)", trust->address,
	    g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, pem, (gsize)size, 1)));
	trust->packed = g_variant_get_data_as_bytes(packed);
}

GBytes *
pec_trust_packed(const PecTrust *trust)
{
	return trust->packed;
}

PecTrust *
pec_trust_unpack(GBytes *packed)
{
	g_autoptr(GVariant) variant =
	    g_variant_ref_sink(g_variant_new_from_bytes(PACKED, packed, TRUE));
	g_autoptr(GVariant) content = g_variant_get_child_value(variant, 1);
	g_autoptr(BIO) bio = NULL;
	const char *address;
	PecTrust *trust;
	X509 *certificate;

	g_variant_get_child(variant, 0, "&s", &address);
	trust = trust_new(address);
	bio = BIO_new_mem_buf(g_variant_get_data(content), (int)g_variant_get_size(content));
	while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
		take(trust, certificate);
	ERR_clear_error();
	return trust;
}

PecTrust *
pec_trust_open(const char *path, const char *address, GError **error)
{
	g_autoptr(PecTrust) trust = trust_new(address);
	g_autoptr(GError) why = NULL;

	if (*path == '\0')
		return g_steal_pointer(&trust);
	if (!(g_file_test(path, G_FILE_TEST_IS_DIR) ? read_folder(trust, path, &why)
						    : read_file(trust, path, &why))) {
		fail(error, PLICO_ERROR_CONFIG, "pec.certificates: %s", why->message);
		return NULL;
	}
	pack(trust);
	if (sk_X509_num(trust->list) > 0)
		return g_steal_pointer(&trust);
	fail(error, PLICO_ERROR_CONFIG,
	    _("pec.certificates: %s: no certificate here; its .pem, .crt and .cer files are read"),
	    path);
	return NULL;
}

void
pec_trust_free(PecTrust *trust)
{
	if (trust == NULL)
		return;
	g_free(trust->address);
	X509_STORE_free(trust->store);
	certificates_free(trust->list);
	g_clear_pointer(&trust->packed, g_bytes_unref);
	g_free(trust);
}

const char *
pec_trust_address(const PecTrust *trust)
{
	return trust->address;
}

guint
pec_trust_count(const PecTrust *trust, gint64 now, guint *out_invalid)
{
	int n = sk_X509_num(trust->list);
	time_t at = now;

	*out_invalid = 0;
	for (int i = 0; i < n; i++) {
		const X509 *certificate = sk_X509_value(trust->list, i);

		if (X509_cmp_time(X509_get0_notBefore(certificate), &at) > 0 ||
		    X509_cmp_time(X509_get0_notAfter(certificate), &at) < 0)
			(*out_invalid)++;
	}
	return (guint)n;
}

/* --- a signature ------------------------------------------------------------------------------------------------ */

/* Lines ended by CRLF, as they were signed, whatever the mailbox made of them (RFC 8551, 3.1.1). */
static GBytes *
canonical(Slice content)
{
	g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)(content.size + 16));
	const char *end = content.at + content.size;

	while (content.at < end) {
		const char *feed = memchr(content.at, '\n', (gsize)(end - content.at));
		gsize size = (gsize)((feed != NULL ? feed : end) - content.at);
		gsize text =
		    size > 0 && content.at[size - 1] == '\r' && feed != NULL ? size - 1 : size;

		g_byte_array_append(out, (const guint8 *)content.at, (guint)text);
		if (feed != NULL)
			g_byte_array_append(out, (const guint8 *)"\r\n", 2);
		content.at += size + (feed != NULL ? 1 : 0);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

/* When it says that it was signed; @now where it does not. */
static time_t
signing_time(CMS_ContentInfo *cms, gint64 now)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
	CMS_SignerInfo *info = sk_CMS_SignerInfo_value(infos, 0);
	int at = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
	X509_ATTRIBUTE *attribute = at >= 0 ? CMS_signed_get_attr(info, at) : NULL;
	const ASN1_TYPE *value = attribute != NULL ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
	struct tm parts;

	if (value == NULL ||
	    (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) ||
	    ASN1_TIME_to_tm(value->value.asn1_string, &parts) != 1)
		return now;
	return timegm(&parts);
}

static PecDoubt
check_chain(const PecTrust *trust, CMS_ContentInfo *cms, X509 *signer, time_t at)
{
	g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();
	g_autoptr(Certificates) beside = CMS_get1_certs(cms);
	X509_VERIFY_PARAM *rules;
	int why;

	if (X509_STORE_CTX_init(context, trust->store, signer, beside) != 1)
		return PEC_UNKNOWN_PROVIDER;
	rules = X509_STORE_CTX_get0_param(context);
	(void)X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SMIME_SIGN);
	X509_VERIFY_PARAM_set_depth(rules, CHAIN_DEPTH_MAX);
	X509_VERIFY_PARAM_set_time(rules, at);
	if (X509_verify_cert(context) == 1)
		return PEC_VERIFIED;
	why = X509_STORE_CTX_get_error(context);
	return why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID
		   ? PEC_EXPIRED
		   : PEC_UNKNOWN_PROVIDER;
}

/* A lone signer of a text that is not inside: what is inside another reader might show. */
static CMS_ContentInfo *
open_signature(GBytes *signature)
{
	gsize size;
	const unsigned char *data = g_bytes_get_data(signature, &size);
	g_autoptr(CMS_ContentInfo) cms =
	    size <= PEC_SIGNATURE_LIMIT ? d2i_CMS_ContentInfo(NULL, &data, (long)size) : NULL;

	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
	    CMS_is_detached(cms) != 1 || sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) != 1)
		return NULL;
	return g_steal_pointer(&cms);
}

PecDoubt
pec_signature_check(
    const PecTrust *trust, Slice content, GBytes *signature, const char *address, gint64 now)
{
	g_autoptr(CMS_ContentInfo) cms = open_signature(signature);
	g_autoptr(GBytes) text = NULL;
	g_autoptr(BIO) bio = NULL;
	STACK_OF(X509) *signers;
	X509 *signer;
	PecDoubt doubt;
	gsize size;
	const void *data;

	if (cms == NULL)
		return PEC_UNSIGNED;
	text = canonical(content);
	data = g_bytes_get_data(text, &size);
	bio = BIO_new_mem_buf(data, (int)size);
	if (CMS_verify(cms, trust->list, NULL, bio, NULL,
		CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY) != 1)
		return PEC_ALTERED;
	signers = CMS_get0_signers(cms); /* the list is ours, its members are not */
	signer = sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : NULL;
	sk_X509_free(signers);
	if (signer == NULL)
		return PEC_UNSIGNED;
	doubt = check_chain(trust, cms, signer, signing_time(cms, now));
	if (doubt == PEC_VERIFIED && X509_check_email(signer, address, strlen(address), 0) != 1)
		doubt = PEC_OTHER_SIGNER;
	return doubt;
}
