import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";
import { zh } from "./zh";

export type Language = "zh" | "en";

const KEPT = "hengjie.language";

const kept = localStorage.getItem(KEPT);

void i18next.use(initReactI18next).init({
  lng: kept === "en" ? "en" : "zh",
  fallbackLng: false,
  resources: { zh: { translation: zh }, en: { translation: en } },
  keySeparator: false,
  nsSeparator: false,
  // React escapes.
  interpolation: { escapeValue: false },
});

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof zh };
    keySeparator: false;
    nsSeparator: false;
  }
}

export function language(): Language {
  return i18next.language === "en" ? "en" : "zh";
}

export function speak(wanted: Language): void {
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted === "en" ? "en" : "zh-CN";
  void i18next.changeLanguage(wanted);
}
