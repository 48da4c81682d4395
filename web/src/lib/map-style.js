// Styles in plain words: {fill, stroke, width, dash, radius, label, z} as values or as functions of a feature's properties.
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";

const FONT = '12px "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const SMALL_PX = 5; // a field smaller than this is drawn as a dot, so that it is seen at all
const SELECTED = "#111";
const kept = new Map(); // styles by what they look like: 20,000 fields share a handful

export function makeStyle(words, selected, resolution) {
  if (typeof words === "function") {
    return (feature) => drawn({ ...defaults, ...words(feature.getProperties(), feature.getId()) }, feature, selected, resolution());
  }
  return (feature) => {
    const said = { ...defaults };
    const properties = feature.getProperties();
    for (const [key, value] of Object.entries(words)) said[key] = typeof value === "function" ? value(properties, feature.getId()) : value;
    return drawn(said, feature, selected, resolution());
  };
}

const defaults = { fill: "#2b8a57cc", stroke: "#fff", width: 1, dash: null, radius: 6, label: "", z: 0 };

function drawn(said, feature, selected, resolution) {
  const on = selected.has(String(feature.getId()));
  const geometry = feature.getGeometry();
  const type = geometry.getType();
  const extent = geometry.getExtent();
  const small = type.endsWith("Polygon") && Math.max(extent[2] - extent[0], extent[3] - extent[1]) / resolution < SMALL_PX;
  const key = [said.fill, said.stroke, said.width, said.dash, said.radius, said.label, said.z, on, type, small].join("|");
  let style = kept.get(key);
  if (!style) {
    const stroke = new Stroke({ color: on ? SELECTED : small ? said.fill : said.stroke, width: on ? Math.max(3, said.width + 2) : small ? 5 : said.width, lineDash: said.dash || undefined });
    const fill = new Fill({ color: said.fill });
    style = new Style({
      fill: type.endsWith("LineString") ? undefined : fill,
      stroke,
      image: type.endsWith("Point") ? new CircleStyle({ radius: said.radius, fill, stroke, declutterMode: "none" }) : undefined,
      text: said.label ? new Text({ text: String(said.label), font: FONT, fill: new Fill({ color: "#22301f" }), stroke: new Stroke({ color: "#fffffff0", width: 3 }), offsetY: type.endsWith("Point") ? -said.radius - 8 : 0, overflow: false }) : undefined,
      zIndex: on ? 1000 : said.z,
    });
    if (kept.size > 5000) kept.clear();
    kept.set(key, style);
  }
  return style;
}
