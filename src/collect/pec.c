#include "collect/pec.h"

#include "base/cage.h"
#include "base/error.h"
#include "collect/daticert.h"
#include "collect/entity.h"
#include "collect/record.h"
#include "collect/tasks.h"

#include <string.h>

/* kind, doubt; provider, sender, reference, recipient, error, its detail; ordinary; time; offset and size of what was
 * signed */
#define PEC_RECORD G_VARIANT_TYPE("(yyssssssbxtt)")

#define SIGNED_PARTS_LIMIT 10 /* beside each other, of which providers need three */
#define LOCAL_PART	   "posta-certificata@"

static const struct {
	const char *field; /* of the outer header */
	const char *word;  /* its value, and tipo in daticert.xml */
	const char *name;
} kinds[PEC_KINDS] = {
	[PEC_NONE] = { "", "", "none" },
	[PEC_TRANSPORT] = { "X-Trasporto", "posta-certificata", "transport" },
	[PEC_ANOMALY] = { "X-Trasporto", "errore", "anomaly" },
	[PEC_ACCEPTANCE] = { "X-Ricevuta", "accettazione", "acceptance" },
	[PEC_NON_ACCEPTANCE] = { "X-Ricevuta", "non-accettazione", "non_acceptance" },
	[PEC_TAKEN_ON] = { "X-Ricevuta", "presa-in-carico", "taken_on" },
	[PEC_DELIVERY] = { "X-Ricevuta", "avvenuta-consegna", "delivery" },
	[PEC_NON_DELIVERY] = { "X-Ricevuta", "errore-consegna", "non_delivery" },
	[PEC_WARNING] = { "X-Ricevuta", "preavviso-errore-consegna", "warning" },
	[PEC_VIRUS] = { "X-Ricevuta", "rilevazione-virus", "virus" },
};

static const struct {
	const char *name;
	const char *words;
} doubts[PEC_DOUBTS] = {
	[PEC_VERIFIED] = { "", N_("signed by its provider") },
	[PEC_UNCONFIGURED] = { "unconfigured",
	    N_("nobody's signature counts: pec.certificates names no list of providers") },
	[PEC_UNSIGNED] = { "unsigned", N_("without a signature of a provider") },
	[PEC_ALTERED] = { "altered", N_("altered after it was signed") },
	[PEC_UNKNOWN_PROVIDER] = { "unknown_provider",
	    N_("signed by nobody of our list of providers") },
	[PEC_EXPIRED] = { "expired",
	    N_("signed with a certificate that was not valid at the time") },
	[PEC_OTHER_SIGNER] = { "other_signer", N_("signed by another address than the sender's") },
	[PEC_CONTRADICTORY] = { "contradictory",
	    N_("its daticert.xml is missing or says something else than its header") },
	[PEC_NOT_OURS] = { "not_ours", N_("not for us, or about no message of ours") },
};

const char *
pec_kind_name(PecKind kind)
{
	return kinds[kind].name;
}

const char *
pec_doubt_name(PecDoubt doubt)
{
	return doubts[doubt].name;
}

const char *
pec_doubt_words(PecDoubt doubt)
{
	return _(doubts[doubt].words);
}

static PecTrust *kept_trust; /* in a keeper, for its children */

void
pec_prepare(GBytes *trust)
{
	pec_signature_prepare();
	daticert_prepare();
	if (trust != NULL)
		kept_trust = pec_trust_unpack(trust);
}

void
pec_init(Pec *pec)
{
	*pec = (Pec){ .provider = g_strdup(""),
		.sender = g_strdup(""),
		.reference = g_strdup(""),
		.recipient = g_strdup(""),
		.error = g_strdup(""),
		.error_detail = g_strdup("") };
}

void
pec_clear(Pec *pec)
{
	g_free(pec->provider);
	g_free(pec->sender);
	g_free(pec->reference);
	g_free(pec->recipient);
	g_free(pec->error);
	g_free(pec->error_detail);
}

