#include "validate/texts.h"

#include "base/error.h"
#include "base/text.h"
#include "validate/validate.h"

#include <string.h>

#define SAID_MAX 60 /* characters of an answer that a finding repeats */

typedef struct {
	const char *code;
	Severity severity;
	const char *respondent; /* in Italian; languages of the forms come with their messages */
	const char *staff;
} FindingText;

static const FindingText texts[] = {
	{ "choice", SEVERITY_ERROR, "Scegliere una delle risposte previste.",
	    N_("not one of the choices") },
	{ "choice_filter", SEVERITY_ERROR,
	    "Questa risposta non si accorda con le altre: controllare la scelta.",
	    N_("a choice that the other answers rule out") },
	{ "constraint", SEVERITY_ERROR, "Controllare la risposta: il valore non è ammesso.",
	    N_("against the check of this question") },
	{ "date", SEVERITY_ERROR,
	    "Scrivere una data con giorno, mese e anno, ad esempio 15/07/2024.",
	    N_("no date that can be read") },
	{ "exclusive", SEVERITY_ERROR,
	    "Una delle risposte scelte esclude le altre: togliere quella oppure le altre.",
	    N_("a choice that stands alone is combined with others") },
	{ "length", SEVERITY_ERROR, "La risposta è troppo lunga: abbreviarla.", N_("too long") },
	{ "not_relevant", SEVERITY_WARNING,
	    "Secondo le altre risposte questa domanda non era da compilare.",
	    N_("answered, though the other answers rule the question out") },
	{ "number", SEVERITY_ERROR, "Scrivere un numero in cifre, ad esempio 12 oppure 0,5.",
	    N_("no number that can be read") },
	{ "rank", SEVERITY_ERROR, "Dare a ogni voce una posizione diversa, dalla prima all'ultima.",
	    N_("not a whole ranking") },
	{ "required", SEVERITY_ERROR, "Manca la risposta.", N_("no answer") },
	{ "unconfirmed", SEVERITY_ERROR,
	    "Le risposte riportate dalla rilevazione precedente sono tornate come erano: controllarle e segnare la "
	    "casella di conferma, oppure cambiarle.",
	    N_("last year's answers came back untouched and unconfirmed") },
};

static const FindingText *
find_text(const char *code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(texts[i].code, code) == 0)
			return &texts[i];
	return NULL;
}

void
texts_add(GPtrArray *findings, const char *code, const Item *item, const char *said)
{
	const FindingText *text = find_text(code);
	const char *number = form_item_number(item);
	const char *name = *number != '\0' ? number : item->name;
	g_autofree char *shown = NULL;

	g_assert(text != NULL); /* the codes of form/ and answers.c all stand in the table */
	if (said == NULL || *said == '\0') {
		findings_add(
		    findings, text->severity, code, item->name, "%s: %s", name, _(text->staff));
		return;
	}
	shown = text_printable(said, -1, SAID_MAX);
	findings_add(findings, text->severity, code, item->name, "%s: %s: «%s»", name,
	    _(text->staff), shown);
}

char *
validate_respondent_text(const Form *form, const char *question, const char *code, const char *lang)
{
	const Item *item = form_item(form, question);
	const FindingText *text = find_text(code); /* an older plico may have had other codes */
	const char *own = text != NULL ? text->respondent : "Controllare la risposta.";
	const char *message = "";

	if (item != NULL && strcmp(code, "required") == 0)
		message = form_text(form, item->required_messages, lang);
	if (item != NULL && (strcmp(code, "constraint") == 0 || strcmp(code, "exclusive") == 0))
		message = form_text(form, item->constraint_messages, lang);
	return g_strdup(*message != '\0' ? message : own);
}

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
		{ "crash", N_("reading it crashed") },
		{ "delegation", N_("a delegation") },
		{ "died", N_("reading the file failed") },
		{ "doubled_fields", N_("fields stand twice") },
		{ "edition", N_("another edition") },
		{ "encrypted", N_("encrypted") },
		{ "fields", N_("fields are missing or added") },
		{ "foreign", N_("a form that is not ours") },
		{ "form_version", N_("another version of the form") },
		{ "memory", N_("last year's answers that were never printed") },
		{ "no_code", N_("no access code") },
		{ "no_form", N_("a PDF without fields") },
		{ "old_code", N_("a replaced access code") },
		{ "prefix", N_("something stands before the PDF") },
		{ "repaired", N_("a damaged file") },
		{ "section", N_("a section that is not asked") },
		{ "tag", N_("altered identity") },
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
