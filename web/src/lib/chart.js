// ECharts with what we draw by it: bar, line, heat map, custom. Values are plan-local words ("11-28 07:30"), never Dates:
// the browser's time zone is not the field's.
import * as core from "echarts/core";
import { BarChart, CustomChart, HeatmapChart, LineChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

core.use([BarChart, CustomChart, HeatmapChart, LineChart, AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const COLOURS = ["#2b8a57", "#2463c9", "#b26a00", "#7a4fb0", "#c42f2f", "#0d7f8c", "#6b7670"];
const FONT = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const HEIGHT = "280px";

export function createChart(element, option, { label } = {}) {
  if (!element.style.height && element.clientHeight < 40) element.style.height = HEIGHT;
  element.setAttribute("role", "img");
  if (label) element.setAttribute("aria-label", label);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const chart = core.init(element, null, { renderer: "canvas" });
  const set = (said) => chart.setOption({
    color: COLOURS,
    textStyle: { fontFamily: FONT, color: "#17231d" },
    animation: !calm,
    aria: { enabled: true, label: label ? { description: label } : {}, decal: { show: false } },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    tooltip: { confine: true, appendTo: element },
    ...said,
    ...(said.legend ? { legend: { top: 0, ...said.legend } } : {}),
  });
  set(option);
  const resized = new ResizeObserver(() => chart.resize());
  resized.observe(element);
  return { echart: chart, set, on: (name, hook) => chart.on(name, hook), destroy() { resized.disconnect(); chart.dispose(); } };
}
