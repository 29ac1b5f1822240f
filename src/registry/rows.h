/* Rows of the database as units. Private to registry/. */
#ifndef PLICO_REGISTRY_ROWS_H
#define PLICO_REGISTRY_ROWS_H

#include "registry/registry.h"

/* The row at which @rows stands, of a query with the columns of registry_unit_by_id. Returns: (transfer full) */
Unit *registry_unit_from(Rows *rows);

/* All of them; @rows NULL: the error is set already. Returns: (transfer full): of Unit */
GPtrArray *registry_units_from(Rows *rows, GError **error);

#endif
