// Journeys through every page, at both widths, without a serious finding of axe and without a fault on the console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, picture, small as wholeSmall, sound as wholeSound } from "./site.mjs";

/** A computation may take this long on a slow machine. */
const SLOW = 120_000;

let site;
let page;

before(async () => {
  site = await open();
  page = site.page;
});

after(async () => {
  await site?.close();
});

const sound = (name) => wholeSound(site, name);
const small = (name) => wholeSmall(site, name);

test("a link works once", async () => {
  await page.getByRole("heading", { name: "总览" }).waitFor();
  const other = await site.browser.newContext();
  const stranger = await other.newPage();
  const answer = await stranger.goto(site.link);
  assert.equal(answer.status(), 403);
  await stranger.goto(site.home);
  await stranger.getByText("没有登录").waitFor();
  await other.close();
});

test("总览 lists every regulation with its last results", async () => {
  await page.goto(site.home);
  await page.getByRole("link", { name: "看结果" }).first().waitFor();
  assert.ok((await page.getByRole("link", { name: "看结果" }).count()) >= 5);
  await sound("home");
  await small("home");
});

test("结果: sorted, filtered, explained down to the source row", async () => {
  await page.goto(site.home);
  await page.getByRole("link", { name: "看结果" }).first().click();
  await page.getByRole("button", { name: "导出Excel" }).or(page.getByRole("link", { name: "导出Excel" })).waitFor();
  await page.locator("tr.ant-table-row .figure").first().waitFor();
  await sound("results");
  await small("results");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "导出Excel" }).click();
  assert.match((await download).suggestedFilename(), /\.xlsx$/);
  await page.locator("tr.ant-table-row .figure").first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("heading", { name: "条款" }).first().waitFor();
  await sound("explanation");
  await small("explanation");
  for (let depth = 0; depth < 12 && !(await drawer.getByText(/第\d+行/).count()); depth += 1) {
    const deeper = drawer.locator(".steps .figure").last();
    if (!(await deeper.count())) break;
    await deeper.click();
  }
  await drawer.getByText(/第\d+行/).first().waitFor();
  await drawer.getByText("文字", { exact: true }).click();
  await drawer.locator("pre").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox", { name: "编号或姓名" }).fill("没有这个人");
  await page.keyboard.press("Enter");
  await page.getByText("没有符合条件的行").waitFor();
  await page.getByRole("button", { name: "清除筛选" }).click();
  await page.locator("tr.ant-table-row .figure").first().waitFor();
});

test("分布 has a chart and a table", async () => {
  await page.getByRole("button", { name: "分布" }).click();
  await page.locator(".chart svg").waitFor();
  await sound("distribution");
  await page.getByRole("button", { name: "看表格" }).click();
  await page.getByRole("columnheader", { name: "人数" }).waitFor();
});

test("万元 moves the point of amounts and of nothing else", async () => {
  await page.getByText("万元", { exact: true }).click();
  await page.reload();
  await page.locator("tr.ant-table-row .figure").first().waitFor();
  assert.ok(await page.locator(".ant-segmented-item-selected", { hasText: "万元" }).count());
  await page.getByText("元", { exact: true }).first().click();
});

test("一个人: figures, distance, trial", async () => {
  await page.locator("tr.ant-table-row td a").first().click();
  await page.getByRole("tab", { name: "按条款" }).waitFor();
  await page.locator("tr.ant-table-row .figure").first().waitFor();
  await sound("person");
  await small("person");
  await page.getByRole("tab", { name: "离下一级差什么" }).click();
  await page.getByText(/下一级|没有分高低/).last().waitFor();
  await page.locator(".ant-skeleton").waitFor({ state: "detached", timeout: SLOW });
  await sound("distance");
  await small("distance");
  await page.getByRole("tab", { name: "试算" }).click();
  await page.getByText("仅供测算").waitFor();
  await sound("trial");
});

test("运行 starts, shows how far it is, and ends with results", async () => {
  await page.getByRole("navigation", { name: "主菜单" }).getByRole("link", { name: "运行" }).click();
  await page.getByRole("button", { name: "开始计算" }).click();
  await page.getByText(/第6次 已完成/).waitFor({ timeout: SLOW });
  await sound("runs");
  await small("runs");
});

test("运行: replayed byte by byte", async () => {
  await page.getByRole("button", { name: "重放 第6次" }).click();
  await page.getByText("一致：重放得到同样的字节").waitFor({ timeout: SLOW });
  await sound("replay");
  await small("replay");
});

