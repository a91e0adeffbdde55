// How fast the console answers: from start to ready, and questions why a figure is what it is.
// usage: node benches/console.mjs HENGJIE FOLDER [SECONDS [CLIENTS]]     (FOLDER: of `hengjie demo`)
// Asks for figures of the people of the first finished run of every document, over and over, from CLIENTS connections at once (default 16) for SECONDS
// (default 10). Prints one line of JSON: milliseconds until ready, the first answer of each run (facts are read), then answers per second and times.
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";

const [program, folder, seconds = "10", clients = "16"] = process.argv.slice(2);
const start = performance.now();
const server = spawn(program, ["--lang", "zh", "serve", folder, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
let link;
for await (const line of createInterface({ input: server.stdout })) {
  link = /http:\S+/.exec(line)?.[0];
  if (link) break;
}
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(clients) });
const { origin, hostname, port } = new URL(link);
let cookie = "";

/** One request; gives status, text and milliseconds. */
async function ask(method, path, body) {
  const from = performance.now();
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = { cookie, origin, ...(text && { "content-type": "application/json", "content-length": Buffer.byteLength(text) }) };
  const request = http.request({ agent, hostname, port, method, path, headers });
  request.end(text);
  const [answer] = await once(request, "response");
  answer.setEncoding("utf8");
  let found = "";
  for await (const part of answer) found += part;
  return { status: answer.statusCode, headers: answer.headers, text: found, ms: performance.now() - from };
}

const rounded = (ms) => Math.round(ms * 10) / 10;
const entered = await ask("GET", new URL(link).pathname);
cookie = entered.headers["set-cookie"]?.[0].split(";")[0] ?? "";
const ready = performance.now() - start;

const runs = JSON.parse((await ask("GET", "/api/runs")).text);
const seen = new Set();
const questions = [];
const first = {};
for (const run of runs) {
  if (run.state !== "done" || seen.has(run.document)) continue;
  seen.add(run.document);
  const found = [];
  const { tables } = JSON.parse((await ask("GET", `/api/runs/${run.number}`)).text);
  for (const table of tables) {
    const figures = table.columns.map((column, at) => [column, at]).filter(([column]) => column.value && !column.row);
    const key = table.columns.findIndex((column) => column.role === "key");
    if (!figures.length || key < 0) continue;
    const page = JSON.parse((await ask("GET", `/api/runs/${run.number}/tables/${table.position}?limit=100`)).text);
    for (const { cells } of page.rows) {
      for (const [column] of figures) found.push({ path: `/api/runs/${run.number}/explain`, body: { person: cells[key].text, value: column.value } });
    }
  }
  for (const question of found) {
    const answer = await ask("POST", question.path, question.body);
    if (answer.status === 200) { first[run.document] = rounded(answer.ms); break; }
  }
  questions.push(...found);
}

const times = [];
let refused = 0;
let at = 0;
const end = performance.now() + Number(seconds) * 1000;
async function client() {
  while (performance.now() < end) {
    const question = questions[at++ * 7919 % questions.length];
    const answer = await ask("POST", question.path, question.body);
    if (answer.status === 200) times.push(answer.ms); else refused += 1;
  }
}
await Promise.all(Array.from({ length: Number(clients) }, client));
times.sort((a, b) => a - b);
const part = (share) => rounded(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
console.log(JSON.stringify({
  ready_ms: rounded(ready), first_ms: first, questions: questions.length, answers_per_s: rounded(times.length / Number(seconds)),
  p50_ms: part(0.5), p99_ms: part(0.99), largest_ms: part(1), refused, clients: Number(clients),
}));
agent.destroy();
server.kill();
