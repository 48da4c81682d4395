// The season ahead: towns on a map and a heat map by week, moved by one slider; the fan of one operation's demand.
const PALE = [227, 243, 233], MIDDLE = [246, 201, 69], DEEP = [226, 90, 80]; // from nothing to the most
const RADIUS_PX = { least: 7, more: 19 };

function blend(share) {
  const [from, to, part] = share < 0.5 ? [PALE, MIDDLE, share * 2] : [MIDDLE, DEEP, share * 2 - 1];
  return `rgb(${from.map((value, at) => Math.round(value + (to[at] - value) * part)).join(",")})`;
}
const read = (id) => { const block = document.getElementById(id); return block ? JSON.parse(block.textContent) : null; };

window.nongshi.onLoad((root) => {
  const place = root.querySelector("#ahead-map:not([data-ready])");
  if (place) { place.dataset.ready = "1"; showLayer(place, read("ahead-data")); }
  const fan = root.querySelector("#ahead-fan:not([data-ready])");
  if (fan) { fan.dataset.ready = "1"; showFan(fan, read("ahead-fan-data")); }
});

function showLayer(place, data) {
  const slider = document.getElementById("ahead-week");
  const name = document.getElementById("ahead-name");
  const said = document.getElementById("ahead-said");
  const most = Math.max(...data.p50.flat(), 1e-9);
  let week = Number(slider.value);
  const words = (town) => `${data.towns[town].name} ${data.p50[town][week]} (${data.p10[town][week]}–${data.p90[town][week]}) ${data.unit}`;

  const map = window.nongshi.createMap(place, {
    onHover(feature) { place.title = feature ? words(feature.properties.at) : ""; },
    onClick(feature) { if (feature) window.nongshi.toast(words(feature.properties.at), ""); },
  });
  const share = (p) => data.p50[p.at][week] / most;
  const style = {
    fill: (p) => blend(share(p)), stroke: "#17231d", width: 1,
    radius: (p) => RADIUS_PX.least + RADIUS_PX.more * Math.sqrt(share(p)),
    label: (p) => `${data.towns[p.at].name} ${data.p50[p.at][week]}`,
  };
  map.addLayer("towns", { style });
  map.setData("towns", {
    type: "FeatureCollection",
    features: data.towns.map((town, at) => ({
      type: "Feature", id: at, geometry: { type: "Point", coordinates: [town.lon, town.lat] }, properties: { at },
    })),
  });
  map.fit("towns", { padding: [60, 100, 60, 60], maxZoom: 12 }); // on the right stand the buttons
  const heat = window.nongshi.createChart(document.getElementById("ahead-heat"), heatOption(data, week), {
    label: document.getElementById("ahead-heat").getAttribute("aria-label"),
  });
  heat.on("click", (hit) => { if (hit.value) { slider.value = hit.value[0]; show(); } });

  function show() {
    week = Number(slider.value);
    name.textContent = data.names[week];
    slider.setAttribute("aria-valuetext", data.names[week]);
    said.textContent = data.towns.map((_, town) => town).filter((town) => data.p90[town][week] > 0)
      .sort((a, b) => data.p50[b][week] - data.p50[a][week]).slice(0, 5).map(words).join(" · ");
    map.restyle("towns", style);
    heat.echart.setOption({ series: [{ id: "cells", data: cells(data, week) }] });
  }
  slider.addEventListener("input", show);
  show();
}

// Cells of one week are framed: the same week that the map shows.
function cells(data, week) {
  const frame = { borderColor: "#17231d", borderWidth: 2 };
  return data.p50.flatMap((row, town) => row.map((value, at) => ({ value: [at, town, value], ...(at === week ? { itemStyle: frame } : {}) })));
}

function heatOption(data, week) {
  const few = data.weeks.length * data.towns.length <= 80;
  const most = Math.max(...data.p50.flat(), 0) || 1;
  return {
    grid: { left: 8, right: 12, top: 12, bottom: 52, containLabel: true },
    xAxis: { type: "category", data: data.weeks },
    yAxis: { type: "category", data: data.towns.map((town) => town.name), inverse: true },
    visualMap: { min: 0, max: most, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 12, text: [`${most} ${data.unit}`, "0"], inRange: { color: [blend(0), blend(0.5), blend(1)] } },
    tooltip: {
      formatter: ({ value }) => `${data.towns[value[1]].name} · ${data.names[value[0]]}<br>${value[2]} (${data.p10[value[1]][value[0]]}–${data.p90[value[1]][value[0]]}) ${data.unit}`,
    },
    series: [
      { id: "cells", type: "heatmap", data: cells(data, week), label: { show: few, color: "#17231d", fontWeight: 600, formatter: ({ value }) => (value[2] > 0 ? value[2] : "") }, itemStyle: { borderColor: "#fff", borderWidth: 1 } },
    ],
  };
}

function showFan(element, fan) {
  const words = window.nongshi.text;
  const band = fan.p90.map((high, at) => Math.round((high - fan.p10[at]) * 10) / 10);
  const plain = { type: "line", symbol: "none", silent: true };
  window.nongshi.createChart(element, {
    legend: { data: [words("middle"), words("range")] },
    xAxis: { type: "category", data: fan.weeks, boundaryGap: false },
    yAxis: { type: "value", name: fan.unit },
    tooltip: { trigger: "axis", formatter: (rows) => { const at = rows[0].dataIndex; return `${fan.weeks[at]}<br>${words("middle")} ${fan.p50[at]} ${fan.unit}<br>${words("range")} ${fan.p10[at]}–${fan.p90[at]}`; } },
    series: [
      { ...plain, name: "p10", stack: "fan", data: fan.p10, lineStyle: { opacity: 0 } },
      { ...plain, name: words("range"), stack: "fan", data: band, lineStyle: { opacity: 0 }, color: "#9ec5ae", areaStyle: { color: "#2b8a57", opacity: 0.22 } },
      { type: "line", name: words("middle"), data: fan.p50, showSymbol: false, color: "#2b8a57", lineStyle: { width: 3 } },
    ],
  }, { label: element.getAttribute("aria-label") });
}
