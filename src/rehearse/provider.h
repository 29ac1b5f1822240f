/*
 * The provider of certified mail (PEC) of the simulated municipalities, with an authority of its own: both are made anew for each
 * rehearsal and never leave its process.
 */
#ifndef PLICO_REHEARSE_PROVIDER_H
#define PLICO_REHEARSE_PROVIDER_H

#include <glib.h>

#define PROVIDER_ADDRESS "posta-certificata@gestore.example"

typedef struct Provider Provider;

/* Valid from the day before @now. Returns: (transfer full) */
Provider *provider_new(gint64 now);
void provider_free(Provider *provider);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Provider, provider_free)

/* Writes its authority's certificate to @path, for pec.certificates. */
gboolean provider_publish(const Provider *provider, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Its signature (CMS, detached, DER) of @entity, lines ended by CRLF, at Unix time @at. Returns: (transfer full) */
GBytes *provider_sign(const Provider *provider, GBytes *entity, gint64 at);

#endif
