// The farmer's page works without this: here a map opens on which an own field can be tapped.
const box = document.querySelector("[data-field-map]");

function fetchOnce(tag, source) {
  return new Promise((done, failed) => {
    const made = document.createElement(tag);
    if (tag === "script") made.src = source;
    else { made.rel = "stylesheet"; made.href = source; }
    made.onload = done;
    made.onerror = failed;
    document.head.append(made);
  });
}

async function openMap() {
  const { nongshi } = window;
  if (!nongshi.createMap) await Promise.all([fetchOnce("link", box.dataset.style), fetchOnce("script", box.dataset.script)]);
  const chosen = () => Number(document.querySelector("input[name=field]:checked")?.value);
  const map = nongshi.createMap(box.querySelector(".map"), {
    onClick: (feature) => {
      const input = feature && document.querySelector(`input[name=field][value="${feature.id}"]`);
      if (!input) return;
      input.checked = true;
      input.closest("details")?.setAttribute("open", "");
      input.dispatchEvent(new Event("change", { bubbles: true }));
      map.select("fields", [feature.id]);
    },
  });
  map.addLayer("fields", { style: { fill: "#1f6b4966", stroke: "#123f2d", width: 2, radius: 8, label: (one) => one.name } });
  await map.load("fields", box.dataset.fieldMap);
  map.fit(["fields"], { padding: 30, maxZoom: 17 });
  if (chosen()) map.select("fields", [chosen()]);
}

box?.addEventListener("toggle", () => {
  if (box.open && !box.dataset.made) {
    box.dataset.made = "1";
    openMap().catch(() => window.nongshi.toast(window.nongshi.text("failed", { status: "-" }), "bad"));
  }
});

// a field that is missing: the phone says where it is
const here = document.getElementById("here");
here?.addEventListener("click", () => {
  const told = (key) => { document.getElementById("pinned").textContent = window.nongshi.text(key); };
  if (!navigator.geolocation) { told("pin_no"); return; }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    document.querySelector("input[name=lon]").value = coords.longitude.toFixed(6);
    document.querySelector("input[name=lat]").value = coords.latitude.toFixed(6);
    told("pin_ok");
  }, () => told("pin_no"), { enableHighAccuracy: true, timeout: 15000 });
});
