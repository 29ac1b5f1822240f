/*
 * Certified mail: an own reading of the outer message, which shares nothing with the MIME library, in a cage of its own. Who
 * breaks the library that reads mail cannot make this one say that a provider signed. Private to collect/.
 */
#ifndef PLICO_COLLECT_PEC_H
#define PLICO_COLLECT_PEC_H

#include "collect/collect.h"
#include "collect/slice.h"

/* What was signed, in bytes of the raw message. */
typedef struct {
	gsize offset;
	gsize size;
} Signed;

/* In the keeper of the cages: opens what OpenSSL and libxml2 may not open or ask any more in the cage. @trust (nullable): the list
 * for pec_check(), packed. */
void pec_prepare(GBytes *trust);

void pec_init(Pec *pec);
void pec_clear(Pec *pec);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pec, pec_clear)
/* Moves @from into @to. */
void pec_take(Pec *to, Pec *from);

/* Whether the outer header of @raw says that it is certified mail; else there is nothing to check. Bounded, no library. */
gboolean pec_is_marked(GBytes *raw);

/* Checks @raw, as it would have been at the time @now, in a cage whose keeper was prepared for the same @trust: @pec is filled;
 * @region gets what was signed, with size 0 where that is not to be believed. FALSE: @error is ours; a child that died leaves @pec
 * unsigned. */
gboolean pec_check(GBytes *raw, const PecTrust *trust, gint64 now, Pec *pec, Signed *region,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A PecTrust as bytes, for another process. Returns: (transfer none); (transfer full) */
GBytes *pec_trust_packed(const PecTrust *trust);
PecTrust *pec_trust_unpack(GBytes *packed);

/* Of a PecTrust, for the child. */
const char *pec_trust_address(const PecTrust *trust);

/* Whether @signature (DER, CMS, detached) is one of @content, lines ended as in mail, by the owner of @address whom the list
 * knows; valid when it was made, or at @now where it does not say. */
PecDoubt pec_signature_check(
    const PecTrust *trust, Slice content, GBytes *signature, const char *address, gint64 now);

void pec_signature_prepare(void);

#endif
