// report.html in headless Chromium: it renders, filters, sorts, unfolds, prints, asks the network for nothing, and runs
// nothing of the record. Needs Node 18 or later and Chromium; nothing is installed.
//
//     node tests/browser/check_page.mjs [target/debug/lookback]
//
// CHROMIUM names another browser than `chromium`. KEEP=DIR keeps pictures and the PDF there.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const project = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const lookback = resolve(process.argv[2] ?? join(project, "target/debug/lookback"));
const place = mkdtempSync(join(tmpdir(), "lookback-page-"));
const failures = [];
let passed = 0;

function check(name, holds, seen) {
  if (holds) { passed += 1; return; }
  failures.push(`${name}: ${JSON.stringify(seen)}`);
}

// An export in which every text that reaches the page would like to be more than text.
const attacks = readFileSync(join(project, "tests/suite/injection.txt"), "utf8").split("\n").filter(Boolean);
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
const headings = "Invoice,Line,Date of Export,Ship From Country,Destination,Ultimate Consignee,Ultimate Consignee Address,ECCN,Item,Description,Qty,Value,Currency,License Code,License Number";
const rows = attacks.map((attack, index) => [
  `D${index}`, "1", `2025-0${1 + (index % 6)}-15`, "US", "PK", attack, attack, "3A992.a", `I${index}`, attack, "1", `${100 * (index + 1)}.00`, "USD", "NLR", "",
].map(quoted).join(","));
writeFileSync(join(place, "shipments.csv"), [headings, ...rows, ""].join("\n"));
const audit = spawnSync(lookback, [
  "audit", join(place, "shipments.csv"), "-o", join(place, "out"), "--quiet",
  "--legend", "</style><script>document.title='x'</script> & \"counsel\"", "--matter", "\\\"}body{display:none}",
], { encoding: "utf8" });
if (audit.status !== 0) { throw new Error(`the audit ended with ${audit.status}: ${audit.stderr}`); }

// The browser's own protocol over two pipes, messages ended by a null byte.
const browser = spawn(process.env.CHROMIUM ?? "chromium", [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
  `--user-data-dir=${join(place, "profile")}`, "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const waiting = new Map();
const events = [];
let number = 0;
let buffered = "";
browser.stdio[4].on("data", (bytes) => {
  buffered += bytes;
  const messages = buffered.split("\0");
  buffered = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    if (message.id) { waiting.get(message.id)(message); } else { events.push(message); }
  }
});
let session;
function send(method, params = {}) {
  number += 1;
  const id = number;
  browser.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
  return new Promise((done, failed) => waiting.set(id, (message) =>
    message.error ? failed(new Error(`${method}: ${message.error.message}`)) : done(message.result)));
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function page(expression) {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true });
  if (exceptionDetails) { throw new Error(`${expression}: ${exceptionDetails.text}`); }
  return result.value;
}
async function press(key, code, text) {
  await send("Input.dispatchKeyEvent", { type: "keyDown", key, code: key, windowsVirtualKeyCode: code, text });
  await send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key, windowsVirtualKeyCode: code });
}
function keep(name, base64) {
  if (!process.env.KEEP) { return; }
  mkdirSync(process.env.KEEP, { recursive: true });
  writeFileSync(join(process.env.KEEP, name), Buffer.from(base64, "base64"));
}

