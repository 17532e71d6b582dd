// The map of reports: units from the table below it, places from the server as the map moves.
import { ask } from "./asking.js";
import { addLayers, EMPTY, layers, repaint, showView } from "./layers.js";
import { watchSelecting } from "./select.js";
import { link, telling } from "./telling.js";

const WAIT_MS = 200;

export async function drawReports({ map, section, say }) {
  const told = telling(section);
  const spread = () => document.getElementById("spread");
  const points = (features) => ({ type: "FeatureCollection", features });
  map.addSource("boundaries", { type: "geojson", data: EMPTY });
  map.addSource("units", { type: "geojson", data: EMPTY });
  map.addSource("points", { type: "geojson", data: EMPTY });
  map.addSource("grouped", {
    type: "geojson", data: EMPTY, cluster: true, clusterRadius: 45, clusterMaxZoom: 16,
    clusterProperties: { n: ["+", ["get", "n"]] },
  });
  map.addSource("chosen", { type: "geojson", data: EMPTY });
  addLayers(map);
  map.on("recolour", () => repaint(map, layers()));

  const known = await ask(section.dataset.units) ?? { units: [], boundaries: [] };
  if (!known.units.length) told.say(say("lost"));
  seeAll(map, section, known.boundaries);
  const middles = new Map(known.units.map((unit) => [unit.place, unit]));
  let asked = 0;
  let got = null; // what the last answer was of: the filters, the part of the map, all of it or not

  function drawUnits() {
    const rows = [...document.querySelectorAll("#spread tr[data-place]")];
    const counts = new Map(rows.map((row) => [row.dataset.place, Number(row.dataset.count)]));
    const most = Math.max(1, ...counts.values());
    const areas = new Set(known.boundaries.map((each) => each.properties.place));
    const told = (unit) => {
      const n = counts.get(unit.place) ?? 0;
      return { place: unit.place, name: unit.name, lowest: unit.lowest, n, share: n / most };
    };
    map.getSource("units").setData(points(known.units.map((unit) => point(
      [unit.longitude, unit.latitude], { ...told(unit), area: areas.has(unit.place) },
    ))));
    // Of former units only those that nothing took the place of: the province's own line.
    const today = known.boundaries.filter((each) => middles.has(each.properties.place));
    map.getSource("boundaries").setData(points(today.map((each) => {
      const unit = middles.get(each.properties.place);
      return { ...each, properties: unit.lowest ? told(unit) : {} };
    })));
  }

  async function drawPlaces() {
    const query = spread().dataset.query;
    if (got?.query === query && got.whole && inside(map.getBounds(), got)) return;
    const box = wider(map.getBounds());
    const mine = ++asked;
    const corners = `${box.south},${box.west}~${box.north},${box.east}`;
    const found = await ask(`${section.dataset.data}?${query}&box=${encodeURIComponent(corners)}`);
    if (mine !== asked) return;
    if (!found) return told.say(say("lost"));
    got = { query, ...box, whole: !found.cells.length };
    const features = [
      ...found.pins.map(([latitude, longitude, reference, status, urgent]) =>
        point([longitude, latitude], { n: 1, reference, status, urgent: Boolean(urgent) })),
      ...found.cells.map(([latitude, longitude, n]) => point([longitude, latitude], { n })),
      ...Object.entries(found.without_point).filter(([place]) => middles.has(place)).map(
        ([place, n]) => point([middles.get(place).longitude, middles.get(place).latitude], { n, place }),
      ),
    ];
    map.getSource("points").setData(points(features));
    map.getSource("grouped").setData(points(features));
    section.dataset.shown = features.reduce((sum, each) => sum + each.properties.n, 0);
  }

  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(drawPlaces, WAIT_MS); };
  const view = () => section.querySelector("[name=view]:checked").value;
  function show() {
    showView(map, view());
    section.querySelector(".map-legend").hidden = view() !== "clusters";
    section.dataset.view = view();
  }
  map.on("moveend", soon);
  section.querySelectorAll("[name=view]").forEach((each) => each.addEventListener("change", show));
  document.addEventListener("htmx:after:swap", () => { drawUnits(); drawPlaces(); });

  const selecting = watchSelecting({ map, section, say, told, query: () => spread().dataset.query });
  watchClicks({ map, section, say, told, selecting });
  show();
  drawUnits();
  await drawPlaces();
  selecting.showWritten(spread().dataset.area);
}

