import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const HAN = /\p{Script=Han}/u;

/** Chinese that English texts quote: what people type into a regulation. */
const QUOTED = ["500万元", "85分", "是", "2025年1季", "2025年"];

test("both languages have the same keys and the same gaps to fill", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  const gaps = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
  for (const [key, text] of Object.entries(zh)) {
    expect(gaps(en[key as keyof typeof zh]), key).toEqual(gaps(text));
  }
});

test("English texts are English", () => {
  for (const [key, text] of Object.entries(en)) {
    const bare = QUOTED.reduce((rest, quoted) => rest.split(quoted).join(""), text);
    expect(HAN.test(bare), `${key}: ${text}`).toBe(false);
  }
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

test("no text for people stands outside the tables", () => {
  const files = sources("src").filter((file) => /\.tsx?$/.test(file) && !/i18n|schema\.d\.ts|\.test\.ts$/.test(file));
  for (const file of files) {
    const lines = readFileSync(file, "utf8").split("\n");
    const spoken = lines.filter((line) => HAN.test(line.replace(/\/\/.*$|\/\*.*\*\/|^\s*\*.*$/, "")));
    expect(spoken, file).toEqual([]);
  }
});

test("every text is used", () => {
  const code = sources("src").filter((file) => /\.tsx?$/.test(file) && !/i18n/.test(file));
  const all = code.map((file) => readFileSync(file, "utf8")).join("\n");
  const dynamic = ["run.", "cell.", "unit.", "imported."];
  const idle = Object.keys(zh).filter(
    (key) => !all.includes(`"${key}"`) && !dynamic.some((prefix) => key.startsWith(prefix)),
  );
  expect(idle).toEqual([]);
});
