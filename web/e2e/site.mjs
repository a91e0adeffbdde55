// A console with the demonstration in it, and a browser that is signed in.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PROGRAM = process.env.HENGJIE;
const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PICTURES = new URL("./pictures/", import.meta.url).pathname;

function browserPath() {
  const found = BROWSERS.find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium: apt-get install chromium, or name one in CHROMIUM");
  return found;
}

async function run(args) {
  const child = spawn(PROGRAM, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`hengjie ${args.join(" ")} ended with ${code}`);
}

/** The demonstration: five organisations with results. */
async function demonstration(folder) {
  const policies = new URL("../../policies", import.meta.url).pathname;
  await run(["demo", "--out", folder, "--policies", policies]);
  return [];
}

/** The regulation of the tutorial with customers, run on a folder of files. */
export async function tutorial(folder) {
  const examples = new URL("../../docs/examples/", import.meta.url).pathname;
  const text = readFileSync(join(examples, "tutorial.md"), "utf8");
  const policy = join(folder, "tutorial.md");
  writeFileSync(policy, text.replace("资料 投诉", "资料 客户 量词 户\n行业: 文字\n资料 投诉"));
  const data = join(folder, "data");
  cpSync(join(examples, "tutorial-facts"), data, { recursive: true });
  const customers = Array.from({ length: 3_000 }, (_, at) => `C${1000 + at},客户${at},${at % 7 ? "制造" : "商贸"}`);
  writeFileSync(join(data, "客户.csv"), `编号,名称,行业\n${customers.join("\n")}\n`);
  return ["--policy", policy, "--data", data, "--params", join(examples, "tutorial-parameters.csv")];
}

/** Starts everything: `prepare` fills a folder and says with which arguments it is served. */
export async function open(prepare = demonstration) {
  if (!PROGRAM) throw new Error("HENGJIE must name the program, built with its pages");
  const folder = mkdtempSync(join(tmpdir(), "hengjie-"));
  const more = await prepare(folder);
  const words = ["--lang", "zh", "serve", folder, "--port", "0", ...more];
  const server = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: server.stdout });
  let link;
  for await (const line of lines) {
    link = /http:\S+/.exec(line)?.[0];
    if (link) break;
  }
  server.stdout.resume();
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });
  const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    // A refusal that a test asks for is no fault of the page.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(link);
  const home = new URL(link).origin;
  const close = async () => {
    await browser.close();
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { browser, context, page, folder, home, link, faults, close };
}

/** Serious findings of axe on the page, in words. */
export async function serious(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    // Rows are alike: the first ten speak for all.
    window.axe.run({ include: [["body"]], exclude: [["tr.ant-table-row:nth-child(n+12)"]] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] }),
  );
  const bad = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  return bad.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
}

/** The page as it is: readable by everybody, no wider than the window, nothing wrong on the console. */
export async function sound({ page, faults }, name) {
  assert.deepEqual(await serious(page), [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
  assert.deepEqual(faults, [], name);
  await picture(page, name);
}

/** The same page on a phone. */
export async function small(site, name) {
  const { page } = site;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(200);
  await sound(site, `${name}-390`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForTimeout(200);
}

/** Keeps a picture of the page for people. */
export async function picture(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: false });
}
