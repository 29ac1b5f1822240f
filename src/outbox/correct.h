/* Internal to outbox/: corrections. */
#ifndef PLICO_OUTBOX_CORRECT_H
#define PLICO_OUTBOX_CORRECT_H

#include "outbox/rows.h"

/* A sheet that asks some questions of a section. */
typedef struct {
	gint64 number;	    /* of the correction, for its identity */
	FormView *view;	    /* of these questions alone */
	FieldSet *fields;   /* what came */
	GPtrArray *remarks; /* of Finding: place and code */
} CorrectionPart;

void correction_part_free(CorrectionPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CorrectionPart, correction_part_free)

/* What a correction carries for one section: a part, or the whole. */
typedef struct {
	CorrectionPart *part; /* (nullable) */
	/* of a whole sheet */
	GPtrArray *remarks; /* (nullable) of Finding */
	FieldSet *
	    fields; /* (nullable): NULL where nothing came, or another version of the form was answered */
} Correction;

/* Settles what the sheets of a correction ask that is being planned, inside the caller's transaction: what counts now. */
gboolean correction_plan(const OutboxTools *tools, gint64 dispatch_id, const Unit *unit,
    const char *sections, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What @dispatch carries for @section, as it was planned. All of @out is the caller's. */
gboolean correction_load(const OutboxTools *tools, const Dispatch *dispatch, const Unit *unit,
    const Section *section, Correction *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