void
pec_take(Pec *to, Pec *from)
{
	pec_clear(to);
	*to = *from;
	pec_init(from);
}

static Slice
slice_of(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	return (Slice){ data, size };
}

/* The outer header: never more than the scanner lets through. */
static Entity
outer_of(GBytes *raw)
{
	Entity outer = entity_of(slice_of(raw));

	outer.header.size = MIN(outer.header.size, COLLECT_HEADER_LIMIT);
	return outer;
}

gboolean
pec_is_marked(GBytes *raw)
{
	Slice all = slice_of(raw);
	Entity outer = entity_of((Slice){ all.at, MIN(all.size, COLLECT_HEADER_LIMIT) });

	return entity_field(&outer, "X-Trasporto", NULL) +
		   entity_field(&outer, "X-Ricevuta", NULL) >
	       0;
}

/* --- in the cage ------------------------------------------------------------------------------------------------ */

static void
set(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
}

/* PEC_NONE where the header says nothing known, or two things. */
static PecKind
kind_of(const Entity *outer)
{
	Slice value = { NULL, 0 };
	guint marks =
	    entity_field(outer, "X-Trasporto", NULL) + entity_field(outer, "X-Ricevuta", NULL);

	for (PecKind kind = PEC_TRANSPORT; marks == 1 && kind < PEC_KINDS; kind++)
		if (entity_field(outer, kinds[kind].field, &value) == 1 &&
		    slice_is(value, kinds[kind].word))
			return kind;
	return PEC_NONE;
}

/* The address in a lone From field, plainly written: name <local@domain>, or bare. Returns: (transfer full), "" else */
static char *
address_of(const Entity *outer)
{
	Slice from = { NULL, 0 };
	g_autofree char *text = NULL;
	char *open, *close;

	if (entity_field(outer, "From", &from) != 1)
		return g_strdup("");
	text = slice_dup(from);
	open = strrchr(text, '<');
	close = open != NULL ? strchr(open, '>') : NULL;
	if (close != NULL && close[1] == '\0') {
		*close = '\0';
		return g_strdup(open + 1);
	}
	return open == NULL && strpbrk(text, " \t\r\n\"(),;:") == NULL ? g_steal_pointer(&text)
								       : g_strdup("");
}

static gboolean
is_signature(const Entity *part)
{
	Slice type = { NULL, 0 };
	Slice word;

	if (entity_field(part, "Content-Type", &type) != 1)
		return FALSE;
	word = slice_next_parameter(&type);
	return slice_is(word, "application/pkcs7-signature") ||
	       slice_is(word, "application/x-pkcs7-signature");
}

/* The two parts of multipart/signed (RFC 1847, 2.1), and just them. */
static gboolean
find_signed(const Entity *outer, Slice *content, Entity *signature)
{
	Slice type = { NULL, 0 };
	Slice boundary = { NULL, 0 };
	Slice parts[2];
	guint count;

	if (entity_field(outer, "Content-Type", &type) != 1 ||
	    !slice_starts_with(type, "multipart/signed") || !slice_boundary(type, &boundary) ||
	    !entity_parts(outer->body, boundary, parts, G_N_ELEMENTS(parts), &count) || count != 2)
		return FALSE;
	*content = parts[0];
	*signature = entity_of(parts[1]);
	return is_signature(signature);
}

static PecDoubt
check_signature(const Entity *outer, const PecTrust *trust, Pec *pec, Slice *content, gint64 now)
{
	Entity signature;
	g_autoptr(GBytes) der = NULL;

	if (!find_signed(outer, content, &signature))
		return PEC_UNSIGNED;
	der = entity_content(&signature);
	if (der == NULL)
		return PEC_UNSIGNED;
	if (g_ascii_strncasecmp(pec->provider, LOCAL_PART, strlen(LOCAL_PART)) != 0)
		return PEC_OTHER_SIGNER;
	return pec_signature_check(trust, *content, der, pec->provider, now);
}

