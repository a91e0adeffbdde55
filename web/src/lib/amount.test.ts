import { expect, test } from "vitest";
import { amount, isNegative, plain } from "./amount";

test("amounts keep every digit that a JavaScript number would lose", () => {
  expect(amount("12345678901234567.89", "yuan")).toBe("12,345,678,901,234,567.89");
  expect(amount("12345678901234567.89", "wan")).toBe("1,234,567,890,123.46");
  expect(amount("19990000", "wan")).toBe("1,999.00");
  expect(amount("850000000", "yi")).toBe("8.5000");
  expect(amount("50", "wan")).toBe("0.01");
  expect(amount("49", "wan")).toBe("0.00");
  expect(amount("-49", "wan")).toBe("0.00");
  expect(amount("-200", "yuan")).toBe("\u2212200.00");
  expect(amount("x", "yuan")).toBe("x");
});

test("numbers keep their decimals", () => {
  expect(plain("1234567.50")).toBe("1,234,567.50");
  expect(plain("-0.5")).toBe("\u22120.5");
});

test("zero is not negative", () => {
  expect([isNegative("-0.00"), isNegative("-0.01"), isNegative("1")]).toEqual([false, true, false]);
});
