/* What a message that came back tells about one of ours. Private to validate/. */
#ifndef PLICO_VALIDATE_EVIDENCE_H
#define PLICO_VALIDATE_EVIDENCE_H

#include "validate/validate.h"

/* Ties @collected to each dispatch that it names by our own Message-ID, or by the address that the dispatch left under. A receipt
 * of certified mail counts only with its provider's signature, and for the addressee that it names.
 * @sha256: of the raw message. Inside a transaction of the caller. */
gboolean evidence_record(const IntakeTools *tools, const Collected *collected, const char *sha256,
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
