// Load: explanations at a fixed rate, whatever the server does, and how long each takes from when it should have been sent.
//   HENGJIE=…/hengjie node e2e/load.mjs [requests a second] [seconds]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.HENGJIE;
const RATE = Number(process.argv[2] ?? 300);
const SECONDS = Number(process.argv[3] ?? 20);
/** People who are asked about, one after the other. */
const PEOPLE = 200;

if (!PROGRAM) throw new Error("HENGJIE must name the program");
const folder = mkdtempSync(join(tmpdir(), "hengjie-load-"));
const policies = new URL("../../policies", import.meta.url).pathname;
const demo = spawn(PROGRAM, ["demo", "--out", folder, "--policies", policies], { stdio: "ignore" });
const [code] = await once(demo, "exit");
if (code !== 0) throw new Error(`hengjie demo ended with ${code}`);

const begun = performance.now();
const server = spawn(PROGRAM, ["--lang", "zh", "serve", folder, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
let link;
for await (const line of createInterface({ input: server.stdout })) {
  link = /http:\S+/.exec(line)?.[0];
  if (link) break;
}
server.stdout.resume();
const home = new URL(link);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Status and text of an answer. */
function ask(method, path, body, cookie) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { host: home.host, "sec-fetch-site": "same-origin", ...(cookie && { cookie }) };
    if (text !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(text);
      headers.origin = home.origin;
    }
    const sent = request({ host: home.hostname, port: home.port, method, path, headers, agent }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

const opened = await ask("GET", home.pathname);
const cookie = opened.headers["set-cookie"][0].split(";")[0];
const documents = await ask("GET", "/api/documents", undefined, cookie);
const started = performance.now() - begun;
const { last_run: last } = JSON.parse(documents.text)[0];
const page = JSON.parse((await ask("GET", `/api/runs/${last.number}/tables/0?limit=${PEOPLE}`, undefined, cookie)).text);
const run = JSON.parse((await ask("GET", `/api/runs/${last.number}`, undefined, cookie)).text);
const [table] = run.tables;
const key = table.columns.findIndex((column) => column.role === "key");
const values = table.columns.filter((column) => column.value !== "");
const people = page.rows.map((row) => row.cells[key].text);
const question = (at) => {
  const { value, row } = values[at % values.length];
  return { person: people[at % people.length], value, row: row === "" ? null : row };
};
const explain = (at) => ask("POST", `/api/runs/${last.number}/explain`, question(at), cookie);

const first = performance.now();
await explain(0);
const cold = performance.now() - first;

const times = [];
const statuses = new Map();
const all = RATE * SECONDS;
const start = performance.now();
const waiting = [];
for (let at = 0; at < all; at += 1) {
  const due = start + (at * 1000) / RATE;
  const early = due - performance.now();
  if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
  waiting.push(
    explain(at).then(({ status }) => {
      times.push(performance.now() - due);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }),
  );
}
await Promise.all(waiting);
const took = (performance.now() - start) / 1000;
times.sort((left, right) => left - right);
const part = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
console.log(`start to first answer ${started.toFixed(0)} ms; first explanation ${cold.toFixed(0)} ms`);
console.log(`${all} explanations of ${people.length} people, ${values.length} values in ${took.toFixed(1)} s: ${(all / took).toFixed(0)} a second`);
console.log(`p50 ${part(0.5)} ms, p90 ${part(0.9)} ms, p99 ${part(0.99)} ms, most ${part(1)} ms; ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(", ")}`);
server.kill();
rmSync(folder, { recursive: true, force: true });