function watchClicks({ map, section, say, told, selecting }) {
  map.on("mousemove", (event) => {
    const over = map.queryRenderedFeatures(event.point, { layers: ["pins", "clusters", "areas", "circles"] });
    map.getCanvas().style.cursor = over.length && !selecting.busy ? "pointer" : "";
  });
  map.on("click", async (event) => {
    if (selecting.busy) return;
    const at = (layer) => map.queryRenderedFeatures(event.point, { layers: [layer] });
    const [cluster] = at("clusters");
    if (cluster?.properties.place) return tellUnit(cluster.properties.place);
    if (cluster) {
      const source = map.getSource("grouped");
      const id = cluster.properties.cluster_id;
      const zoom = id === undefined ? map.getZoom() + 2 : await source.getClusterExpansionZoom(id);
      // What lies on one spot never comes apart: that is a list.
      if (zoom > map.getMaxZoom() || map.getZoom() >= map.getMaxZoom() - 0.5) {
        return selecting.choose(around(map, event.point));
      }
      return map.easeTo({ center: cluster.geometry.coordinates, zoom: Math.min(zoom, map.getMaxZoom()) });
    }
    const pins = at("pins");
    if (pins.length) {
      const references = [...new Set(pins.map((each) => each.properties.reference))];
      return told.say(
        say("here", { count: references.length }),
        ...references.slice(0, 12).map((each) => link(`${section.dataset.list}/${each}`, spoken(each))),
      );
    }
    const [unit] = [...at("circles"), ...at("areas")];
    if (unit) tellUnit(unit.properties.place);
  });

  function tellUnit(place) {
    const row = document.querySelector(`#spread tr[data-place="${CSS.escape(place)}"]`);
    if (!row) return;
    const anchor = row.querySelector("a");
    told.say(
      say("unit_told", { name: anchor.textContent, count: row.dataset.count }),
      link(anchor.href, say("to_list")),
    );
  }
}

const spoken = (reference) => reference.replace(/(\d{3})(?=\d)/g, "$1-");

function around(map, { x, y }) {
  const [one, other] = [map.unproject([x - 20, y + 20]), map.unproject([x + 20, y - 20])];
  return [[one.lng, one.lat], [other.lng, other.lat]];
}

function point(coordinates, properties) {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates } };
}

// Boundaries reach further than the middles that the page was told.
function seeAll(map, section, boundaries) {
  const corners = boundaries.flatMap((each) => each.geometry.coordinates.flat(Infinity));
  if (!corners.length) return;
  let [west, south, east, north] = [180, 90, -180, -90];
  for (let at = 0; at < corners.length; at += 2) {
    west = Math.min(west, corners[at]);
    east = Math.max(east, corners[at]);
    south = Math.min(south, corners[at + 1]);
    north = Math.max(north, corners[at + 1]);
  }
  section.dataset.seen = [west, south, east, north].join(",");
  map.fitBounds([west, south, east, north], { padding: 15, duration: 0 });
}

function wider(bounds) {
  const high = (bounds.getNorth() - bounds.getSouth()) / 4;
  const wide = (bounds.getEast() - bounds.getWest()) / 4;
  const box = {
    south: Math.max(-90, bounds.getSouth() - high), north: Math.min(90, bounds.getNorth() + high),
    west: Math.max(-180, bounds.getWest() - wide), east: Math.min(180, bounds.getEast() + wide),
  };
  for (const side of Object.keys(box)) box[side] = Number(box[side].toFixed(4));
  return box;
}

function inside(bounds, box) {
  return bounds.getSouth() >= box.south && bounds.getNorth() <= box.north
    && bounds.getWest() >= box.west && bounds.getEast() <= box.east;
}
