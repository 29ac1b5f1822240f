#include "form/exchange.h"
#include "form/read.h"
#include "form/xlsx_write.h"

GBytes *
form_export(const char *directory, GPtrArray *findings, GError **error)
{
	static const char *const names[] = { "survey", "choices", "settings" };
	g_auto(FormSource) source = { 0 };
	g_auto(FormReader) reader = { 0 };

	if (!form_source_open(&source, directory, error))
		return NULL;
	reader_init(&reader, &source);
	reader_run(&reader, findings);
	return xlsx_write((Table *const[]){ source.tables[FILE_SURVEY], source.tables[FILE_CHOICES],
			      source.tables[FILE_SETTINGS] },
	    names, G_N_ELEMENTS(names), reader.form->title, error);
}
