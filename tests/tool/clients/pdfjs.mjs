// pdfjs.mjs FIELDS.json IN.pdf OUT.pdf: fills a sheet with pdf.js, the viewer of Firefox and of many portals, by the
// storage that its own form elements write into, and saves as its "Download" does.
import { readFileSync, writeFileSync } from "node:fs";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

const [fieldsPath, inPath, outPath] = process.argv.slice(2);
const pdf = await getDocument({
	data: new Uint8Array(readFileSync(inPath)),
	verbosity: VerbosityLevel.ERRORS,
	isEvalSupported: false,
}).promise;
const objects = await pdf.getFieldObjects();

for (const { name, kind, value } of JSON.parse(readFileSync(fieldsPath, "utf8"))) {
	if (value === "") continue;
	// a radio group comes as itself and its buttons, a button has what it stands for in exportValues
	const widgets = (objects[name] ?? []).filter((object) => object.editable !== false && object.rect);
	if (widgets.length === 0) throw new Error(`${name}: not there`);
	let taken = 0;
	for (const widget of widgets) {
		if (kind === "radio") {
			const chosen = widget.exportValues === value;
			pdf.annotationStorage.setValue(widget.id, { value: chosen });
			taken += chosen ? 1 : 0;
		} else {
			pdf.annotationStorage.setValue(widget.id, { value: kind === "check" ? true : value });
			taken += 1;
		}
	}
	if (taken === 0) throw new Error(`${name}: has no button ${value}`);
}
writeFileSync(outPath, await pdf.saveDocument());
