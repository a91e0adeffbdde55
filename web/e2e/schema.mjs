// Every operation of the API, asked in thousands of odd ways: no answer may be a fault of the server, and each must be as described.
//   HENGJIE=…/hengjie SCHEMATHESIS=…/schemathesis node e2e/schema.mjs [examples per operation]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { HENGJIE: program, SCHEMATHESIS: tool = "schemathesis" } = process.env;
const examples = process.argv[2] ?? "20";
if (!program) throw new Error("HENGJIE must name the program");
const folder = mkdtempSync(join(tmpdir(), "hengjie-schema-"));
const root = new URL("../../", import.meta.url).pathname;
// A small regulation with its facts: what is asked is odd enough.
const server = spawn(
  program,
  ["--lang", "en", "serve", folder, "--port", "0", "--policy", join(root, "docs/examples/tutorial.md"), "--data", join(root, "docs/examples/tutorial-facts"), "--params", join(root, "docs/examples/tutorial-parameters.csv")],
  { stdio: ["ignore", "pipe", "inherit"] },
);
let link;
for await (const line of createInterface({ input: server.stdout })) {
  link = /http:\S+/.exec(line)?.[0];
  if (link) break;
}
server.stdout.resume();
const home = new URL(link).origin;
const opened = await fetch(link, { redirect: "manual" });
const cookie = opened.headers.get("set-cookie").split(";")[0];
const headers = { cookie, origin: home, "sec-fetch-site": "same-origin" };
const [document] = await (await fetch(`${home}/api/documents`, { headers })).json();
const send = (path, body) =>
  fetch(home + path, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify(body),
  });
// Something to ask about: two runs.
for (let run = 1; run <= 2; run += 1) {
  await send("/api/runs", { document: document.id });
  for (;;) {
    const { summary } = await (await fetch(`${home}/api/runs/${run}`, { headers })).json();
    if (summary.state !== "running") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const words = ["run", `${home}/api/openapi.json`, "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance", "-n", examples, "--seed", "1", "--workers", "2"];
for (const [name, value] of Object.entries(headers)) words.push("-H", `${name}: ${value}`);
const { status } = spawnSync(tool, words, { stdio: "inherit", env: { ...process.env, NO_COLOR: "1" } });
server.kill();
await once(server, "exit");
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
