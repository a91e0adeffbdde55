import { theme, type ThemeConfig } from "antd";

/** Colours with their contrasts are fixed in one place; status never stands by colour alone. */
export const COLOURS = {
  light: { primary: "#1557A6", success: "#1B7F4B", warning: "#8A5200", error: "#C62828", human: "#6A3FA0", neutral: "#5B6673" },
  dark: { primary: "#6FB1FF", success: "#5CCB93", warning: "#F0B549", error: "#FF8A80", human: "#C3A6F0", neutral: "#A9B4C0" },
} as const;

/** Behind words of those colours: what the algorithm makes of dark seeds is too dark to read on. */
const GROUNDS = {
  light: {
    colorPrimaryBg: "#e9f1fb",
    colorInfoBg: "#e9f1fb",
    colorInfoBorder: "#a9c8ec",
    colorSuccessBg: "#e8f6ee",
    colorSuccessBorder: "#a5d8bb",
    colorWarningBg: "#fdf3e0",
    colorWarningBorder: "#e9cd9b",
    colorErrorBg: "#fdecea",
    colorErrorBorder: "#f1b5b0",
  },
  dark: {
    colorPrimaryBg: "#14263b",
    colorInfoBg: "#14263b",
    colorInfoBorder: "#2f5580",
    colorSuccessBg: "#12291c",
    colorSuccessBorder: "#2c5f43",
    colorWarningBg: "#2d2412",
    colorWarningBorder: "#6b5426",
    colorErrorBg: "#331917",
    colorErrorBorder: "#7d3d38",
  },
} as const;

export function themeOf(dark: boolean): ThemeConfig {
  const colours = dark ? COLOURS.dark : COLOURS.light;
  const grounds = dark ? GROUNDS.dark : GROUNDS.light;
  return {
    algorithm: [dark ? theme.darkAlgorithm : theme.defaultAlgorithm, theme.compactAlgorithm],
    token: {
      colorPrimary: colours.primary,
      colorLink: colours.primary,
      colorSuccess: colours.success,
      colorWarning: colours.warning,
      colorError: colours.error,
      colorInfo: colours.primary,
      // On the darker blue of the light theme white is readable; on the light blue of the dark theme black is.
      colorTextLightSolid: dark ? "#10151c" : "#ffffff",
      colorTextSecondary: colours.neutral,
      colorTextTertiary: colours.neutral,
      colorTextDescription: colours.neutral,
      colorTextPlaceholder: colours.neutral,
      ...grounds,
      fontSize: 14,
      fontSizeSM: 12,
      borderRadius: 4,
      motion: false,
      fontFamily:
        'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
    },
    components: {
      Layout: { headerHeight: 48, headerPadding: "0 16px", siderBg: "transparent", headerBg: "transparent" },
      Table: { cellPaddingBlockSM: 7 },
    },
  };
}
