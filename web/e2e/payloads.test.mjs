// Two hundred texts that try to become a program, in every place where text is shown or written: none runs, none becomes markup.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { open } from "./site.mjs";

const CODE = "ran(1)";
/** Each in plain form; the wrappings below make more of each. */
const PLAIN = [
  `<script>${CODE}</script>`,
  `<img src=x onerror=${CODE}>`,
  `<svg onload=${CODE}>`,
  `<svg><script>${CODE}</script></svg>`,
  `<iframe srcdoc="<script>parent.${CODE}</script>"></iframe>`,
  `<iframe src="javascript:parent.${CODE}"></iframe>`,
  `<details open ontoggle=${CODE}>x</details>`,
  `<input autofocus onfocus=${CODE}>`,
  `<video><source onerror=${CODE}></video>`,
  `<audio src=x onerror=${CODE}></audio>`,
  `<object data="javascript:${CODE}"></object>`,
  `<embed src="javascript:${CODE}">`,
  `<a href="javascript:${CODE}">x</a>`,
  `<form action="javascript:${CODE}"><button>x</button></form>`,
  `<meta http-equiv=refresh content="0;url=javascript:${CODE}">`,
  `<marquee onstart=${CODE}>x</marquee>`,
  `<math><maction xlink:href="javascript:${CODE}">x</maction></math>`,
  `<body onload=${CODE}>`,
  `<style>@keyframes k{}</style><b style="animation:k" onanimationstart=${CODE}>x</b>`,
  `<template><script>${CODE}</script></template>`,
  `[x](javascript:${CODE})`,
  `![x](x"onerror="${CODE})`,
  `<https://x"onmouseover="${CODE}>`,
  `{{constructor.constructor('${CODE}')()}}`,
  `\${${CODE}}`,
];
const WRAPPED = [
  (text) => text,
  (text) => text.replace(/[a-z]+(?=[ >=])/i, (word) => word.toUpperCase()),
  (text) => `">${text}`,
  (text) => `'>${text}`,
  (text) => `</textarea></title></script>${text}`,
  (text) => `-->${text}<!--`,
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (text) => text.replace(" ", "/"),
  (text) => `<x id=y>${text}</x>`,
];
const PAYLOADS = [...new Set(WRAPPED.flatMap((wrap) => PLAIN.map(wrap)))].slice(0, 200);

let site;
let page;
let ran = 0;

/** A regulation in whose text, names and facts every payload stands. */
async function hostile(folder) {
  const prose = PAYLOADS.map((text, at) => `${at + 1}. ${text}\n`).join("\n");
  const table = ["| 号 | 说明 |", "|---|---|", ...PAYLOADS.map((text, at) => `| ${at} | ${text.replaceAll("|", "/")} |`)].join("\n");
  const policy = join(folder, "policy.md");
  writeFileSync(
    policy,
    `# 办法 ${PLAIN[1]}\n\n## 第一条 奖励\n每满 100 万元奖 500 元。\n\n${prose}\n\n\`\`\`规则\n制度 奖励 版本 2026-01-01 起\n` +
      "资料 人员 量词 人\n备注: 文字\n日均: 金额 每年\n适用 人员\n对 人员\n说明 = 备注\n对 人员 每年\n奖 = 向下(日均 ÷ 100万元, 1) × 500元\n" +
      `\`\`\`\n\n## 第二条 ${PLAIN[0]}\n${PLAIN[2]}\n\n${table}\n`,
  );
  const data = join(folder, "data");
  mkdirSync(data);
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const people = PAYLOADS.map((text, at) => `K${at},${cell(text)},${cell(text)}`);
  writeFileSync(join(data, "人员.csv"), `编号,名称,备注\n${people.join("\n")}\n`);
  const years = PAYLOADS.map((_, at) => `K${at},2026年,${(at + 1) * 1_000_000}`);
  writeFileSync(join(data, "人员_每年.csv"), `编号,期间,日均（元）\n${years.join("\n")}\n`);
  return ["--policy", policy, "--data", data];
}

before(async () => {
  assert.equal(PAYLOADS.length, 200);
  site = await open(hostile);
  page = site.page;
  await site.context.exposeBinding("ran", () => {
    ran += 1;
  });
  page.on("dialog", (dialog) => {
    ran += 1;
    void dialog.dismiss();
  });
  await page.goto(site.home);
});

after(async () => {
  await site?.close();
});

