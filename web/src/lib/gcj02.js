// WGS 84 to the shifted coordinates of Chinese map tiles and back. Only tiles are drawn by them; data stays WGS 84.
// The published formula (krasovsky axis, square of eccentricity); inside China's box only.
const AXIS = 6378245.0;
const E2 = 0.00669342162296594323;
const RAD = Math.PI / 180;
const STEPS = 6; // fixed-point steps back: the error falls below a millimetre

export const inChina = ([lon, lat]) => lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271;

export function toGcj02(point) {
  if (!inChina(point)) return [...point];
  const [lon, lat] = point;
  const x = lon - 105;
  const y = lat - 35;
  const waves = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2 / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves
    + (20 * Math.sin(y * Math.PI) + 40 * Math.sin(y / 3 * Math.PI)) * 2 / 3
    + (160 * Math.sin(y / 12 * Math.PI) + 320 * Math.sin(y * Math.PI / 30)) * 2 / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves
    + (20 * Math.sin(x * Math.PI) + 40 * Math.sin(x / 3 * Math.PI)) * 2 / 3
    + (150 * Math.sin(x / 12 * Math.PI) + 300 * Math.sin(x / 30 * Math.PI)) * 2 / 3;
  const magic = 1 - E2 * Math.sin(lat * RAD) ** 2;
  const root = Math.sqrt(magic);
  return [
    lon + east / (AXIS / root * Math.cos(lat * RAD) * RAD),
    lat + north / (AXIS * (1 - E2) / (magic * root) * RAD),
  ];
}

export function fromGcj02(point) {
  let [lon, lat] = point;
  for (let step = 0; step < STEPS; step += 1) {
    const shifted = toGcj02([lon, lat]);
    lon += point[0] - shifted[0];
    lat += point[1] - shifted[1];
  }
  return [lon, lat];
}
