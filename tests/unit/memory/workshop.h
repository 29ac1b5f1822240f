/* Two editions: what was answered in prova-2024, and the form prova-2025, which renamed and dropped some of it. */
#ifndef PLICO_TESTS_MEMORY_WORKSHOP_H
#define PLICO_TESTS_MEMORY_WORKSHOP_H

#include "fixture.h"
#include "memory/memory.h"

typedef struct {
	Fixture base; /* its form is prova-2024 */
	Form *form;   /* prova-2025 */
	Unit *unit;   /* A002, 5,001 inhabitants */
	FormView *view;
} Workshop;

static inline void
workshop_open(Workshop *shop)
{
	g_autofree char *forms = fixture_source("tests/data/forms/prova-2025");
	g_autoptr(GError) error = NULL;

	fixture_open(&shop->base);
	shop->form = form_open_strict(forms, &error);
	g_assert_no_error(error);
	shop->unit = registry_unit(shop->base.store, 2, &error);
	g_assert_no_error(error);
	shop->view = form_view_new(shop->form, shop->unit);
}

static inline void
workshop_close(Workshop *shop)
{
	form_view_free(shop->view);
	unit_free(shop->unit);
	form_free(shop->form);
	fixture_close(&shop->base);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workshop, workshop_close)

/* "q2_1=sito q2_2=social": names and values of then, a value's blanks as '+'. Returns: (transfer full) */
static inline GHashTable *
workshop_then(const char *text)
{
	GHashTable *then = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) pairs = g_strsplit(text, " ", 0);

	for (gsize i = 0; pairs[i] != NULL; i++) {
		g_auto(GStrv) halves = g_strsplit(pairs[i], "=", 2);

		g_hash_table_insert(
		    then, g_strdup(halves[0]), g_strdelimit(g_strdup(halves[1]), "+", ' '));
	}
	return then;
}

/* All of a table in the same form, by name. Returns: (transfer full) */
static inline char *
workshop_text(GHashTable *values)
{
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(values), (GCompareFunc)strcmp);
	g_autoptr(GString) text = g_string_new(NULL);

	for (const GList *link = names; link != NULL; link = link->next) {
		g_autofree char *value =
		    g_strdelimit(g_strdup(g_hash_table_lookup(values, link->data)), " ", '+');

		g_string_append_printf(
		    text, "%s%s=%s", text->len > 0 ? " " : "", (const char *)link->data, value);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* "memory-choice:q2_1": codes and places of findings. Returns: (transfer full) */
static inline char *
workshop_findings(const GPtrArray *findings)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		g_string_append_printf(
		    text, "%s%s:%s", i > 0 ? " " : "", finding->code, finding->place);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static inline void
workshop_remember(Workshop *shop, const char *code, const char *question, const char *value)
{
	fixture_sql(&shop->base,
	    "INSERT INTO memory VALUES ('prova-2024', '%s', '%s', '%s', 'test')", code, question,
	    value);
}

#endif
