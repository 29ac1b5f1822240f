/* Inside form/: the folder of a form, written as a whole. */
#ifndef PLICO_FORM_FORM_FOLDER_H
#define PLICO_FORM_FORM_FOLDER_H

#include "form/read.h"

/* Whether a form may be written to @directory: it is not there, or is a folder of plain files, none of them a form's
 * unless @replace. */
gboolean form_folder_check(const char *directory, gboolean replace, GError **error);

/* Writes what @reader has read to @directory in the words of today, as the three CSV files (UTF-8, LF, comma, quotes
 * only where they are needed): all or none, and for good. Blank rows and columns without a name are left out. */
gboolean form_folder_write(
    const FormReader *reader, const char *directory, gboolean replace, GError **error);

#endif
