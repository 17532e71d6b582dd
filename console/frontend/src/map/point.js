// Where one report lies: its point, or the middle of its unit.
import { ask } from "./asking.js";
import { colours } from "./colours.js";
import { repaint } from "./layers.js";

export async function drawPoint({ map, section }) {
  map.scrollZoom.disable(); // the page itself is scrolled here
  const point = section.dataset.point.split(",").map(Number).reverse();
  const known = await ask(section.dataset.units, true) ?? { units: [], boundaries: [] };
  map.addSource("boundaries", {
    type: "geojson", data: { type: "FeatureCollection", features: known.boundaries },
  });
  map.addSource("point", {
    type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } },
  });
  map.addSource("units", {
    type: "geojson",
    data: { type: "FeatureCollection", features: known.units.filter((unit) => unit.lowest).map((unit) => ({
      type: "Feature", properties: { name: unit.name },
      geometry: { type: "Point", coordinates: [unit.longitude, unit.latitude] },
    })) },
  });
  const unit = section.dataset.unit ?? "";
  const today = known.units.map((each) => each.place);
  const layers = () => {
    const c = colours();
    const given = "given" in section.dataset;
    return [
      { id: "unit", type: "fill", source: "boundaries",
        filter: ["==", ["get", "place"], unit],
        paint: { "fill-color": c.accent, "fill-opacity": 0.2 } },
      { id: "borders", type: "line", source: "boundaries",
        filter: ["any", ["in", ["get", "place"], ["literal", today]], ["==", ["get", "place"], unit]],
        paint: { "line-color": c.edge, "line-width": 1 } },
      { id: "middles", type: "circle", source: "units", paint: { "circle-color": c.quiet, "circle-radius": 3 } },
      { id: "names", type: "symbol", source: "units",
        layout: { "text-font": ["system-ui", "sans-serif"], "text-field": ["get", "name"], "text-size": 12,
          "text-anchor": "top", "text-offset": [0, 0.5] },
        paint: { "text-color": c.ink, "text-halo-color": c.paper, "text-halo-width": 1.5 } },
      { id: "point", type: "circle", source: "point",
        paint: { "circle-color": c.bad, "circle-opacity": given ? 1 : 0.35, "circle-radius": given ? 9 : 22,
          "circle-stroke-color": c.bad, "circle-stroke-width": 2 } },
    ];
  };
  for (const layer of layers()) map.addLayer(layer);
  map.on("recolour", () => repaint(map, layers()));
}
