// collect-peer.mjs MAILDIR/new N THREADS: reads the first N mails of the folder as a script would, with mailparser and pdf-lib: the
// values of all fields of each PDF. Nothing is kept, checked or stored. Prints mails, PDFs, fields with a value, seconds of the
// clock, seconds of CPU, peak memory in MiB.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import { simpleParser } from "mailparser";
import { PDFDocument, PDFName } from "pdf-lib";

async function read(path) {
	const mail = await simpleParser(readFileSync(path), { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
	let pdfs = 0, values = 0;
	for (const { content } of mail.attachments) {
		if (content.subarray(0, 5).toString("latin1") !== "%PDF-") continue;
		const pdf = await PDFDocument.load(content, { parseSpeed: Infinity, updateMetadata: false });
		pdfs++;
		for (const field of pdf.getForm().getFields()) {
			const value = field.acroField.getInheritableAttribute(PDFName.of("V"));
			if (value !== undefined && value !== PDFName.of("Off") && (value.decodeText?.() ?? value.asString?.()) !== "") values++;
		}
	}
	return [pdfs, values];
}

async function readAll(paths) {
	let pdfs = 0, values = 0;
	for (const path of paths) {
		const [p, v] = await read(path);
		pdfs += p;
		values += v;
	}
	return [pdfs, values];
}

if (!isMainThread) {
	parentPort.postMessage(await readAll(workerData));
} else {
	const [folder, count, threads] = process.argv.slice(2);
	const paths = readdirSync(folder).sort().slice(0, Number(count)).map((name) => join(folder, name));
	const begin = performance.now();
	const done = await Promise.all(Array.from({ length: Number(threads) }, (_, i) => new Promise((resolve, reject) => {
		const share = paths.filter((_, at) => at % Number(threads) === i);
		const worker = new Worker(fileURLToPath(import.meta.url), { workerData: share });
		worker.once("message", resolve);
		worker.once("error", reject);
	})));
	const seconds = (performance.now() - begin) / 1e3;
	const used = process.cpuUsage();
	console.log(paths.length, done.reduce((sum, [p]) => sum + p, 0), done.reduce((sum, [, v]) => sum + v, 0), seconds.toFixed(4),
		((used.user + used.system) / 1e6).toFixed(4), (process.resourceUsage().maxRSS / 1024).toFixed(1));
}
