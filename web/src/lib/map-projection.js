// Web Mercator over shifted coordinates: with gcj02 tiles the whole view is drawn shifted, so nothing has to be resampled.
import Projection from "ol/proj/Projection.js";
import { addCoordinateTransforms, addProjection, fromLonLat, get, toLonLat } from "ol/proj.js";
import { fromGcj02, toGcj02 } from "./gcj02.js";

const CODE = "GCJ02:3857";

export function shiftedProjection() {
  const known = get(CODE);
  if (known) return known;
  const mercator = get("EPSG:3857");
  const made = new Projection({ code: CODE, units: "m", extent: mercator.getExtent(), worldExtent: mercator.getWorldExtent(), global: true });
  addProjection(made);
  const shift = (lonlat) => fromLonLat(toGcj02(lonlat));
  const back = (xy) => fromGcj02(toLonLat(xy));
  addCoordinateTransforms("EPSG:4326", made, shift, back);
  addCoordinateTransforms("EPSG:3857", made, (xy) => shift(toLonLat(xy)), (xy) => fromLonLat(back(xy)));
  return made;
}
