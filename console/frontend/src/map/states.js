// Communes in the colour of the gravest of their open alerts. The table beside it says the same.
import { ask } from "./asking.js";
import { colours } from "./colours.js";

export async function drawStates({ map, section }) {
  map.scrollZoom.disable(); // the page itself is scrolled here
  const states = new Map((section.dataset.states ?? "").split(" ").filter(Boolean).map((each) => each.split("=")));
  const known = await ask(section.dataset.units, true) ?? { units: [], boundaries: [] };
  const areas = new Set(known.boundaries.map((each) => each.properties.place));
  const lowest = known.units.filter((unit) => unit.lowest);
  const names = new Map(lowest.map((unit) => [unit.place, unit.name]));
  const points = (features) => ({ type: "FeatureCollection", features });
  map.addSource("boundaries", {
    type: "geojson",
    data: points(known.boundaries.filter((each) => names.has(each.properties.place)).map((each) => ({
      ...each, properties: { state: states.get(each.properties.place) ?? "quiet" },
    }))),
  });
  map.addSource("units", {
    type: "geojson",
    data: points(lowest.map((unit) => ({
      type: "Feature",
      properties: {
        name: unit.name, state: states.get(unit.place) ?? "quiet", area: areas.has(unit.place),
      },
      geometry: { type: "Point", coordinates: [unit.longitude, unit.latitude] },
    }))),
  });
  const layers = () => {
    const c = colours();
    const colour = ["match", ["get", "state"], "alert", c.bad, "watch", c.warn, c.good];
    // Not by colour alone: what is worse is larger, and stands above.
    const worse = ["match", ["get", "state"], "alert", 2, "watch", 1, 0];
    return [
      { id: "areas", type: "fill", source: "boundaries",
        paint: { "fill-color": colour, "fill-opacity": ["match", ["get", "state"], "quiet", 0.1, 0.5] } },
      { id: "borders", type: "line", source: "boundaries", paint: { "line-color": c.edge, "line-width": 1 } },
      { id: "circles", type: "circle", source: "units",
        layout: { "circle-sort-key": worse },
        paint: { "circle-color": colour, "circle-stroke-color": c.paper, "circle-stroke-width": 2,
          "circle-radius": ["match", ["get", "state"], "alert", 15, "watch", 11, 5] } },
      { id: "names", type: "symbol", source: "units",
        layout: { "text-font": ["system-ui", "sans-serif"], "text-field": ["get", "name"], "text-size": 12,
          "text-anchor": "top", "text-offset": [0, 1], "symbol-sort-key": ["-", worse], "text-padding": 1 },
        paint: { "text-color": c.ink, "text-halo-color": c.paper, "text-halo-width": 1.5 } },
    ];
  };
  for (const layer of layers()) map.addLayer(layer);
  map.on("recolour", () => {
    for (const { id, paint } of layers()) {
      for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
    }
  });
}
