/*
 * Inside form/: the parts of an .xlsx (a zip of XML: ECMA-376 part 2) as events, read in pieces. Nothing is unpacked to
 * disk; the names of parts are looked up in the archive and never become paths.
 *
 * No DTD, so no entities; no network; depth and sizes are limited before anything is allocated.
 */
#ifndef PLICO_FORM_XLSX_PACKAGE_H
#define PLICO_FORM_XLSX_PACKAGE_H

#include <glib.h>

#define PACKAGE_ENTRIES_MAX 2000
#define PACKAGE_PART_MAX    ((guint64)64 << 20)	 /* bytes of a part, unpacked */
#define PACKAGE_TOTAL_MAX   ((guint64)128 << 20) /* of all parts that are read */
#define PACKAGE_RATIO_MAX   400 /* times its packed size; formatted empty sheets reach 100 */
#define PACKAGE_RATIO_FROM  ((guint64)1 << 20) /* smaller parts may have any ratio */
#define PACKAGE_DEPTH_MAX   64

typedef struct Package Package;
typedef struct Part Part;

/* What is in a part, by local names: the namespaces of the strict and the transitional form differ, the names do not. */
typedef struct {
	void (*begin)(Part *part, const char *name, gpointer data);
	void (*end)(Part *part, const char *name, gpointer data);
	void (*text)(Part *part, const char *text, gsize size, gpointer data);
} PartEvents;

/* Returns: (transfer full), NULL with an error where it is no whole zip */
Package *package_open(GBytes *bytes, GError **error);
void package_free(Package *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Package, package_free)

gboolean package_has(const Package *package, const char *name);
gboolean package_read(
    Package *package, const char *name, const PartEvents *events, gpointer data, GError **error);

/* In begin(): an attribute of the element, by its local name. Returns: (transfer full) (nullable) */
char *part_attribute(const Part *part, const char *name);
/* The same as a number from 0 to @most; @missing where it is not there, an error of the part where it is none. */
guint part_number(Part *part, const char *name, guint most, guint missing);
/* Ends the reading of the part with an error. */
void part_fail(Part *part, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same with an error that is made already. */
void part_stop(Part *part, GError *error);
gboolean part_failed(const Part *part);

/* "sheet1.xml" in a part "xl/workbook.xml" is "xl/sheet1.xml"; "/xl/x.xml" and ".." too. NULL where it leads out of
 * the package. Returns: (transfer full) */
char *package_resolve(const char *base, const char *target);

#endif