try {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  ({ sessionId: session } = await send("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", "Network", "Log", "Accessibility"]) { await send(`${domain}.enable`); }
  const url = pathToFileURL(join(place, "out/report.html")).href;
  await send("Emulation.setDeviceMetricsOverride", { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
  await send("Page.navigate", { url });
  for (let tries = 0; tries < 200 && (await page("document.readyState")) !== "complete"; tries += 1) { await pause(50); }

  const all = attacks.length;
  const shown = () => page("document.querySelectorAll('#exceptions-list > tbody:not([hidden])').length");
  const said = () => page("document.querySelector('#exceptions [role=status]').textContent");
  const first = (column) => page(`document.querySelector('#exceptions-list').tBodies[0].rows[0].cells[${column}].dataset.value ?? document.querySelector('#exceptions-list').tBodies[0].rows[0].cells[${column}].textContent`);

  check("every exception is there", (await shown()) === all, await shown());
  check("the count is said", (await said()) === `Showing ${all} of ${all}.`, await said());
  check("charts are drawn", (await page("document.querySelectorAll('svg[role=img] rect').length")) > 4);
  check("every chart says what it shows", await page("[...document.querySelectorAll('svg[role=img]')].every(s => s.querySelector('title').textContent && s.querySelector('desc').textContent)"));

  // Nothing of the record is anything but text.
  check("no script but ours", (await page("document.scripts.length")) === 1);
  check("no element of the record", (await page("document.querySelectorAll('img, iframe, object, embed, form:not(.tools), link, base, video, audio, foreignObject, animate, set, use, math, meta[http-equiv=refresh]').length")) === 0);
  check("no handler in an attribute", (await page("[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on|^(src|srcset|style|xlink:href|formaction|action)$/i.test(a.name))).length")) === 0);
  check("links stay on the page", await page("[...document.links].every(a => a.getAttribute('href').startsWith('#'))"));
  check("no injected script has run", (await page("window.pwned")) === undefined);
  check("the title is not the record's", (await page("document.title")).endsWith("| Lookback report"), await page("document.title"));
  check("the body is shown", (await page("getComputedStyle(document.body).display")) === "block");
  for (const attack of attacks.slice(0, 5)) {
    check(`shown as text: ${attack}`, await page(`document.querySelector('#exceptions-list').textContent.includes(${JSON.stringify(attack)})`));
  }

  // Filters.
  await page("(() => { const s = document.querySelector('#exceptions-quarter'); s.value = '2025-Q1'; s.dispatchEvent(new Event('change')); })()");
  const quarter = attacks.filter((_, index) => index % 6 < 3).length;
  check("a quarter is filtered", (await shown()) === quarter, await shown());
  check("the filtered count is said", (await said()) === `Showing ${quarter} of ${all}.`, await said());
  await page("document.querySelector('#exceptions .clear').click()");
  check("filters are cleared", (await shown()) === all, await shown());
  await page("document.querySelector('#exceptions-search').focus()");
  for (const letter of "i7:") { await send("Input.insertText", { text: letter }); }
  await pause(300);
  check("a search finds one", (await shown()) === 1, await shown());
  await page("document.querySelector('#exceptions .clear').click()");

  // Sorting, by numbers and by text, up and down; the state is said to a screen reader.
  const heading = "document.querySelector('#exceptions-list th:nth-child(7)')";
  await page(`${heading}.querySelector('button').click()`);
  check("values ascend", (await first(6)) === "100.00", await first(6));
  await page(`${heading}.querySelector('button').click()`);
  check("values descend", (await first(6)) === `${100 * all}.00`, await first(6));
  check("the order is said", (await page(`${heading}.getAttribute('aria-sort')`)) === "descending");
  await page("document.querySelector('#exceptions-list th:nth-child(2) button').click()");
  check("dates ascend", (await first(1)) === "2025-01-15", await first(1));

  // By keyboard alone.
  await page("document.querySelector('#exceptions-list .open').focus()");
  await press("Enter", 13, "\r");
  check("Enter opens the evidence", (await page("document.querySelector('#exceptions-list .open').getAttribute('aria-expanded')")) === "true");
  check("the evidence is shown", await page("!document.querySelector('#exceptions-list .more').hidden"));
  await press("Tab", 9);
  check("Tab goes on", await page("document.activeElement !== document.querySelector('#exceptions-list .open') && document.activeElement !== document.body"));

  // What a screen reader is told.
  const { nodes } = await send("Accessibility.getFullAXTree");
  const named = nodes.filter((node) => !node.ignored && ["button", "textbox", "searchbox", "combobox", "image", "img", "link", "table"].includes(node.role?.value));
  const nameless = named.filter((node) => !node.name?.value).map((node) => node.role.value);
  check("every control, image and table has a name", named.length > 50 && nameless.filter((role) => role !== "table").length === 0, nameless);
  check("the language is said", (await page("document.documentElement.lang")) === "en-US");

  const desk = await send("Page.captureScreenshot", { format: "png" });
  keep("desk.png", desk.data);
  await send("Emulation.setDeviceMetricsOverride", { width: 390, height: 844, deviceScaleFactor: 2, mobile: true });
  await pause(200);
  const wide = await page("document.scrollingElement.scrollWidth");
  check("nothing runs over the edge of a phone", wide <= 390, wide);
  await page("document.querySelector('#exceptions').scrollIntoView()");
  keep("phone.png", (await send("Page.captureScreenshot", { format: "png" })).data);
  await send("Emulation.clearDeviceMetricsOverride");

  const { data } = await send("Page.printToPDF", { preferCSSPageSize: true, printBackground: true });
  keep("page.pdf", data);
  const pdf = Buffer.from(data, "base64");
  check("it prints", pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 20_000, pdf.length);

  const requests = events.filter((event) => event.method === "Network.requestWillBeSent").map((event) => event.params.request.url);
  check("one request, for the page itself", requests.length === 1 && requests[0] === url, requests);
  const errors = events.filter((event) => ["Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"].includes(event.method));
  check("no error, no refusal, no dialog", errors.length === 0, errors.map((event) => event.params.entry?.text ?? event.method));
} finally {
  browser.kill();
  await pause(200);
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
}
for (const failure of failures) { console.log(`FAILED ${failure}`); }
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
