#include "render/names.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/lang.h"
#include "render/mayor.h"

#include <string.h>

/* Letters before which a language's "of" is shortened: French "d'Arvier", "d'Étroubles"; Hône's H counts. */
#define VOWELS "AEIOU"

static char *
town_called(const char *name, const char *lang)
{
	g_autofree char *plain = g_str_to_ascii(name, "C");
	gboolean vowel = *plain != '\0' && strchr(VOWELS, g_ascii_toupper(*plain)) != NULL;

	return words_fill(word(lang, vowel ? WORD_TOWN_VOWEL : WORD_TOWN), "name", name, NULL);
}

char *
name_town_alone(const Unit *unit, const char *lang)
{
	return town_called(unit_name(unit, lang), lang);
}

char *
name_town(const Unit *unit, const char *lang)
{
	const char *second = lang_second(lang);
	g_autofree char *names = NULL;
	g_autofree char *one = NULL;
	g_autofree char *other = NULL;

	if (second == NULL) {
		names = unit_names(unit, lang);
		return town_called(names, lang);
	}
	one = name_town_alone(unit, lang);
	other = name_town_alone(unit, second);
	return g_strdup_printf("%s / %s", one, other);
}

char *
name_contacts(const Config *config, const char *lang)
{
	const char *email = config_text(config, CONFIG_survey_help_email);
	g_auto(GStrv) figures = g_strsplit(config_text(config, CONFIG_survey_help_phone), " ", 0);
	/* no line ends within a telephone number */
	g_autofree char *phone = g_strjoinv("\302\240", figures);

	if (*email != '\0' && *phone != '\0')
		return words_fill(
		    word(lang, WORD_CONTACT_BOTH), "email", email, "phone", phone, NULL);
	return g_strdup(*email != '\0' ? email : phone);
}

char *
name_access_code(const NameScope *scope)
{
	const LetterContext *letter = scope->letter;

	return keyring_access_code(
	    scope->keyring, letter->kid, scope->form->id, letter->unit->code, letter->serial);
}

static char *
contacts(const NameScope *scope)
{
	return name_contacts(scope->config, scope->lang);
}

char *
name_of_place(const NameScope *scope)
{
	const Unit *unit = scope->letter->unit;

	return scope->beside ? g_strdup(unit_name(unit, scope->lang))
			     : unit_names(unit, scope->lang);
}

char *
name_whole_town(const NameScope *scope)
{
	const Unit *unit = scope->letter->unit;

	return scope->beside ? name_town_alone(unit, scope->lang) : name_town(unit, scope->lang);
}

static char *
population(const NameScope *scope)
{
	gint64 count = scope->letter->unit->population;
	g_autofree char *italian = count >= 0 ? text_number(count) : g_strdup("");
	g_auto(GStrv) groups = g_strsplit(italian, ".", 0);

	return g_strjoinv(word(scope->lang, WORD_THOUSANDS), groups);
}

static char *
date(const NameScope *scope)
{
	return clock_long_date(scope->letter->date, scope->lang);
}

static char *
deadline(const NameScope *scope)
{
	if (*scope->deadline == '\0')
		return g_strdup(word(scope->lang, WORD_NO_DEADLINE_INLINE));
	return words_fill(word(scope->lang, WORD_DEADLINE_INLINE), "date", scope->deadline, NULL);
}

static char *
delegate_greeting(const NameScope *scope)
{
	const char *name = scope->letter->recipient;

	if (name == NULL || *name == '\0')
		return g_strdup(word(scope->lang, WORD_GREETING_NOBODY));
	return words_fill(word(scope->lang, WORD_GREETING_OTHER), "name", name, NULL);
}

static char *
greeting(const NameScope *scope)
{
	static const Word greetings[] = {
		[HEAD_MAYOR] = WORD_GREETING_MAYOR,
		[HEAD_MAYORESS] = WORD_GREETING_MAYORESS,
		[HEAD_OTHER] = WORD_GREETING_OTHER,
	};
	const char *name;
	Head head = mayor_read(scope->letter->unit->mayor, &name);

	if (scope->letter->recipient != NULL) /* it does not go to the mayor */
		return delegate_greeting(scope);
	if (*name == '\0')
		return g_strdup(word(scope->lang, WORD_GREETING));
	return words_fill(word(scope->lang, greetings[head]), "name", name, NULL);
}

