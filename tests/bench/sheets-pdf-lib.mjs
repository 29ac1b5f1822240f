// sheets-pdf-lib.mjs STEM.pdf N TICKS: N personalised sheets in memory with pdf-lib; TICKS objects between two timers, as
// its save() takes them ("Infinity": no timers). Prints sheets and seconds: of CPU without timers, of the clock with them, since
// what they cost is waiting.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { PDFDocument } from "pdf-lib";

const [path, count, ticks] = process.argv.slice(2);
const stem = readFileSync(path);
const towns = JSON.parse(readFileSync(`${path}.json`, "utf8"));
const tuned = ticks === "Infinity";
const options = tuned ? { objectsPerTick: Infinity, updateFieldAppearances: false } : { updateFieldAppearances: false };

async function personalise(town) {
	const pdf = await PDFDocument.load(stem, tuned ? { parseSpeed: Infinity, updateMetadata: false } : { updateMetadata: false });
	const form = pdf.getForm();
	for (const { name, value } of town.fields) form.getTextField(name).setText(value);
	pdf.setTitle(town.title);
	return pdf.save(options);
}

for (let i = 0; i < 3; i++) await personalise(towns[i]); // compiled by now
const [clock, cpu] = [performance.now(), process.cpuUsage()];
let bytes = 0;
for (let i = 0; i < Number(count); i++) bytes += (await personalise(towns[i % towns.length])).length;
const used = process.cpuUsage(cpu);
const seconds = tuned ? (used.user + used.system) / 1e6 : (performance.now() - clock) / 1e3;
if (bytes < Number(count) * stem.length / 2) throw new Error("too small to be sheets");
console.log(Number(count), seconds.toFixed(4));