test("制度: read, mend, save, compare", async () => {
  await page.goto(site.home);
  await page.getByRole("link", { name: "看制度" }).first().click();
  await page.locator(".article").first().waitFor();
  await sound("reading");
  await small("reading");
  await page.getByRole("tab", { name: "编辑" }).click();
  const editor = page.getByRole("textbox", { name: "制度正文" });
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n```规则\n不知道 = 没有这个名称 + 1\n```\n");
  await page.getByText(/错误[1-9]/).waitFor();
  await sound("editor");
  for (let undo = 0; undo < 6; undo += 1) await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n本办法由人力资源部解释。\n");
  await page.getByText("没有错误").waitFor();
  await page.getByRole("button", { name: "存为新版" }).click();
  await page.getByText("已存为第2版").waitFor();
  await page.getByRole("tab", { name: "修订对照" }).click();
  await page.locator("ins", { hasText: "人力资源部" }).first().waitFor();
  await sound("redline");
  await page.getByRole("tab", { name: "体检" }).click();
  await page.locator(".ant-skeleton").waitFor({ state: "detached", timeout: SLOW });
  await sound("health");
});

test("运行: two runs compared, every difference with its cause", async () => {
  // Another rate in the regulation of the newest run, then a run of it.
  await page.goto(site.home);
  await page.getByRole("link", { name: "看结果" }).first().waitFor();
  const document = await page.evaluate(async () => (await (await fetch("/api/documents")).json())[0].id);
  const saved = await page.evaluate(async (id) => {
    const text = await (await fetch(`/api/documents/${id}`)).json();
    const amount = /(?<=\| *)(\d{3,5})(?=元 *\|)/.exec(text.text);
    const changed = text.text.slice(0, amount.index) + String(Number(amount[0]) + 1) + text.text.slice(amount.index + amount[0].length);
    const answer = await fetch(`/api/documents/${id}/versions`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
      body: JSON.stringify({ after: text.summary.version, text: changed }),
    });
    return answer.status;
  }, document);
  assert.equal(saved, 200);
  await page.goto(`${site.home}/runs?document=${encodeURIComponent(document)}`);
  await page.getByRole("button", { name: "开始计算" }).click();
  await page.getByText(/第7次 已完成/).waitFor({ timeout: SLOW });
  const boxes = page.locator("tr.ant-table-row input[type=checkbox]");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "对比两次" }).click();
  await page.getByRole("heading", { name: /^对比第\d+次和第7次/ }).waitFor({ timeout: SLOW });
  await page.getByRole("heading", { name: "起因" }).waitFor();
  assert.ok(await page.locator("td", { hasText: /^条款$/ }).count(), "the article is named");
  await sound("comparison");
  await small("comparison");
});

test("操作日志 is whole", async () => {
  await page.getByRole("navigation", { name: "主菜单" }).getByRole("link", { name: "操作日志" }).click();
  await page.getByRole("button", { name: "验证日志" }).click();
  await page.getByText(/完整：\d+条/).waitFor();
  await sound("log");
});

test("dark and English", async () => {
  await page.goto(site.home);
  await page.getByRole("button", { name: "深色" }).click();
  await page.getByRole("button", { name: "切换到英文" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await sound("home-dark-en");
  await page.getByRole("link", { name: "Results", exact: true }).first().click();
  await page.locator("tr.ant-table-row .figure").first().waitFor();
  await sound("results-dark-en");
});

test("a person on paper: light, without buttons, and from which run it is", async () => {
  await page.locator("tr.ant-table-row a").first().click();
  await page.getByRole("button", { name: "Print" }).waitFor();
  await page.locator("p.print-only").waitFor({ state: "attached" });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.getByText("A trial, not a decision.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Print" }).count(), 0);
  assert.equal(await page.getByRole("tab").count(), 0);
  const cell = page.locator(".ant-table-cell").first();
  const [ground, ink] = await cell.evaluate((cell) => [getComputedStyle(document.body).colorScheme, getComputedStyle(cell).color]);
  assert.ok(!ground.includes("dark"), ground);
  assert.match(ink, /^rgba?\((\d{1,2}), (\d{1,2}), (\d{1,2})/, "dark ink on light paper");
  await picture(page, "person-paper");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "Print" }).waitFor();
});
