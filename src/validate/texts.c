/* The reasons for which a return waits, in words. */
#include "validate/validate.h"

#include "base/error.h"

#include <string.h>

const char *
validate_reason_words(const char *reason)
{
	static const struct {
		const char *reason;
		const char *words;
	} table[] = {
		{ "attachment", N_("attachments were not read") },
		{ "blank", N_("blank sheet") },
		{ "button_mismatch", N_("a choice that is shown and one that is stored") },
		{ "correction", N_("a correction that was never planned") },
		{ "correction_base", N_("it corrects answers that count no more") },
		{ "crash", N_("reading it crashed") },
		{ "died", N_("reading the file failed") },
		{ "doubled_fields", N_("fields stand twice") },
		{ "edition", N_("another edition") },
		{ "encrypted", N_("encrypted") },
		{ "fields", N_("fields are missing or added") },
		{ "flattened", N_("printed to a file, without fields") },
		{ "foreign", N_("a form that is not ours") },
		{ "form_version", N_("another version of the form") },
		{ "memory", N_("last year's answers that were never printed") },
		{ "no_code", N_("no access code") },
		{ "no_form", N_("a PDF without fields") },
		{ "not_read", N_("not read: the mail took too long") },
		{ "old_code", N_("a replaced access code") },
		{ "old_file", N_("a file that was replaced") },
		{ "prefix", N_("something stands before the PDF") },
		{ "repaired", N_("a damaged file") },
		{ "scanned", N_("scanned") },
		{ "section", N_("a section that is not asked") },
		{ "tag", N_("altered identity") },
		{ "signature", N_("a signature that does not fit the file") },
		{ "tail", N_("something stands behind the PDF") },
		{ "too_large", N_("too large") },
		{ "too_many", N_("too many objects") },
		{ "two_files", N_("two PDFs in one file") },
		{ "unit", N_("no such unit") },
		{ "unit_closed", N_("closed unit") },
		{ "unreadable", N_("cannot be read") },
		{ "versions", N_("saved many times") },
		{ "warning", N_("a file with errors") },
		{ "wrong_code", N_("wrong access code") },
		{ "xfa", N_("a form of the XFA kind") },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].reason, reason) == 0)
			return _(table[i].words);
	return reason;
}
