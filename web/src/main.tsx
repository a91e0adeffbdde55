import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { queries } from "./api/client";
import "./app.css";
import "./i18n";
import { SettingsProvider, useSettings } from "./lib/settings";
import { lendNonce, nonce } from "./lib/nonce";
import { usePrinting } from "./lib/printing";
import { router } from "./router";
import { themeOf } from "./theme";

function Console() {
  const { i18n } = useTranslation();
  const { dark } = useSettings();
  const printing = usePrinting();
  return (
    <ConfigProvider
      csp={{ nonce }}
      locale={i18n.language === "en" ? enUS : zhCN}
      theme={themeOf(dark && !printing)}
      button={{ autoInsertSpace: false }}
    >
      <App>
        <RouterProvider router={router} />
      </App>
    </ConfigProvider>
  );
}

lendNonce();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <SettingsProvider>
          <Console />
        </SettingsProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
