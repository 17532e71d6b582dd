// Selecting an area: a box by dragging, a line around by clicking, or, without a mouse, what is shown.
import { ask } from "./asking.js";
import { EMPTY } from "./layers.js";
import { button, link } from "./telling.js";

const MOST_CORNERS = 30; // as the server reads
const ONE_SPOT_PX = 6;

export function watchSelecting({ map, section, say, told, query }) {
  const container = map.getCanvasContainer();
  const tools = [...section.querySelectorAll("[data-tool]")];
  let tool = null;
  let corners = [];
  let asked = 0;

  const show = (line) => map.getSource("chosen").setData(line.length < 2 ? EMPTY : {
    type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [closed(line)] },
  });

  function take(name) {
    tool = name;
    corners = [];
    for (const each of tools) each.setAttribute("aria-pressed", String(each.dataset.tool === tool));
    container.classList.toggle("drawing", Boolean(tool));
    for (const handler of [map.dragPan, map.doubleClickZoom]) tool ? handler.disable() : handler.enable();
    if (tool) told.say(say(`${tool}_how`));
  }

  // Corners are [longitude, latitude], as GeoJSON has them; two are those of a box.
  async function choose(chosen) {
    take(null);
    show(chosen);
    const area = write(chosen);
    const address = new URLSearchParams(query());
    address.set("area", area);
    const mine = ++asked;
    const found = await ask(`${section.dataset.count}?${address}`);
    if (mine !== asked) return;
    if (!found) return told.say(say("lost"));
    told.say(
      say("selected", { count: found.count }),
      link(`${section.dataset.list}?${address}`, say("to_list")),
      button(say("forget"), forget),
    );
  }

  function forget() {
    asked += 1;
    show([]);
    told.clear();
    map.getCanvas().focus();
  }

  function giveUp() {
    take(null);
    show([]);
    told.clear();
  }

  const at = (event) => {
    const { left, top } = container.getBoundingClientRect();
    const { lng, lat } = map.unproject([event.clientX - left, event.clientY - top]);
    return [lng, lat];
  };

  container.addEventListener("pointerdown", (event) => {
    if (tool !== "box" || event.button) return;
    const from = at(event);
    const begun = [event.clientX, event.clientY];
    container.setPointerCapture(event.pointerId);
    const move = (now) => show([from, at(now)]);
    const end = (now) => {
      container.removeEventListener("pointermove", move);
      container.removeEventListener("pointerup", end);
      container.removeEventListener("pointercancel", giveUp);
      const drawn = Math.hypot(now.clientX - begun[0], now.clientY - begun[1]) > ONE_SPOT_PX;
      if (tool === "box" && drawn) choose([from, at(now)]);
    };
    container.addEventListener("pointermove", move);
    container.addEventListener("pointerup", end);
    container.addEventListener("pointercancel", giveUp, { once: true });
    event.preventDefault();
  });
  container.addEventListener("click", (event) => {
    if (tool !== "polygon" || event.detail > 1 || corners.length === MOST_CORNERS) return;
    corners.push(at(event));
    show(corners);
  });
  container.addEventListener("dblclick", () => tool === "polygon" && finish());
  document.addEventListener("keydown", (event) => {
    if (!tool) return;
    if (event.key === "Escape") giveUp();
    else if (event.key === "Enter" && tool === "polygon" && corners.length && drawing(event.target)) finish();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // Elsewhere Enter is what it always is: it sends the filters, opens a link.
  const drawing = (target) => section.contains(target) || target === document.body;

  function finish() {
    if (corners.length > 2) choose(corners);
  }

  for (const each of tools) {
    each.addEventListener("click", () => tool === each.dataset.tool ? giveUp() : take(each.dataset.tool));
  }
  section.querySelector("[data-seen-area]").addEventListener("click", () => {
    const seen = map.getBounds();
    choose([[seen.getWest(), seen.getSouth()], [seen.getEast(), seen.getNorth()]]);
  });

  return {
    choose,
    get busy() { return Boolean(tool); },
    showWritten(area) {
      if (area) show(area.split("~").map((each) => each.split(",").map(Number).reverse()));
    },
  };
}

function write(corners) {
  return corners.map(([longitude, latitude]) => `${latitude.toFixed(5)},${longitude.toFixed(5)}`).join("~");
}

function closed(line) {
  if (line.length > 2) return [...line, line[0]];
  const [[west, south], [east, north]] = line;
  return [[west, south], [east, south], [east, north], [west, north], [west, south]];
}
