/* Whose the pages of a file say that they are. Private to validate/. */
#ifndef PLICO_VALIDATE_PAPER_CLAIM_H
#define PLICO_VALIDATE_PAPER_CLAIM_H

#include "validate/identify.h"

/* What a code says: sheet_id_qr(). */
typedef struct {
	const char *text; /* borrowed */
	char *edition;
	char *unit;
	char *section;
	char *serial;
} Claim;

/* All pages of a file that bear one code, and those that bear none. */
typedef struct {
	GPtrArray *pages; /* of PaperPage, borrowed */
	Claim claim;
} Bundle;

/* Sorts @pages (of PaperPage) by their codes; those at the foot are written out first, as sheets of @form's edition. Returns: (transfer full):
 * of Bundle, in the order of their first pages */
GPtrArray *paper_bundles(const Form *form, GPtrArray *pages);

#endif
