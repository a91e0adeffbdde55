// Journeys of whoever keeps the facts: a store from files, faulty rows mended and imported again, ownership, what was known when.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { open, small, sound, tutorial } from "./site.mjs";

let site;
let page;

before(async () => {
  site = await open(tutorial);
  page = site.page;
});

after(async () => {
  await site?.close();
});

/** Chooses a file made of text. */
async function choose(name, text) {
  await page.locator('input[type="file"]').first().setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByText(/字节/).waitFor();
}

async function table(name) {
  await page.getByRole("combobox", { name: "这个文件是哪张表" }).click();
  await page.locator(".ant-select-item-option", { hasText: new RegExp(`^${name}$`) }).click();
}

async function day(label, value) {
  await page.getByLabel(label, { exact: true }).fill(value);
}

/** The state of the import in view. */
async function ends(state) {
  await page.locator(".panel .ant-tag", { hasText: state }).first().waitFor();
}

test("资料表 of files, before there is a store", async () => {
  await page.getByRole("navigation", { name: "主菜单" }).getByRole("link", { name: "事实" }).click();
  await page.getByText("资料是文件夹或工作簿里的文件").waitFor();
  await page.getByRole("link", { name: "人员_每年" }).waitFor();
  await sound(site, "facts-files");
  await small(site, "facts-files");
});

test("归属 without a store says where to go", async () => {
  await page.getByRole("link", { name: "归属", exact: true }).click();
  await page.getByText("归属记在资料库里").waitFor();
  await sound(site, "ownership-empty");
});

test("files become a store: checked, then posted", async () => {
  await page.getByRole("link", { name: "去建资料库" }).click();
  await page.getByRole("button", { name: "用现有文件建资料库" }).click();
  await ends("已校验");
  await sound(site, "import-begin");
  await page.getByRole("button", { name: "入库" }).click();
  await ends("已入库");
  await page.getByRole("button", { name: "选文件" }).waitFor();
  await sound(site, "import-posted");
  await small(site, "import-posted");
});

const FAULTY = "编号,期间,存款日均（万元）\n1001,2026年,6200\n1002,2026年,六千\n1003,2026年,4800\n1099,2026年,1\n";

test("faulty rows: reasons, rejects, mended, imported again", async () => {
  await choose("核心_一季度.csv", FAULTY);
  await table("人员_每年");
  await page.getByRole("button", { name: "校验" }).click();
  await ends("已校验");
  await page.getByText("4行中2行有错").waitFor();
  await sound(site, "import-checked");
  await small(site, "import-checked");
  assert.ok(await page.getByRole("button", { name: "入库" }).isDisabled());
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载拒收表" }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "未导入.xlsx");
  await file.saveAs(join(site.folder, "未导入.xlsx"));
  await page.getByText(/只入2行，2行留待更正/).click();
  await page.getByRole("button", { name: "入库" }).click();
  await ends("部分入库");
  await sound(site, "import-partly");
  // The workbook as it came is refused with the same reasons; the mended rows go in.
  await page.getByRole("button", { name: /去掉/ }).click();
  await page.locator('input[type="file"]').first().setInputFiles(join(site.folder, "未导入.xlsx"));
  await page.getByText(/字节/).waitFor();
  await page.getByRole("button", { name: "校验" }).click();
  await ends("已校验");
  await page.getByText("没有可以入库的行").waitFor();
  await page.getByRole("button", { name: /去掉/ }).click();
  await choose("改好.csv", "编号,期间,存款日均（万元）\n1002,2026年,6000\n1004,2026年,5900\n");
  await table("人员_每年");
  await page.getByRole("button", { name: "校验" }).click();
  await page.getByText("2行都可用，入库后1行有变化").waitFor();
  await page.getByRole("button", { name: "入库" }).click();
  await ends("已入库");
});

test("the same file twice changes nothing", async () => {
  await page.getByRole("button", { name: /去掉/ }).click();
  await choose("又一次.csv", FAULTY);
  await table("人员_每年");
  await page.getByRole("button", { name: "校验" }).click();
  await page.getByText("与第2次入库的文件完全相同").waitFor();
  await page.getByText("可用的行都已经在资料库里，0行变化").waitFor();
  await sound(site, "import-twice");
});

test("a mapping is saved and chosen; a control file that disagrees keeps the table out", async () => {
  await page.getByRole("button", { name: /去掉/ }).click();
  await choose("core.csv", "no,avg\n1005,620000000\n");
  await table("人员_每年");
  await page.getByRole("button", { name: /对应关系：源系统/ }).click();
  const mapping = { tables: { 人员_每年: { columns: { no: "编号", avg: { to: "存款日均", unit: "0.01元" } }, constant: { 期间: "2026年" } } } };
  await page.getByLabel("对应关系（mapping.json）").fill(JSON.stringify(mapping, null, 2));
  await page.getByLabel("源系统", { exact: true }).fill("核心系统");
  await page.getByRole("button", { name: "存对应关系" }).click();
  await page.getByText("已存为第1版").waitFor();
  await page.getByRole("button", { name: /对账文件/ }).click();
  await page.locator('input[type="file"]').nth(1).setInputFiles({
    name: "对账.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("表,项目,数值\n人员_每年,行数,1\n人员_每年,存款日均,620.01万元\n"),
  });
  await page.getByText("对账.csv").waitFor();
  await page.waitForTimeout(300);
  await page.getByRole("button", { name: "校验" }).click();
  await page.getByText("HJ1805").waitFor();
  await sound(site, "import-control");
  await small(site, "import-control");
});