static gboolean
is_daticert(const Entity *part)
{
	Slice type = { NULL, 0 };
	Slice disposition = { NULL, 0 };

	(void)entity_field(part, "Content-Type", &type);
	(void)entity_field(part, "Content-Disposition", &disposition);
	return slice_is(slice_parameter(type, "name"), "daticert.xml") ||
	       slice_is(slice_parameter(disposition, "filename"), "daticert.xml");
}

/* The only one beside the other parts that were signed. Returns: (transfer full), NULL: none, or two */
static Daticert *
find_daticert(Slice content, guint *out_count)
{
	Entity whole = entity_of(content);
	Slice type = { NULL, 0 };
	Slice boundary = { NULL, 0 };
	Slice parts[SIGNED_PARTS_LIMIT];
	guint count;
	g_autoptr(GBytes) xml = NULL;

	*out_count = 0;
	if (entity_field(&whole, "Content-Type", &type) != 1 ||
	    !slice_starts_with(type, "multipart/") || !slice_boundary(type, &boundary) ||
	    !entity_parts(whole.body, boundary, parts, G_N_ELEMENTS(parts), &count))
		return NULL;
	for (guint i = 0; i < count; i++) {
		Entity part = entity_of(parts[i]);

		if (!is_daticert(&part))
			continue;
		if (++*out_count == 1)
			xml = entity_content(&part);
	}
	return *out_count == 1 && xml != NULL ? daticert_read(xml) : NULL;
}

static gboolean
is_addressee(const Daticert *daticert, const char *address)
{
	for (guint i = 0; i < daticert->addressees->len; i++)
		if (g_ascii_strcasecmp(g_ptr_array_index(daticert->addressees, i), address) == 0)
			return TRUE;
	return FALSE;
}

/* Whom a receipt is about: it says so, or there is only one. */
static const char *
recipient_of(const Daticert *daticert)
{
	if (*daticert->delivered_to != '\0')
		return daticert->delivered_to;
	return daticert->addressees->len == 1 ? g_ptr_array_index(daticert->addressees, 0) : "";
}

static PecDoubt
take_daticert(const Daticert *daticert, const PecTrust *trust, Pec *pec)
{
	const char *address = pec_trust_address(trust);
	gboolean ours = pec->kind == PEC_TRANSPORT
			    ? is_addressee(daticert, address)
			    : g_ascii_strcasecmp(daticert->sender, address) == 0;

	if (strcmp(daticert->kind, kinds[pec->kind].word) != 0)
		return PEC_CONTRADICTORY;
	if (!ours)
		return PEC_NOT_OURS;
	set(&pec->reference, daticert->message_id);
	set(&pec->error, daticert->error);
	set(&pec->error_detail, daticert->error_detail);
	pec->at = daticert->at;
	if (pec->kind == PEC_TRANSPORT) {
		set(&pec->sender, daticert->sender);
		return PEC_VERIFIED;
	}
	set(&pec->recipient, recipient_of(daticert));
	pec->ordinary = daticert->ordinary > 0 && daticert->ordinary == daticert->addressees->len;
	return PEC_VERIFIED;
}

static PecDoubt
check(const Entity *outer, const PecTrust *trust, Pec *pec, Slice *content, gint64 now)
{
	PecDoubt doubt;
	g_autoptr(Daticert) daticert = NULL;
	guint count;

	if (pec->kind == PEC_NONE)
		return PEC_CONTRADICTORY;
	doubt = check_signature(outer, trust, pec, content, now);
	if (doubt != PEC_VERIFIED)
		return doubt;
	daticert = find_daticert(*content, &count);
	if (pec->kind == PEC_ANOMALY)
		return count == 0 ? PEC_VERIFIED : PEC_CONTRADICTORY;
	return daticert != NULL ? take_daticert(daticert, trust, pec) : PEC_CONTRADICTORY;
}

