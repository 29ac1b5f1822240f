#include "rehearse/provider.h"

/* in this order: cms.h declares its PEM functions only then */
#include <openssl/pem.h>
/**/
#include <openssl/cms.h>
#include <openssl/x509v3.h>

#define DAY   ((gint64)24 * 60 * 60)
#define YEARS 10

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_TIME, ASN1_TIME_free)

struct Provider {
	EVP_PKEY *authority_key;
	X509 *authority;
	EVP_PKEY *key;
	X509 *certificate;
};

static void
add_extension(X509 *certificate, X509 *issuer, int what, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, what, value);
	g_assert(extension != NULL);
	(void)X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

/* Unsigned; @issuer (nullable): itself. */
static X509 *
new_certificate(EVP_PKEY *key, const char *name, long serial, X509 *issuer, gint64 now)
{
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);

	(void)X509_set_version(certificate, X509_VERSION_3);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
	(void)ASN1_TIME_set(X509_getm_notBefore(certificate), now - DAY);
	(void)ASN1_TIME_set(X509_getm_notAfter(certificate), now + YEARS * 365 * DAY);
	(void)X509_NAME_add_entry_by_txt(
	    subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	(void)X509_set_issuer_name(
	    certificate, issuer != NULL ? X509_get_subject_name(issuer) : subject);
	(void)X509_set_pubkey(certificate, key);
	return certificate;
}

Provider *
provider_new(gint64 now)
{
	Provider *provider = g_new0(Provider, 1);

	provider->authority_key = EVP_EC_gen("P-256");
	provider->key = EVP_EC_gen("P-256");
	g_assert(provider->authority_key != NULL && provider->key != NULL);
	provider->authority =
	    new_certificate(provider->authority_key, "Prova generale", 1, NULL, now);
	add_extension(
	    provider->authority, provider->authority, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(
	    provider->authority, provider->authority, NID_key_usage, "critical,keyCertSign");
	(void)X509_sign(provider->authority, provider->authority_key, EVP_sha256());
	provider->certificate =
	    new_certificate(provider->key, "Gestore di prova", 2, provider->authority, now);
	add_extension(
	    provider->certificate, provider->authority, NID_key_usage, "digitalSignature");
	add_extension(
	    provider->certificate, provider->authority, NID_ext_key_usage, "emailProtection");
	add_extension(provider->certificate, provider->authority, NID_subject_alt_name,
	    "email:" PROVIDER_ADDRESS);
	(void)X509_sign(provider->certificate, provider->authority_key, EVP_sha256());
	return provider;
}

void
provider_free(Provider *provider)
{
	if (provider == NULL)
		return;
	EVP_PKEY_free(provider->authority_key);
	X509_free(provider->authority);
	EVP_PKEY_free(provider->key);
	X509_free(provider->certificate);
	g_free(provider);
}

static GBytes *
bytes_of(BIO *bio)
{
	char *data;
	long size = BIO_get_mem_data(bio, &data);

	return g_bytes_new(data, (gsize)size);
}

gboolean
provider_publish(const Provider *provider, const char *path, GError **error)
{
	g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
	g_autoptr(GBytes) pem = NULL;
	gsize size;
	const char *data;

	(void)PEM_write_bio_X509(bio, provider->authority);
	pem = bytes_of(bio);
	data = g_bytes_get_data(pem, &size);
	return g_file_set_contents(path, data, (gssize)size, error);
}

GBytes *
provider_sign(const Provider *provider, GBytes *entity, gint64 at)
{
	static const unsigned int flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
	gsize size;
	const void *data = g_bytes_get_data(entity, &size);
	g_autoptr(BIO) text = BIO_new_mem_buf(data, (int)size);
	g_autoptr(BIO) out = BIO_new(BIO_s_mem());
	g_autoptr(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	CMS_SignerInfo *signer =
	    CMS_add1_signer(cms, provider->certificate, provider->key, EVP_sha256(), flags);
	g_autoptr(ASN1_TIME) when = ASN1_TIME_set(NULL, at);

	g_assert(signer != NULL);
	(void)CMS_signed_add1_attr_by_NID(
	    signer, NID_pkcs9_signingTime, ASN1_STRING_type(when), when, -1);
	g_assert(CMS_final(cms, text, NULL, CMS_BINARY | CMS_DETACHED) == 1);
	(void)i2d_CMS_bio(out, cms);
	return bytes_of(out);
}