static char *
survey_title(const NameScope *scope)
{
	return g_strdup(config_text_in(scope->config, CONFIG_survey_title, scope->lang));
}

static char *
form_title(const NameScope *scope)
{
	return g_strdup(scope->form->title);
}

static char *
sender(const NameScope *scope)
{
	return g_strdup(config_text_in(scope->config, CONFIG_survey_sender, scope->lang));
}

static char *
office(const NameScope *scope)
{
	return g_strdup(config_text_in(scope->config, CONFIG_survey_office, scope->lang));
}

static char *
mailbox(const NameScope *scope)
{
	return g_strdup(config_text(scope->config, CONFIG_mail_from));
}

static char *
protocol(const NameScope *scope)
{
	const char *reference = scope->letter->reference;

	return g_strdup(
	    reference != NULL ? reference : config_text(scope->config, CONFIG_survey_protocol));
}

static char *
privacy(const NameScope *scope)
{
	const char *url = config_text(scope->config, CONFIG_survey_privacy_url);

	if (*url == '\0')
		return g_strdup("");
	return words_fill(word(scope->lang, WORD_PRIVACY_URL), "url", url, NULL);
}

static char *
questions(const NameScope *scope)
{
	return g_strdup_printf(
	    "%u", form_count(scope->form, NULL, scope->letter->unit->population));
}

static char *
section_count(const NameScope *scope)
{
	return g_strdup_printf("%u", scope->letter->sections->len);
}

/* "2 («Organizzazione ...»), 4 («Sicurezza») e 7 (...)" */
static char *
name_sections(const NameScope *scope, const GPtrArray *sections)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; sections != NULL && i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);
		g_autofree char *named = words_fill(word(scope->lang, WORD_SECTION_NAMED), "number",
		    section->number, "section",
		    form_text(scope->form, section->group->labels, scope->lang), NULL);

		if (i > 0)
			g_string_append(
			    text, i + 1 == sections->len ? word(scope->lang, WORD_AND) : ", ");
		g_string_append(text, named);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
missing(const NameScope *scope)
{
	return name_sections(scope, scope->letter->missing);
}

static char *
section_item(const NameScope *scope, const Section *section)
{
	return words_fill(word(scope->lang, WORD_SECTION_ITEM), "number", section->number,
	    "section", form_text(scope->form, section->group->labels, scope->lang), NULL);
}

