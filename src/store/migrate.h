/* Numbered migrations by user_version, one transaction each. Private to store/. */
#ifndef PLICO_STORE_MIGRATE_H
#define PLICO_STORE_MIGRATE_H

#include <glib.h>
#include <sqlite3.h>

/* Refuses a file that is not plico's, and a database of a newer plico. Changes nothing. */
gboolean migrate_check(sqlite3 *db, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs the migrations that are missing. */
gboolean migrate_run(sqlite3 *db, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The number of the last migration. */
int migrate_newest(void);

#endif
