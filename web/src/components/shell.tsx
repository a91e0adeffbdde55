// Header, menu and the place of the page.
import { AuditOutlined, DatabaseOutlined, HomeOutlined, MoonOutlined, PlayCircleOutlined, SunOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Button, Layout, Menu, Segmented, theme } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, queries } from "../api/client";
import { language, speak } from "../i18n";
import type { Scale } from "../lib/amount";
import { useNarrow, useSettings } from "../lib/settings";
import { Failure, Loading } from "./states";

const MENU = [
  { to: "/", key: "menu.home", icon: <HomeOutlined /> },
  { to: "/runs", key: "menu.runs", icon: <PlayCircleOutlined /> },
  { to: "/facts", key: "menu.facts", icon: <DatabaseOutlined /> },
  { to: "/log", key: "menu.log", icon: <AuditOutlined /> },
] as const;

export function Shell() {
  const { t, i18n } = useTranslation();
  const narrow = useNarrow();
  const { token } = theme.useToken();
  const session = useQuery({ queryKey: ["session"], queryFn: () => answer(api.GET("/api/session")) });
  useEffect(() => {
    document.title = t("app.name");
    document.documentElement.lang = language() === "en" ? "en" : "zh-CN";
    document.body.style.background = token.colorBgContainer;
    document.documentElement.style.setProperty("--ground", token.colorBgContainer);
    // Texts of the server come in the language that was asked for.
    void queries.invalidateQueries();
  }, [i18n.language, token.colorBgContainer, t]);
  return (
    <Layout className="shell" style={{ background: token.colorBgContainer }}>
      <a className="skip" href="#page">
        {t("app.skip")}
      </a>
      <Top name={session.data?.name} narrow={narrow} />
      <Layout style={{ background: "transparent" }}>
        {!narrow && <Side />}
        <Layout.Content>
          <main className="page" id="page">
            {session.isPending ? (
              <Loading />
            ) : session.error ? (
              <Failure error={session.error} retry={() => void session.refetch()} />
            ) : (
              <Outlet />
            )}
          </main>
        </Layout.Content>
      </Layout>
      {narrow && <Tabs />}
    </Layout>
  );
}

function Top({ name, narrow }: { name: string | undefined; narrow: boolean }) {
  const { t } = useTranslation();
  const { scale, setScale, dark, setDark } = useSettings();
  const scales: { label: string; value: Scale }[] = [
    { label: t("unit.yuan"), value: "yuan" },
    { label: t("unit.wan"), value: "wan" },
    { label: t("unit.yi"), value: "yi" },
  ];
  const theme = dark ? t("dark.off") : t("dark.on");
  return (
    <Layout.Header className="top">
      <Link to="/" className="brand">
        {t("app.name")}
      </Link>
      <div className="top-tools">
        <Segmented size="small" aria-label={t("unit.switch")} options={scales} value={scale} onChange={setScale} />
        <Button
          size="small"
          type="text"
          onClick={() => speak(language() === "en" ? "zh" : "en")}
          aria-label={`${language() === "en" ? "\u4e2d" : "EN"} ${t("language.switch")}`}
        >
          {language() === "en" ? "\u4e2d" : "EN"}
        </Button>
        <Button
          size="small"
          type="text"
          icon={dark ? <SunOutlined /> : <MoonOutlined />}
          aria-label={theme}
          onClick={() => setDark(!dark)}
        />
        {!narrow && <span>{name}</span>}
      </div>
    </Layout.Header>
  );
}

function usePlace(): string {
  const path = useRouterState({ select: (state) => state.location.pathname });
  // The three pages about facts are one item.
  if (["/import", "/ownership"].includes(path)) return "/facts";
  const found = MENU.filter(({ to }) => to !== "/" && path.startsWith(to))[0];
  return found?.to ?? "/";
}

function Side() {
  const { t } = useTranslation();
  const place = usePlace();
  const items = MENU.map(({ to, key, icon }) => ({ key: to, icon, label: <Link to={to}>{t(key)}</Link> }));
  return (
    <Layout.Sider width={168} className="side" breakpoint="lg" collapsedWidth={56}>
      <nav aria-label={t("menu.main")}>
        <Menu selectedKeys={[place]} items={items} style={{ border: 0, background: "transparent" }} />
      </nav>
    </Layout.Sider>
  );
}

function Tabs() {
  const { t } = useTranslation();
  const place = usePlace();
  return (
    <nav className="tabs" aria-label={t("menu.main")}>
      {MENU.map(({ to, key, icon }) => (
        <Link key={to} to={to} aria-current={place === to ? "page" : undefined}>
          {icon}
          {t(key)}
        </Link>
      ))}
    </nav>
  );
}
