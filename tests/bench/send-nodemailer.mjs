// send-nodemailer.mjs MODE PORT SESSIONS N MESSAGE [PDF ...]: N messages over SESSIONS lines by nodemailer's pool. MODE raw: the
// file MESSAGE as it is; build: text and PDFs, put together anew for each. It prints N, seconds, and CPU seconds.
import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";

const [mode, port, sessions, n, message, ...pdfs] = process.argv.slice(2);
const raw = readFileSync(message);
const files = pdfs.map((path, i) => ({ filename: `${i}.pdf`, content: readFileSync(path), contentType: "application/pdf" }));
const words = "Gentile Sindaca, gentile Sindaco, in allegato la lettera e il modulo. ".repeat(20);
const pool = nodemailer.createTransport({
	pool: true, host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
	maxConnections: Number(sessions), maxMessages: 100,
});
const mail = (i) => mode === "raw"
	? { envelope: { from: "mappa@mappa.example", to: `r${i}@x.example` }, raw }
	: { from: "mappa@mappa.example", to: `r${i}@x.example`, subject: `Mappa ${i}`, text: words, html: `<p>${words}</p>`, attachments: files };
const started = process.hrtime.bigint();
let next = 0;

async function lane() {
	while (next < Number(n))
		await pool.sendMail(mail(next++));
}

// twice as many at once as there are lines, so that one is always ready
await Promise.all(Array.from({ length: 2 * Number(sessions) }, lane));
pool.close();
const used = process.cpuUsage();
console.log(n, Number(process.hrtime.bigint() - started) / 1e9, (used.user + used.system) / 1e6);
