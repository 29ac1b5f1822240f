/* Whose sheet is this, and may its fields be read as answers? Private to validate/. */
#ifndef PLICO_VALIDATE_IDENTIFY_H
#define PLICO_VALIDATE_IDENTIFY_H

#include "memory/memory.h"
#include "validate/amend.h"

/* What a PDF says it is. Without a right tag unit and section are only a proposal for the operator's eyes. */
typedef struct {
	SheetId *id;	/* (nullable): no fields could be read */
	Unit *unit;	/* (nullable) */
	FormView *view; /* (nullable): where the unit is known: the form as the unit was asked it */
	const Section *section; /* (nullable): of this form, asked of this unit */
	GPtrArray *forms;	/* of Form: made for a delegation sheet, which @view may be of */
	Memory *memory;		/* (nullable): last year's answers that were printed on it */
	GHashTable *printed; /* (nullable): those in its section's fields, borrowed from @memory */
	Amendment *
	    amendment; /* (nullable): it asks some questions of its section, and @view knows no others */
	gboolean fits;	    /* it was found to have just the fields of its section */
	gboolean remembers; /* some of them stand in its section, in fields or beside them */
	gboolean
	    genuine; /* the tag is right, and unit, section, form version and field set are ours */
	const char *reason; /* "" or a stable word: what keeps the file from being answers */
	char *detail;	    /* one sentence for the operator; "" with reason "" */
} Sheet;

void sheet_free(Sheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

/* Returns: (transfer full); NULL only where the database fails */
Sheet *identify_sheet(const IntakeTools *tools, const CollectedPdf *pdf, GError **error);

/* The names of the fields that a sheet like this one has; @sheet knows its section. Returns: (transfer full): a set of char * */
GHashTable *identify_fields(const Sheet *sheet);

typedef enum {
	CODE_RIGHT,
	CODE_MISSING,
	CODE_WRONG,
	CODE_REVOKED /* of an earlier letter that a later one replaced */
} CodeVerdict;

/* Whether the access code typed into the sheet is the unit's. */
gboolean identify_code(const IntakeTools *tools, gint64 unit_id, const FieldSet *fields,
    CodeVerdict *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
