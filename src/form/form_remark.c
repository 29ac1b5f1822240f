/* The words for what can be wrong with an answer: one table. */
#include "form/form.h"

#include "base/error.h"
#include "base/lang.h"
#include "base/text.h"

#include <string.h>

#define SAID_MAX 60 /* characters of an answer that a finding repeats */

typedef struct {
	const char *code;
	Severity severity;
	const char *staff;
	const char *respondent[LANGS]; /* in the order of lang_all; a question may have its own */
} FindingText;

static const FindingText texts[] = {
	{ "choice", SEVERITY_ERROR, N_("not one of the choices"),
	    { "Scegliere una delle risposte previste.",
		"Bitte eine der vorgesehenen Antworten wählen.",
		"Veuillez choisir une des réponses prévues.",
		"Izberite enega od predvidenih odgovorov." } },
	{ "choice_filter", SEVERITY_ERROR, N_("a choice that the other answers rule out"),
	    { "Questa risposta non si accorda con le altre: controllare la scelta.",
		"Diese Antwort passt nicht zu den anderen: Bitte die Auswahl überprüfen.",
		"Cette réponse ne s’accorde pas avec les autres\302\240: veuillez vérifier le choix.",
		"Ta odgovor se ne ujema z drugimi: preverite izbiro." } },
	{ "constraint", SEVERITY_ERROR, N_("against the check of this question"),
	    { "Controllare la risposta: il valore non è ammesso.",
		"Bitte die Antwort überprüfen: Der Wert ist nicht zulässig.",
		"Veuillez vérifier la réponse\302\240: la valeur n’est pas admise.",
		"Preverite odgovor: vrednost ni dovoljena." } },
	{ "date", SEVERITY_ERROR, N_("no date that can be read"),
	    { "Scrivere una data con giorno, mese e anno, ad esempio 15/07/2024.",
		"Bitte ein Datum mit Tag, Monat und Jahr angeben, zum Beispiel 15.07.2024.",
		"Veuillez indiquer une date avec jour, mois et année, par exemple 15/07/2024.",
		"Vpišite datum z dnevom, mesecem in letom, na primer 15.\302\2407.\302\2402024." } },
	{ "exclusive", SEVERITY_ERROR, N_("a choice that stands alone is combined with others"),
	    { "Una delle risposte scelte esclude le altre: togliere quella oppure le altre.",
		"Eine der gewählten Antworten schließt die anderen aus: Bitte entweder diese oder die anderen entfernen.",
		"Une des réponses choisies exclut les autres\302\240: veuillez retirer celle-ci ou les autres.",
		"Eden od izbranih odgovorov izključuje ostale: odstranite tega ali ostale." } },
	{ "length", SEVERITY_ERROR, N_("too long"),
	    { "La risposta è troppo lunga: abbreviarla.", "Die Antwort ist zu lang: Bitte kürzen.",
		"La réponse est trop longue\302\240: veuillez l’abréger.",
		"Odgovor je predolg: skrajšajte ga." } },
	{ "not_relevant", SEVERITY_WARNING,
	    N_("answered, though the other answers rule the question out"),
	    { "Secondo le altre risposte questa domanda non era da compilare.",
		"Den anderen Antworten zufolge war diese Frage nicht zu beantworten.",
		"D’après les autres réponses, il n’y avait pas lieu de répondre à cette question.",
		"Glede na druge odgovore na to vprašanje ni bilo treba odgovoriti." } },
	{ "number", SEVERITY_ERROR, N_("no number that can be read"),
	    { "Scrivere un numero in cifre, ad esempio 12 oppure 0,5.",
		"Bitte eine Zahl in Ziffern angeben, zum Beispiel 12 oder 0,5.",
		"Veuillez indiquer un nombre en chiffres, par exemple 12 ou 0,5.",
		"Vpišite število s številkami, na primer 12 ali 0,5." } },
	{ "rank", SEVERITY_ERROR, N_("not a whole ranking"),
	    { "Dare a ogni voce una posizione diversa, dalla prima all'ultima.",
		"Bitte jedem Eintrag einen anderen Rang geben, vom ersten bis zum letzten.",
		"Veuillez donner à chaque élément une position différente, de la première à la dernière.",
		"Vsaki postavki dodelite drugo mesto, od prvega do zadnjega." } },
	{ "required", SEVERITY_ERROR, N_("no answer"),
	    { "Manca la risposta.", "Die Antwort fehlt.", "La réponse manque.",
		"Odgovor manjka." } },
	{ "unconfirmed", SEVERITY_ERROR,
	    N_("last year's answers came back untouched and unconfirmed"),
	    { "Le risposte riportate dalla rilevazione precedente sono tornate come erano: controllarle e segnare la "
	      "casella di conferma, oppure cambiarle.",
		"Die aus der vorigen Erhebung übernommenen Antworten sind unverändert zurückgekommen: Bitte überprüfen und "
		"das Kästchen zur Bestätigung ankreuzen oder die Antworten ändern.",
		"Les réponses reprises de l’enquête précédente sont revenues telles quelles\302\240: veuillez les vérifier et "
		"cocher la case de confirmation, ou les modifier.",
		"Odgovori, prevzeti iz prejšnje raziskave, so se vrnili nespremenjeni: preverite jih in označite polje za "
		"potrditev ali jih spremenite." } },
};
static const char *const unknown[LANGS] = { "Controllare la risposta.",
	"Bitte die Antwort überprüfen.", "Veuillez vérifier la réponse.", "Preverite odgovor." };

static const FindingText *
find_text(const char *code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(texts[i].code, code) == 0)
			return &texts[i];
	return NULL;
}

void
form_finding_add(GPtrArray *findings, const char *code, const Item *item, const char *said)
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
form_remark(const Form *form, const char *question, const char *code, const char *lang)
{
	const Item *item = form_item(form, question);
	const FindingText *text = find_text(code); /* an older plico may have had other codes */
	const char *own = (text != NULL ? text->respondent : unknown)[lang_position(lang)];
	const char *message = "";

	if (item != NULL && strcmp(code, "required") == 0)
		message = form_text(form, item->required_messages, lang);
	if (item != NULL && (strcmp(code, "constraint") == 0 || strcmp(code, "exclusive") == 0))
		message = form_text(form, item->constraint_messages, lang);
	return g_strdup(*message != '\0' ? message : own);
}