test("rows: sorted, filtered, scrolled, each with its source", async () => {
  await page.getByRole("link", { name: "资料表" }).click();
  await page.getByText("资料库，到第3次入库").waitFor();
  await sound(site, "facts-store");
  await page.getByRole("link", { name: "客户", exact: true }).click();
  await page.getByText("3000 / 3000 行").waitFor();
  await page.getByText("客户.csv 第2行").waitFor();
  await sound(site, "facts-rows");
  await small(site, "facts-rows");
  await page.getByRole("region", { name: "客户" }).evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await page.getByText("C3999").waitFor();
  await page.getByRole("button", { name: /^编号/ }).click();
  await page.getByRole("searchbox", { name: "编号、姓名或文字" }).fill("客户2999");
  await page.keyboard.press("Enter");
  await page.getByText("1 / 3000 行").waitFor();
});

test("as known then: facts and results", async () => {
  await page.goto(`${site.home}/facts?document=tutorial`);
  await page.getByRole("link", { name: "人员_每年" }).click();
  await page.getByText("核心_一季度.csv 第2行").waitFor();
  await day("按哪天所知", "2020-01-01");
  await page.getByText("正在看入库截至2020-01-01的资料").waitFor();
  await sound(site, "facts-then");
  await page.getByRole("button", { name: "回到现在" }).click();
  await page.getByText("核心_一季度.csv 第2行").waitFor();
  await page.goto(`${site.home}/runs?document=tutorial`);
  await page.getByRole("button", { name: "开始计算" }).click();
  await page.getByRole("link", { name: "看结果" }).first().click();
  await page.getByText("资料按第3次入库所知").waitFor();
  await page.locator("tr.ant-table-row .figure").first().waitFor();
  await sound(site, "results-known");
  await small(site, "results-known");
  const today = await page.getByLabel("按哪天所知").getAttribute("max");
  await day("按哪天所知", today);
  await page.getByRole("button", { name: "按当时看" }).click();
  await page.getByText(/第2次 已完成/).waitFor();
});

test("归属: who has what, the history of one customer, what nobody has", async () => {
  const changes = [
    "编号,操作,对象,自,由,给,份额,经办,复核,理由",
    "G1,认领,C1000,2026-01-01,,1001,,甲,乙,新户",
    "G2,移交,C1000,2026-02-01,1001,1002,40%,甲,乙,轮岗",
    "G3,认领,C1001,2026-01-15,,1003,,甲,乙,新户",
  ];
  writeFileSync(join(site.folder, "变动.csv"), `${changes.join("\n")}\n`);
  await page.goto(`${site.home}/import?document=tutorial`);
  await page.locator('input[type="file"]').first().setInputFiles(join(site.folder, "变动.csv"));
  await page.getByText(/字节/).waitFor();
  await table("归属变动");
  await page.getByRole("button", { name: "校验" }).click();
  await page.getByText("3行都可用").waitFor();
  await page.getByRole("button", { name: "入库" }).click();
  await ends("已入库");
  await page.getByRole("link", { name: "归属", exact: true }).click();
  await page.getByRole("button", { name: "客户0 C1000" }).first().waitFor();
  await sound(site, "ownership");
  await small(site, "ownership");
  await page.getByRole("button", { name: "客户0 C1000" }).first().click();
  await page.getByRole("heading", { name: "客户0 C1000的归属" }).waitFor();
  assert.equal(await page.getByText("60%").count(), 1);
  await page.getByText("轮岗").waitFor();
  await sound(site, "ownership-history");
  await small(site, "ownership-history");
  await page.getByRole("button", { name: "看全部" }).click();
  await page.getByRole("tab", { name: "没有人管的" }).click();
  await day("哪一天", "2026-02-28");
  await page.getByText("2026-02-28共3000个，2998个没有人管").waitFor();
  await sound(site, "ownership-nobody");
});

test("dark and English", async () => {
  await page.getByRole("button", { name: "深色" }).click();
  await page.getByRole("button", { name: "切换到英文" }).click();
  for (const [path, heading] of [
    ["facts", "Facts"],
    ["import", "Import"],
    ["ownership", "Ownership"],
  ]) {
    await page.goto(`${site.home}/${path}?document=tutorial`);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await page.locator(".ant-table-row, .ant-empty").first().waitFor();
    await sound(site, `${path}-dark-en`);
    await small(site, `${path}-dark-en`);
  }
  await page.goto(`${site.home}/facts/tutorial/${encodeURIComponent("客户")}`);
  await page.getByText("3000 / 3000 rows").or(page.getByText("3000 of 3000")).first().waitFor();
  await sound(site, "rows-dark-en");
});
