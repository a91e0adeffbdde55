// A bar chart of a distribution. ECharts gets numbers for geometry only; every label is the server's text.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { COLOURS } from "../theme";

use([BarChart, GridComponent, AriaComponent, SVGRenderer]);

export default function Bars({ labels, counts, title, dark }: { labels: string[]; counts: number[]; title: string; dark: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const colours = dark ? COLOURS.dark : COLOURS.light;
    const chart = init(place.current, undefined, { renderer: "svg" });
    chart.setOption({
      animation: false,
      aria: { enabled: true, label: { description: title } },
      grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: labels, axisLabel: { color: colours.neutral, hideOverlap: true } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: colours.neutral } },
      series: [{ type: "bar", data: counts, color: colours.primary, label: { show: true, position: "top", color: colours.neutral } }],
    });
    const resize = () => chart.resize();
    addEventListener("resize", resize);
    return () => {
      removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [labels, counts, title, dark]);
  return <div className="chart" ref={place} role="img" aria-label={title} />;
}
