// A map of named layers of GeoJSON (WGS 84) on plain ground, or on the tiles that the settings name.
import OlMap from "ol/Map.js";
import View from "ol/View.js";
import GeoJSON from "ol/format/GeoJSON.js";
import Feature from "ol/Feature.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import XYZ from "ol/source/XYZ.js";
import Draw from "ol/interaction/Draw.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import DragBox from "ol/interaction/DragBox.js";
import { defaults as interactions } from "ol/interaction/defaults.js";
import { defaults as controls } from "ol/control/defaults.js";
import ScaleLine from "ol/control/ScaleLine.js";
import { shiftKeyOnly } from "ol/events/condition.js";
import { createEmpty, extend, isEmpty } from "ol/extent.js";
import { get as getProjection, transform, transformExtent } from "ol/proj.js";
import { makeStyle } from "./map-style.js";
import { shiftedProjection } from "./map-projection.js";

const CHINA = [73, 18, 135, 54];
const ZOOM_MAX = 19;

/** See docs/site.md for options and what comes back. */
export function createMap(element, { tiles = settingsTiles(), extent = CHINA, onClick, onHover, onBox, interactive = true } = {}) {
  const projection = tiles?.crs === "gcj02" ? shiftedProjection() : getProjection("EPSG:3857");
  const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: projection });
  const layers = new Map();
  const heard = [];
  element.classList.add("map");
  if (interactive && !element.hasAttribute("tabindex")) element.tabIndex = 0; // arrow keys and + - move it
  if (!element.getAttribute("role")) element.setAttribute("role", "application");
  const map = new OlMap({
    target: element,
    layers: tiles ? [tileLayer(tiles, projection)] : [],
    view: new View({ projection, maxZoom: ZOOM_MAX, constrainRotation: true, enableRotation: false }),
    controls: controls({ attribution: Boolean(tiles?.credit), rotate: false, zoom: interactive, zoomOptions: zoomWords() }).extend([new ScaleLine()]),
    interactions: interactive ? interactions({ altShiftDragRotate: false, pinchRotate: false, shiftDragZoom: !onBox }) : [],
  });
  map.getView().fit(transformExtent(extent, "EPSG:4326", projection), { size: map.getSize() });

  const toView = (lonlat) => transform(lonlat, "EPSG:4326", projection);
  const toLonLat = (xy) => transform(xy, projection, "EPSG:4326");
  const geometryOf = (feature) => format.writeGeometryObject(feature.getGeometry(), { decimals: 7 });

  function layer(name, { style = {}, zIndex = layers.size, visible = true, minZoom } = {}) {
    let found = layers.get(name);
    if (!found) {
      found = { source: new VectorSource(), selected: new Set() };
      found.layer = new VectorLayer({ source: found.source, zIndex, visible, minZoom, declutter: true, updateWhileInteracting: false });
      layers.set(name, found);
      map.addLayer(found.layer);
    }
    found.layer.setStyle(makeStyle(style, found.selected, () => map.getView().getResolution()));
    return found;
  }
  const at = (name) => layers.get(name) || layer(name);

  function setData(name, geojson) {
    const { source } = at(name);
    source.clear(true);
    const features = format.readFeatures(geojson);
    for (const feature of features) feature.set("layer", name, true);
    source.addFeatures(features);
    return features.length;
  }

  async function load(name, url) {
    const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
    return setData(name, await answer.json());
  }

  function fit(names, { padding = 36, maxZoom = 17 } = {}) {
    const all = createEmpty();
    for (const name of [].concat(names || [...layers.keys()])) {
      if (Array.isArray(name)) extend(all, transformExtent(name, "EPSG:4326", projection));
      else extend(all, at(name).source.getExtent() || createEmpty());
    }
    if (!isEmpty(all)) map.getView().fit(all, { padding: [].concat(padding, padding, padding, padding).slice(0, 4), maxZoom });
  }

  function featureAt(pixel) {
    let found = null;
    map.forEachFeatureAtPixel(pixel, (feature) => { if (feature.get("layer")) { found = feature; return true; } return false; }, { hitTolerance: 6 });
    return found;
  }
  const told = (feature) => feature && { id: feature.getId(), layer: feature.get("layer"), properties: bare(feature), geometry: () => geometryOf(feature) };

  if (onClick) heard.push(map.on("singleclick", (event) => onClick(told(featureAt(event.pixel)), toLonLat(event.coordinate), event.originalEvent)));
  if (onHover) {
    heard.push(map.on("pointermove", (event) => {
      if (event.dragging) return;
      const feature = featureAt(event.pixel);
      map.getTargetElement().style.cursor = feature ? "pointer" : "";
      onHover(told(feature), event.pixel);
    }));
  }
  if (onBox) { // shift and drag: everything touched by the box
    const box = new DragBox({ condition: shiftKeyOnly });
    box.on("boxend", () => {
      const found = [];
      for (const { source } of layers.values()) source.forEachFeatureIntersectingExtent(box.getGeometry().getExtent(), (feature) => { found.push(told(feature)); });
      onBox(found);
    });
    map.addInteraction(box);
  }

  function select(name, ids) {
    const found = at(name);
    found.selected.clear();
    for (const id of [].concat(ids ?? [])) found.selected.add(String(id));
    found.layer.changed();
  }

  function draw({ kind = "Polygon", snap = [], onEnd, onDrawing }) {
    const source = new VectorSource();
    const drawing = new Draw({ source, type: kind });
    const parts = [drawing, ...snap.map((name) => new Snap({ source: at(name).source }))];
    if (onDrawing) drawing.on("drawstart", (event) => event.feature.getGeometry().on("change", () => onDrawing(geometryOf(event.feature))));
    drawing.on("drawend", (event) => { stop(); onEnd(geometryOf(event.feature)); });
    for (const part of parts) map.addInteraction(part);
    const keys = (event) => { if (event.key === "Escape") stop(); if (event.key === "Backspace") drawing.removeLastPoint(); };
    document.addEventListener("keydown", keys);
    function stop() {
      document.removeEventListener("keydown", keys);
      for (const part of parts) map.removeInteraction(part);
    }
    return { stop, back: () => drawing.removeLastPoint(), finish: () => drawing.finishDrawing() };
  }

  function modify(name, { snap = [name], onEnd }) {
    const parts = [new Modify({ source: at(name).source }), ...snap.map((other) => new Snap({ source: at(other).source }))];
    parts[0].on("modifyend", (event) => event.features.forEach((feature) => onEnd(told(feature), geometryOf(feature))));
    for (const part of parts) map.addInteraction(part);
    return { stop: () => { for (const part of parts) map.removeInteraction(part); } };
  }

  const resized = new ResizeObserver(() => map.updateSize());
  resized.observe(element);
  return {
    ol: map,
    addLayer: (name, options) => { layer(name, options); },
    setData, load, fit, select, draw, modify,
    restyle: (name, style) => (style ? layer(name, { style }) : at(name).layer.changed()),
    show: (name, visible) => at(name).layer.setVisible(visible),
    update(name, id, properties) { at(name).source.getFeatureById(id)?.setProperties(properties); },
    move(name, id, lonlat, properties = {}) { // a machine under way: put it there, made if it was not
      const { source } = at(name);
      let feature = source.getFeatureById(id);
      if (!feature) {
        feature = format.readFeature({ type: "Feature", id, properties: {}, geometry: { type: "Point", coordinates: lonlat } });
        feature.set("layer", name, true);
        source.addFeature(feature);
      }
      feature.getGeometry().setCoordinates(toView(lonlat));
      feature.setProperties(properties);
    },
    remove(name, id) { const { source } = at(name); const gone = source.getFeatureById(id); if (gone instanceof Feature) source.removeFeature(gone); },
    center: (lonlat, zoom) => { map.getView().setCenter(toView(lonlat)); if (zoom) map.getView().setZoom(zoom); },
    count: (name) => at(name).source.getFeatures().length,
    destroy() { resized.disconnect(); heard.length = 0; map.setTarget(undefined); },
  };
}

function bare(feature) {
  const { geometry, layer, ...rest } = feature.getProperties(); // eslint-disable-line no-unused-vars
  return rest;
}

function settingsTiles() {
  const said = document.querySelector("meta[name=tiles]");
  return said ? { url: said.content, crs: said.dataset.crs, credit: said.dataset.credit } : null;
}

function tileLayer(tiles, projection) {
  const source = new XYZ({ url: tiles.url, projection, maxZoom: ZOOM_MAX, attributions: tiles.credit || undefined, attributionsCollapsible: false });
  return new TileLayer({ source, zIndex: -1 });
}

function zoomWords() {
  const english = document.documentElement.lang.startsWith("en");
  return english ? { zoomInTipLabel: "Zoom in", zoomOutTipLabel: "Zoom out" } : { zoomInTipLabel: "放大", zoomOutTipLabel: "缩小" };
}