/** Nothing has run, and nothing of a payload has become an element. */
async function inert(where) {
  const made = await page.evaluate(() => {
    const attributes = "[onerror],[onload],[onfocus],[ontoggle],[onstart],[onmouseover],[onanimationstart],[srcdoc]";
    const elements = `${attributes},main iframe,main object,main embed,main math,main marquee,main script,a[href^="javascript:" i],form[action^="javascript:" i]`;
    return [...document.querySelectorAll(elements)].map((element) => element.outerHTML.slice(0, 120));
  });
  assert.deepEqual(made, [], where);
  assert.equal(ran, 0, where);
  assert.deepEqual(site.faults, [], where);
}

/** The program would notice if one ran. */
test("a payload that runs is noticed", async () => {
  await page.evaluate(() => window.ran(1));
  assert.equal(ran, 1);
  ran = 0;
});

test("text of a regulation", async () => {
  await page.getByRole("link", { name: "看制度" }).first().click();
  await page.locator(".article").first().waitFor();
  await inert("reading");
  await page.getByRole("tab", { name: "编辑" }).click();
  const editor = page.getByRole("textbox", { name: "制度正文" });
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(`\n${PAYLOADS.join("\n")}\n`);
  await inert("editor");
  await page.getByRole("button", { name: "存为新版" }).click();
  await page.getByText("已存为第2版").waitFor();
  await page.getByRole("tab", { name: "修订对照" }).click();
  await page.waitForTimeout(500);
  await inert("redline");
});

test("periods, and what is said about them", async () => {
  await page.goto(`${site.home}/runs`);
  const field = page.getByRole("textbox", { name: "期间" });
  for (const text of PAYLOADS) {
    await field.fill(text);
    await page.getByRole("button", { name: "开始计算" }).click();
    await page.locator(".ant-alert", { hasText: "不是期间" }).first().waitFor();
  }
  await inert("periods");
  await field.fill("2026年");
  await page.getByRole("button", { name: "开始计算" }).click();
  await page.getByText(/第1次 已完成/).waitFor();
  await inert("runs");
});

test("names and texts of facts, in results and explanations", async () => {
  await page.goto(`${site.home}/results/1`);
  await page.locator("tr.ant-table-row").first().waitFor();
  await inert("results");
  const tables = await page.evaluate(async () => (await (await fetch("/api/runs/1")).json()).tables.length);
  for (let table = 0; table < tables; table += 1) {
    for (const shown of [1, 2]) {
      await page.goto(`${site.home}/results/1?table=${table}&page=${shown}`);
      await page.locator("tr.ant-table-row, .ant-empty").first().waitFor();
      await inert(`table ${table}`);
    }
  }
  for (let at = 0; at < PAYLOADS.length; at += 20) {
    await page.goto(`${site.home}/results/1/people/K${at}`);
    await page.locator("tr.ant-table-row .figure").first().click();
    await page.getByRole("dialog").getByRole("heading", { name: "条款" }).first().waitFor();
    await inert(`person ${at}`);
  }
});

test("what is searched, tried and written into addresses", async () => {
  await page.goto(`${site.home}/results/1`);
  const search = page.getByRole("searchbox", { name: "编号或姓名" });
  for (const text of PAYLOADS) {
    await search.fill(text);
    await page.keyboard.press("Enter");
  }
  await page.waitForTimeout(300);
  await inert("search");
  await page.goto(`${site.home}/results/1/people/K1?tab=trial`);
  const value = page.getByRole("textbox", { name: "改成" });
  await value.waitFor();
  await page.getByRole("combobox", { name: "改哪一项资料" }).click();
  await page.locator(".ant-select-item-option", { hasText: "日均" }).first().click();
  for (const text of PAYLOADS) {
    await value.fill(text);
    await page.getByRole("button", { name: "算一算" }).click();
  }
  await page.waitForTimeout(500);
  await inert("trial");
  // A page is loaded for each: the plain forms will do.
  for (const text of PLAIN) {
    const odd = encodeURIComponent(text);
    await page.goto(`${site.home}/results/1/people/${odd}?who=${odd}&value=${odd}`, { waitUntil: "domcontentloaded" });
    await page.evaluate((search) => history.replaceState(null, "", `/results/1?find=${search}&item=${search}`), odd);
  }
  await page.goto(`${site.home}/policies/${encodeURIComponent(PAYLOADS[1])}`);
  await page.locator(".ant-alert").first().waitFor();
  await inert("addresses");
});

test("tables of facts and the log", async () => {
  await page.goto(`${site.home}/facts`);
  await page.locator("tr.ant-table-row").first().waitFor();
  await inert("facts");
  await page.getByRole("link", { name: "人员", exact: true }).click();
  await page.getByText("K0", { exact: true }).first().waitFor();
  await inert("rows");
  await page.goto(`${site.home}/log`);
  await page.locator("tr.ant-table-row").first().waitFor();
  await inert("log");
  await page.goto(site.home);
  await page.getByRole("link", { name: "看结果" }).first().waitFor();
  await inert("home");
});
