// pdf-lib.mjs (FIELDS.json IN.pdf OUT.pdf)...: fills sheets with pdf-lib, as web portals and robots do.
//
// Its default redraws each text in Helvetica with WinAnsi, and throws at the č of "Soča": every program that fills
// forms with names in them switches that off. PDF_LIB_DRAWS=1 leaves it on, to show that.
import { readFileSync, writeFileSync } from "node:fs";
import { PDFCheckBox, PDFDocument, PDFDropdown, PDFRadioGroup, PDFTextField } from "pdf-lib";

async function fill(fieldsPath, inPath, outPath) {
	const pdf = await PDFDocument.load(readFileSync(inPath));
	const form = pdf.getForm();

	for (const { name, value } of JSON.parse(readFileSync(fieldsPath, "utf8"))) {
		if (value === "") continue;
		const field = form.getField(name);
		if (field instanceof PDFTextField) field.setText(value);
		else if (field instanceof PDFCheckBox) field.check();
		else if (field instanceof PDFRadioGroup || field instanceof PDFDropdown) field.select(value);
		else throw new Error(`${name}: ${field.constructor.name}`);
	}
	writeFileSync(outPath, await pdf.save({ updateFieldAppearances: process.env.PDF_LIB_DRAWS === "1" }));
}

const paths = process.argv.slice(2);
for (let i = 0; i < paths.length; i += 3) await fill(...paths.slice(i, i + 3));
