// What a person likes, remembered on this device: unit of amounts, dark or light.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Scale } from "./amount";

interface Settings {
  scale: Scale;
  dark: boolean;
  setScale: (scale: Scale) => void;
  setDark: (dark: boolean) => void;
}

const Context = createContext<Settings | undefined>(undefined);

const SCALE = "hengjie.scale";
const DARK = "hengjie.dark";

function keptScale(): Scale {
  const kept = localStorage.getItem(SCALE);
  return kept === "wan" || kept === "yi" ? kept : "yuan";
}

function keptDark(): boolean {
  const kept = localStorage.getItem(DARK);
  return kept === null ? matchMedia("(prefers-color-scheme: dark)").matches : kept === "1";
}

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [scale, setScale] = useState(keptScale);
  const [dark, setDark] = useState(keptDark);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
  const settings = useMemo(
    () => ({
      scale,
      dark,
      setScale: (wanted: Scale) => {
        localStorage.setItem(SCALE, wanted);
        setScale(wanted);
      },
      setDark: (wanted: boolean) => {
        localStorage.setItem(DARK, wanted ? "1" : "0");
        setDark(wanted);
      },
    }),
    [scale, dark],
  );
  return <Context value={settings}>{children}</Context>;
}

export function useSettings(): Settings {
  const settings = useContext(Context);
  if (!settings) throw new Error("settings stand outside their provider");
  return settings;
}

/** Is the window as narrow as a phone? */
export function useNarrow(): boolean {
  const query = useMemo(() => matchMedia("(max-width: 767px)"), []);
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const changed = () => setNarrow(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, [query]);
  return narrow;
}
