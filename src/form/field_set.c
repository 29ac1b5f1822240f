/* Values of fields by name. Apart from the question types, so that a reader of fields needs none of them. */
#include "form/form.h"

#include <string.h>

/* A value stands behind its name, in the same block: a sheet has a hundred of them. */
FieldSet *
field_set_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
field_set_put(FieldSet *fields, const char *name, const char *value)
{
	gsize name_size = strlen(name) + 1;
	gsize value_size = strlen(value) + 1;
	char *both = g_malloc(name_size + value_size);

	memcpy(both, name, name_size);
	memcpy(both + name_size, value, value_size);
	g_hash_table_replace(fields, both, both + name_size);
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
