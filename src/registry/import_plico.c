/* plico's own list: the header of samples/comuni.csv, and the unit's language where somebody adds a column for it. */
#include "registry/import.h"

static const Column columns[] = {
	{ CELL_ISTAT, TRUE, { "istat_code" } },
	{ CELL_CODE, TRUE, { "cadastral_code" } },
	{ CELL_NAME, TRUE, { "name" } },
	{ CELL_NAME_OTHER, FALSE, { "name_other" } },
	{ CELL_PROVINCE, FALSE, { "province" } },
	{ CELL_PROVINCE_CODE, FALSE, { "province_code" } },
	{ CELL_REGION, FALSE, { "region" } },
	{ CELL_AREA, FALSE, { "area" } },
	{ CELL_POPULATION, FALSE, { "population" } },
	{ CELL_PEC, FALSE, { "pec" } },
	{ CELL_ZIP, FALSE, { "zip" } },
	{ CELL_TAX_CODE, FALSE, { "tax_code" } },
	{ CELL_IPA_CODE, FALSE, { "ipa_code" } },
	{ CELL_LAT, FALSE, { "lat" } },
	{ CELL_LON, FALSE, { "lon" } },
	{ CELL_LANG, FALSE, { "lang" } },
	{ 0 },
};

const ListFormat import_plico = {
	.format = REGISTRY_PLICO,
	.name = "plico",
	.source = "csv",
	.lists_units = TRUE,
	.lists_unknown = TRUE,
	.columns = columns,
	.read_row = import_read_unit,
};