static char *
list_sections(const NameScope *scope, const GPtrArray *sections,
    char *(*words)(const NameScope *scope, const Section *section))
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; sections != NULL && i < sections->len; i++) {
		g_autofree char *item = words(scope, g_ptr_array_index(sections, i));

		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", item);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
list_enclosed(const NameScope *scope)
{
	return list_sections(scope, scope->letter->sections, section_item);
}

static char *
list_missing(const NameScope *scope)
{
	return list_sections(scope, scope->letter->missing, section_item);
}

/* "Ada Bianchi, CED"; the address of whom nothing else is known. */
static char *
delegate_words(const Delegation *delegation)
{
	const char *name = delegation->name;
	const char *office = delegation->office;

	if (*name != '\0' && *office != '\0')
		return g_strdup_printf("%s, %s", name, office);
	return g_strdup(*name != '\0' ? name : *office != '\0' ? office : delegation->email);
}

static char *
held_section(const NameScope *scope, const Section *section)
{
	const GPtrArray *delegations = scope->letter->delegations;
	const Delegation *holder =
	    delegations != NULL ? delegation_find(delegations, section->name) : NULL;
	g_autofree char *item = section_item(scope, section);
	g_autofree char *who = holder != NULL ? delegate_words(holder) : NULL;

	if (who == NULL)
		return g_steal_pointer(&item);
	return words_fill(word(scope->lang, WORD_SECTION_HELD), "section", item, "who", who, NULL);
}

/* The sections still awaited, each with whoever has it. */
static char *
list_missing_held(const NameScope *scope)
{
	return list_sections(scope, scope->letter->missing, held_section);
}

/* "Sezione 4: Sicurezza – Ada Bianchi, CED, ced@torino.example" */
static char *
delegation_item(const NameScope *scope, const Delegation *delegation)
{
	const Section *section = form_section(scope->form, delegation->section);
	g_autofree char *item =
	    section != NULL ? section_item(scope, section) : g_strdup(delegation->section);
	g_autofree char *who = delegate_words(delegation);

	if (strcmp(who, delegation->email) == 0)
		return g_strdup_printf("%s – %s", item, who);
	return g_strdup_printf("%s – %s, %s", item, who, delegation->email);
}

static char *
list_delegations(const NameScope *scope)
{
	const GPtrArray *delegations = scope->letter->delegations;
	g_autoptr(GString) text = g_string_new(NULL);

	if (delegations == NULL || delegations->len == 0)
		return g_strdup(word(scope->lang, WORD_NO_DELEGATION));
	for (guint i = 0; i < delegations->len; i++) {
		g_autofree char *item = delegation_item(scope, g_ptr_array_index(delegations, i));

		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", item);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- to a delegate ------------------------------------------------------------------------------------ */

static char *
place_in(const NameScope *scope, const Unit *unit)
{
	return scope->beside ? g_strdup(unit_name(unit, scope->lang))
			     : unit_names(unit, scope->lang);
}

/* "Torino", "Torino e Asti", "Torino e altri 11": a line, and the end of a subject. */
static char *
list_places(const NameScope *scope)
{
	const GPtrArray *towns = scope->letter->towns;
	guint count = towns != NULL ? towns->len : 0;
	const LetterTown *first = count > 0 ? g_ptr_array_index(towns, 0) : NULL;
	const LetterTown *second = count > 1 ? g_ptr_array_index(towns, 1) : NULL;
	g_autofree char *one = place_in(scope, first != NULL ? first->unit : scope->letter->unit);
	g_autofree char *other = second != NULL ? place_in(scope, second->unit) : NULL;
	g_autofree char *rest = NULL;

	if (count < 2)
		return g_steal_pointer(&one);
	if (count == 2)
		return g_strconcat(one, word(scope->lang, WORD_AND), other, NULL);
	rest = text_number(count - 1);
	return words_fill(word(scope->lang, WORD_AND_OTHERS), "town", one, "count", rest, NULL);
}

/* "Comune di Torino (Sindaco Livio Quercini)" */
static char *
town_and_head(const NameScope *scope, const Unit *unit)
{
	static const Word heads[] = {
		[HEAD_MAYOR] = WORD_TOWN_MAYOR,
		[HEAD_MAYORESS] = WORD_TOWN_MAYORESS,
		[HEAD_OTHER] = WORD_TOWN_HEAD,
	};
	g_autofree char *town =
	    scope->beside ? name_town_alone(unit, scope->lang) : name_town(unit, scope->lang);
	const char *name;
	Head head = mayor_read(unit->mayor, &name);

	if (*name == '\0')
		return g_steal_pointer(&town);
	return words_fill(word(scope->lang, heads[head]), "town", town, "name", name, NULL);
}

/* What the delegate was given, or no longer has: a line for each town. */
static char *
list_given(const NameScope *scope)
{
	const GPtrArray *towns = scope->letter->towns;
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; towns != NULL && i < towns->len; i++) {
		const LetterTown *given = g_ptr_array_index(towns, i);
		g_autofree char *town = town_and_head(scope, given->unit);
		g_autofree char *sections = name_sections(scope, given->sections);
		g_autofree char *line = words_fill(
		    word(scope->lang, given->sections->len == 1 ? WORD_GIVEN_ONE : WORD_GIVEN_MANY),
		    "town", town, "sections", sections, NULL);

		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", line);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
signatory(const NameScope *scope)
{
	return g_strdup(config_text_in(scope->config, CONFIG_survey_signatory, scope->lang));
}

/* "6.7", and of a row of a table "6.7 («PEC»)". */
static char *
question_named(const NameScope *scope, const Item *item)
{
	const char *number = form_item_number(item);
	const char *label = form_text(scope->form, item->labels, scope->lang);

	if (item->parent == NULL || *label == '\0' ||
	    (item->parent->layout != LAYOUT_GRID && item->parent->layout != LAYOUT_LIST))
		return g_strdup(number);
	return words_fill(
	    word(scope->lang, WORD_SECTION_NAMED), "number", number, "section", label, NULL);
}

/* "Domanda 2.4: manca la risposta". */
static char *
remark_line(const NameScope *scope, const Finding *remark)
{
	const Item *item = form_item(scope->form, remark->place);
	const Section *section = item != NULL ? form_item_section(scope->form, item) : NULL;
	gboolean whole = section != NULL && section->group == item;
	g_autofree char *named =
	    item != NULL ? question_named(scope, item) : g_strdup(remark->place);
	g_autofree char *words = form_remark(scope->form, remark->place, remark->code, scope->lang);

	return words_fill(word(scope->lang, whole ? WORD_REMARK_SECTION : WORD_REMARK_QUESTION),
	    "number", whole ? section->number : named, "text", words, NULL);
}

static char *
list_remarks(const NameScope *scope)
{
	const GPtrArray *remarks = scope->letter->remarks;
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; remarks != NULL && i < remarks->len; i++) {
		g_autofree char *line = remark_line(scope, g_ptr_array_index(remarks, i));

		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", line);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- how the sections stand ---------------------------------------------------------------------------- */

/* "Sezione 5: Servizi: completa, arrivata il 18 ottobre 2025" */
static char *
standing_line(const NameScope *scope, const LetterStanding *standing)
{
	g_autofree char *item = section_item(scope, standing->section);
	g_autofree char *date = clock_long_date(standing->received_at, scope->lang);

	if (standing->received_at == 0)
		return words_fill(word(scope->lang, WORD_STANDING_AWAITED), "section", item, NULL);
	return words_fill(
	    word(scope->lang, standing->wrong ? WORD_STANDING_WRONG : WORD_STANDING_COMPLETE),
	    "section", item, "date", date, NULL);
}

static char *
list_standing(const NameScope *scope)
{
	const GPtrArray *standing = scope->letter->standing;
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; standing != NULL && i < standing->len; i++) {
		g_autofree char *line = standing_line(scope, g_ptr_array_index(standing, i));

		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", line);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
still_awaited(const NameScope *scope)
{
	const GPtrArray *sections = scope->letter->missing;
	g_autofree char *named = NULL;

	if (sections == NULL || sections->len == 0)
		return g_strdup(word(scope->lang, WORD_NOTHING_AWAITED));
	named = name_sections(scope, sections);
	return words_fill(
	    word(scope->lang, sections->len == 1 ? WORD_STILL_AWAITED_ONE : WORD_STILL_AWAITED),
	    "sections", named, NULL);
}

/* Why it comes to somebody who was not written to before. */
static char *
raised(const NameScope *scope)
{
	static const struct {
		const char *role;
		Word word;
	} roles[] = {
		{ "mayor", WORD_RAISED_MAYOR },
		{ "delegate", WORD_RAISED_DELEGATE },
		{ "secretary", WORD_RAISED_SECRETARY },
		{ "rtd", WORD_RAISED_RTD },
		{ "it", WORD_RAISED_IT },
		{ "protocol", WORD_RAISED_PROTOCOL },
	};
	const char *role = scope->letter->raised;

	for (gsize i = 0; role != NULL && i < G_N_ELEMENTS(roles); i++)
		if (strcmp(roles[i].role, role) == 0)
			return words_fill(word(scope->lang, WORD_RAISED), "role",
			    word(scope->lang, roles[i].word), NULL);
	return g_strdup("");
}

static const Name names[] = {
	{ "assistenza", NAME_INLINE, FALSE, FALSE, N_("address and telephone for questions"),
	    contacts },
	{ "casella", NAME_INLINE, FALSE, FALSE,
	    N_("the address that sends and to which sheets return"), mailbox },
	{ "codice", NAME_INLINE, TRUE, TRUE, N_("the access code"), name_access_code },
	{ "comune", NAME_INLINE, FALSE, TRUE,
	    N_("the town's name, in both languages where it has two"), name_of_place },
	{ "comuni", NAME_INLINE, FALSE, TRUE,
	    N_("to a delegate: the towns, of many the first and how many more"), list_places },
	{ "data", NAME_INLINE, FALSE, FALSE, N_("date of the letter"), date },
	{ "elenco_affidate", NAME_LIST, FALSE, TRUE,
	    N_("to a delegate: list of the towns with their mayors and the sections given to him or her"),
	    list_given },
	{ "elenco_correzioni", NAME_LIST, FALSE, TRUE,
	    N_("list of what is to be corrected, question by question"), list_remarks },
	{ "elenco_deleghe", NAME_LIST, FALSE, TRUE,
	    N_("list of the sections that were given to somebody, with name, office and address"),
	    list_delegations },
	{ "elenco_mancanti", NAME_LIST, FALSE, TRUE, N_("list of the sections still awaited"),
	    list_missing },
	{ "elenco_mancanti_con_chi", NAME_LIST, FALSE, TRUE,
	    N_("the same, each with the person or office that has it"), list_missing_held },
	{ "elenco_sezioni", NAME_LIST, FALSE, FALSE,
	    N_("list of the sections enclosed; in a receipt, of those just read"), list_enclosed },
	{ "elenco_situazione", NAME_LIST, FALSE, TRUE,
	    N_("list of all sections, each with how it stands: complete, to be corrected, still awaited"),
	    list_standing },
	{ "ente", NAME_INLINE, FALSE, TRUE, N_("the town as a body: “Comune di ...”"),
	    name_whole_town },
	{ "firma", NAME_SIGNATURE, TRUE, FALSE, N_("who signs, at the right"), signatory },
	{ "firmatario", NAME_INLINE, FALSE, FALSE, N_("who signs"), signatory },
	{ "informativa", NAME_INLINE, FALSE, FALSE,
	    N_("a sentence that says where the privacy notice is, if survey.privacy_url is set"),
	    privacy },
	{ "inoltro", NAME_INLINE, FALSE, TRUE,
	    N_("why it goes to another contact of the town, where it does"), raised },
	{ "manca", NAME_INLINE, FALSE, TRUE,
	    N_("in a receipt: a sentence that says which sections are still awaited, or that none is"),
	    still_awaited },
	{ "mittente", NAME_INLINE, FALSE, FALSE, N_("who writes"), sender },
	{ "numero_domande", NAME_INLINE, FALSE, FALSE, N_("how many questions the town is asked"),
	    questions },
	{ "numero_sezioni", NAME_INLINE, FALSE, FALSE, N_("how many sections are enclosed"),
	    section_count },
	{ "popolazione", NAME_INLINE, FALSE, TRUE, N_("inhabitants"), population },
	{ "protocollo", NAME_INLINE, FALSE, TRUE, N_("protocol number"), protocol },
	{ "questionario", NAME_INLINE, FALSE, FALSE,
	    N_("title of the questionnaire, with its edition"), form_title },
	{ "rilevazione", NAME_INLINE, FALSE, FALSE, N_("title of the survey"), survey_title },
	{ "riquadro_codice", NAME_CODE_BOX, TRUE, TRUE, N_("the access code in a frame, with QR"),
	    name_access_code },
	{ "saluto", NAME_INLINE, FALSE, TRUE,
	    N_("Gentile Sindaco ..., with the name where it is known"), greeting },
	{ "saluto_delegato", NAME_INLINE, FALSE, TRUE,
	    N_("to a delegate: Gentile ..., with the name where it is known"), delegate_greeting },
	{ "scadenza", NAME_INLINE, FALSE, FALSE,
	    N_("entro il ..., or appena possibile without a deadline"), deadline },
	{ "sezioni_mancanti", NAME_INLINE, FALSE, TRUE, N_("the sections still awaited, in a line"),
	    missing },
	{ "ufficio", NAME_INLINE, FALSE, FALSE, N_("the office that answers questions"), office },
};

const Name *
name_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return &names[i];
	return NULL;
}

char *
name_list(void)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_string_append_printf(list, "%s{%s}", i > 0 ? ", " : "", names[i].name);
	return g_string_free(g_steal_pointer(&list), FALSE);
}