static GVariant *
record_of(const Pec *pec, PecDoubt doubt, gsize offset, gsize size)
{
	const char *const texts[] = { pec->provider, pec->sender, pec->reference, pec->recipient,
		pec->error, pec->error_detail };
	GVariantBuilder record;

	g_variant_builder_init(&record, PEC_RECORD);
	g_variant_builder_add(&record, "y", (guchar)pec->kind);
	g_variant_builder_add(&record, "y", (guchar)doubt);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *line = shown_line(texts[i] != NULL ? texts[i] : "");

		g_variant_builder_add(&record, "s", line);
	}
	g_variant_builder_add(&record, "b", pec->ordinary);
	g_variant_builder_add(&record, "x", pec->at);
	g_variant_builder_add(&record, "t", (guint64)offset);
	g_variant_builder_add(&record, "t", (guint64)size);
	return g_variant_builder_end(&record);
}

GVariant *
pec_task(GBytes *raw, gconstpointer data)
{
	const gint64 *now = data;
	Entity outer = outer_of(raw);
	Slice content = { NULL, 0 };
	Pec pec = { .kind = kind_of(&outer), .provider = address_of(&outer) };
	PecDoubt doubt;
	gsize offset = 0;

	doubt = check(&outer, kept_trust, &pec, &content, *now);
	if (doubt != PEC_VERIFIED)
		content.size = 0;
	if (content.size > 0)
		offset = (gsize)(content.at - slice_of(raw).at);
	return record_of(&pec, doubt, offset, content.size);
}

/* --- the parent -------------------------------------------------------------------------------------------------- */

static void
take_text(GVariant *record, gsize i, char **out)
{
	const char *text;

	g_variant_get_child(record, i, "&s", &text);
	g_free(*out);
	*out = shown_line(text);
}

/* FALSE: not in order, as only a captured child would say it. */
static gboolean
take_record(GVariant *record, gsize raw_size, Pec *pec, Signed *region)
{
	guchar kind, doubt;
	guint64 offset, size;

	g_variant_get_child(record, 0, "y", &kind);
	g_variant_get_child(record, 1, "y", &doubt);
	g_variant_get_child(record, 10, "t", &offset);
	g_variant_get_child(record, 11, "t", &size);
	if (kind >= PEC_KINDS || doubt >= PEC_DOUBTS || offset > raw_size ||
	    size > raw_size - offset || (doubt == PEC_VERIFIED) != (size > 0) ||
	    (kind == PEC_NONE && doubt == PEC_VERIFIED))
		return FALSE;
	pec->kind = kind;
	pec->doubt = doubt;
	take_text(record, 2, &pec->provider);
	if (doubt != PEC_VERIFIED)
		return TRUE;
	*region = (Signed){ offset, size };
	take_text(record, 3, &pec->sender);
	take_text(record, 4, &pec->reference);
	take_text(record, 5, &pec->recipient);
	take_text(record, 6, &pec->error);
	take_text(record, 7, &pec->error_detail);
	g_variant_get_child(record, 8, "b", &pec->ordinary);
	g_variant_get_child(record, 9, "x", &pec->at);
	return TRUE;
}

gboolean
pec_check(GBytes *raw, const PecTrust *trust, gint64 now, Pec *pec, Signed *region, GError **error)
{
	static const CageLimits limits = {
		.memory = (gsize)192 << 20,
		.cpu = 5,
		.wall_ms = 8000,
		.answer = (gsize)64 << 10,
	};
	Entity outer = outer_of(raw);
	guint invalid;
	g_autoptr(GVariant) record = NULL;
	g_autoptr(GError) why = NULL;

	*region = (Signed){ 0, 0 };
	pec->kind = kind_of(&outer);
	pec->doubt = PEC_UNCONFIGURED;
	if (trust == NULL || pec_trust_count(trust, now, &invalid) == 0)
		return TRUE;
	record = cage_run(TASK_PEC, raw, &now, sizeof now, PEC_RECORD, &limits, &why);
	pec->doubt = PEC_UNSIGNED;
	if (record == NULL && !g_error_matches(why, PLICO_ERROR, PLICO_ERROR_INPUT)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (record != NULL && !take_record(record, g_bytes_get_size(raw), pec, region))
		*region = (Signed){ 0, 0 };
	return TRUE;
}
