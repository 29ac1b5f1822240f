/* Values of fields by name. Apart from the question types, so that a reader of fields needs none of them. */
#include "form/form.h"

FieldSet *
field_set_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void
field_set_put(FieldSet *fields, const char *name, const char *value)
{
	g_hash_table_replace(fields, g_strdup(name), g_strdup(value));
}

/* GLib's look-ups take a table that is not const, and change nothing. */
static GHashTable *
table_of(const FieldSet *fields)
{
	return (GHashTable *)(gsize)fields;
}

const char *
field_set_value(const FieldSet *fields, const char *name)
{
	const char *value = g_hash_table_lookup(table_of(fields), name);

	return value != NULL ? value : "";
}

gboolean
field_set_has(const FieldSet *fields, const char *name)
{
	return g_hash_table_contains(table_of(fields), name);
}
