// pdfjs.mjs (FIELDS.json IN.pdf OUT.pdf)...: fills sheets with pdf.js, the viewer of Firefox and of many portals, by the
// storage that its own form elements write into, and saves as its "Download" does.
import { readFileSync, writeFileSync } from "node:fs";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

function setField(storage, widgets, { name, kind, value }) {
	let taken = 0;
	for (const widget of widgets) {
		if (kind === "radio") {
			const chosen = widget.exportValues === value;
			storage.setValue(widget.id, { value: chosen });
			taken += chosen ? 1 : 0;
		} else {
			storage.setValue(widget.id, { value: kind === "check" ? true : value });
			taken += 1;
		}
	}
	if (taken === 0) throw new Error(`${name}: has no button ${value}`);
}

async function fill(fieldsPath, inPath, outPath) {
	const pdf = await getDocument({
		data: new Uint8Array(readFileSync(inPath)),
		verbosity: VerbosityLevel.ERRORS,
		isEvalSupported: false,
	}).promise;
	const objects = await pdf.getFieldObjects();

	for (const field of JSON.parse(readFileSync(fieldsPath, "utf8"))) {
		if (field.value === "") continue;
		// a radio group comes as itself and its buttons, a button has what it stands for in exportValues
		const widgets = (objects[field.name] ?? []).filter((object) => object.editable !== false && object.rect);
		if (widgets.length === 0) throw new Error(`${field.name}: not there`);
		setField(pdf.annotationStorage, widgets, field);
	}
	writeFileSync(outPath, await pdf.saveDocument());
	await pdf.destroy();
}

const paths = process.argv.slice(2);
for (let i = 0; i < paths.length; i += 3) await fill(...paths.slice(i, i + 3));
