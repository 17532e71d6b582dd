// The map of reports, and the small one on a report's page. Both have the same figures or names as
// text beside them: whoever does not see a map misses nothing.
import * as maplibre from "maplibre-gl";
import { colours } from "./colours.js";
import { drawPoint } from "./point.js";
import { drawReports } from "./reports.js";
import { drawStates } from "./states.js";

export async function draw(section) {
  const words = JSON.parse(section.dataset.words);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const canvas = section.querySelector(".map-canvas");
  maplibre.setWorkerUrl(new URL(section.dataset.worker, location.href).href);
  const style = await background(section.dataset.tiles);
  let map;
  try {
    map = new maplibre.Map({
      container: canvas,
      style,
      bounds: section.dataset.seen.split(",").map(Number),
      attributionControl: false, // whose tiles they are stands below the map
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      boxZoom: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      maxZoom: 18,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      locale: {
        "Map.Title": say("region"),
        "CooperativeGesturesHandler.WindowsHelpText": say("ctrl_scroll"),
        "CooperativeGesturesHandler.MacHelpText": say("ctrl_scroll"),
        "CooperativeGesturesHandler.MobileHelpText": say("two_fingers"),
      },
    });
  } catch (error) {
    return without(section, say, error);
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  for (const button of section.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(map, section, Number(button.dataset.zoom)));
  }
  const begin = section.dataset.point ? drawPoint : "states" in section.dataset ? drawStates : drawReports;
  // Not its "load", which waits for tiles: their server may be away.
  map.once("style.load", () => {
    begin({ maplibre, map, section, say });
    section.dataset.drawn = "";
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => recolour(map));
}

function without(section, say, error) {
  const told = document.createElement("p");
  told.textContent = say("no_webgl");
  told.setAttribute("role", "status");
  section.replaceChildren(told);
  section.dataset.drawn = "none";
  console.warn("no map:", error.message);
}

async function background(tiles) {
  if (tiles && !tiles.includes("{z}")) {
    const whole = await fetch(tiles).then((answer) => answer.json()).catch(() => null);
    if (whole) {
      delete whole.glyphs; // letters are drawn here: a server has others than our layers ask for
      return whole;
    }
    tiles = null;
  }
  const style = { version: 8, sources: {}, layers: [] };
  style.layers.push({ id: "paper", type: "background", paint: { "background-color": colours().raised } });
  if (tiles) {
    style.sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256 };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  return style;
}

function zoom(map, section, by) {
  if (by) map.zoomTo(map.getZoom() + by);
  else map.fitBounds(section.dataset.seen.split(",").map(Number));
}

function recolour(map) {
  if (map.getLayer("paper")) map.setPaintProperty("paper", "background-color", colours().raised);
  map.fire("recolour");
}
