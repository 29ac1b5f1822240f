/* ISTAT's "Elenco dei comuni italiani" in its editions, and the same list out of SITUAS. */
#include "registry/import.h"

static const Column columns[] = {
	{ CELL_CODE, TRUE, { "Codice Catastale del comune", "Codice catasto" } },
	{ CELL_ISTAT, TRUE,
	    { "Codice Comune formato alfanumerico", "Codice Comune (alfanumerico)" } },
	{ CELL_NAME, TRUE, { "Denominazione in italiano", "Comune (dizione italiana)" } },
	{ CELL_NAME_OTHER, FALSE, { "Denominazione altra lingua", "Comune (dizione straniera)" } },
	{ CELL_PROVINCE, FALSE,
	    { "Denominazione dell'Unità territoriale sovracomunale (valida a fini statistici)",
		"Provincia/Uts" } },
	{ CELL_PROVINCE_CODE, FALSE, { "Sigla automobilistica" } },
	{ CELL_REGION, FALSE, { "Denominazione Regione", "Regione" } },
	{ CELL_AREA, FALSE, { "Ripartizione geografica" } },
	{ CELL_POPULATION, FALSE, { "Popolazione legale*" } },
	{ CELL_TAX_CODE, FALSE, { "Codice fiscale" } },
	{ 0 },
};

const ListFormat import_istat = {
	.format = REGISTRY_ISTAT,
	.name = "ISTAT",
	.source = "istat",
	.lists_units = TRUE,
	.columns = columns,
	.read_row = import_read_unit,
};
