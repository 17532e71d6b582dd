// What is drawn, from bottom to top. Letters are those of the reader's own machine: without a
// server of glyphs MapLibre draws them itself.
import { colours } from "./colours.js";

export const EMPTY = { type: "FeatureCollection", features: [] };
const FONT = { "text-font": ["system-ui", "sans-serif"] };
const BY_COUNT = ["interpolate", ["linear"], ["sqrt", ["get", "share"]]];
const MANY = ["interpolate", ["linear"], ["log10", ["get", "n"]]];

// Each with the view it belongs to, or the one it does not; those without belong to all.
export function layers() {
  const c = colours();
  const ended = ["resolved", "closed", "rejected", "duplicate", "diverted"];
  return [
    { id: "areas", view: "units", type: "fill", source: "boundaries",
      filter: ["has", "n"],
      paint: { "fill-color": c.accent, "fill-opacity": [...BY_COUNT, 0, 0.05, 1, 0.65] } },
    { id: "borders", type: "line", source: "boundaries",
      paint: { "line-color": c.edge, "line-width": ["case", ["has", "name"], 1, 2] } },
    { id: "circles", view: "units", type: "circle", source: "units",
      filter: ["all", ["!", ["get", "area"]], [">", ["get", "n"], 0]],
      paint: { "circle-color": c.accent, "circle-opacity": 0.5, "circle-stroke-color": c.accent,
        "circle-stroke-width": 1, "circle-radius": [...BY_COUNT, 0, 5, 1, 32] } },
    { id: "heat", view: "heat", type: "heatmap", source: "points",
      paint: { "heatmap-weight": [...MANY, 0, 0.3, 3, 1], "heatmap-radius": 22,
        "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 14, 1.5],
        "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0, 0, 0, 0)",
          0.15, c.accent, 0.6, c.warn, 1, c.bad],
        "heatmap-opacity": 0.8 } },
    { id: "where", not: "units", type: "symbol", source: "units",
      filter: ["get", "lowest"],
      layout: { ...FONT, "text-field": ["get", "name"], "text-size": 12, "text-padding": 1 },
      paint: { "text-color": c.quiet, "text-halo-color": c.paper, "text-halo-width": 1.5 } },
    { id: "pins", view: "clusters", type: "circle", source: "grouped",
      filter: ["has", "reference"],
      paint: {
        "circle-radius": 7, "circle-stroke-width": 2, "circle-stroke-color": c.paper,
        "circle-color": ["case", ["==", ["get", "urgent"], true], c.bad,
          ["in", ["get", "status"], ["literal", ["new", "reopened"]]], c.accent,
          ["in", ["get", "status"], ["literal", ended]], c.quiet, c.warn],
      } },
    { id: "clusters", view: "clusters", type: "circle", source: "grouped",
      filter: ["!", ["has", "reference"]],
      paint: { "circle-color": c.accent, "circle-stroke-color": c.paper, "circle-stroke-width": 2,
        "circle-radius": [...MANY, 0, 11, 5, 34] } },
    { id: "cluster-counts", view: "clusters", type: "symbol", source: "grouped",
      filter: ["!", ["has", "reference"]],
      layout: { ...FONT, "text-field": ["to-string", ["get", "n"]], "text-size": 13,
        "text-allow-overlap": true },
      paint: { "text-color": c.paper } },
    { id: "names", view: "units", type: "symbol", source: "units",
      filter: ["get", "lowest"],
      layout: { ...FONT, "text-field": ["case", [">", ["get", "n"], 0], ["concat", ["get", "name"], "\n", ["to-string", ["get", "n"]]],
          ["get", "name"]],
        "text-size": 13, "symbol-sort-key": ["-", ["get", "n"]], "text-padding": 1 },
      paint: { "text-color": c.ink, "text-halo-color": c.paper, "text-halo-width": 1.5 } },
    { id: "chosen", type: "fill", source: "chosen",
      paint: { "fill-color": c.warn, "fill-opacity": 0.15 } },
    { id: "chosen-line", type: "line", source: "chosen",
      paint: { "line-color": c.warn, "line-width": 3, "line-dasharray": [2, 1] } },
  ];
}

export function addLayers(map) {
  for (const { view, not, ...layer } of layers()) map.addLayer(layer);
}

export function repaint(map, drawn) {
  for (const { id, paint } of drawn) {
    for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
  }
}

export function showView(map, wanted) {
  for (const { id, view, not } of layers()) {
    const shown = (!view || view === wanted) && not !== wanted;
    map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
  }
}
