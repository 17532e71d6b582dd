// Bundles scripts and styles of the console into ../static/dist, under names that tell their
// content, with manifest.json last: a page takes the bundle only when that is there.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const packages = ["htmx.org", "uplot", "maplibre-gl", "jssip", "sdp-transform", "events", "debug", "ms"];
// Each is a file of its own, loaded by the pages that need it; `style` goes with `app`.
const entryPoints = {
  app: "src/app.js",
  style: "src/app.css",
  map: "src/map/map.js",
  prompts: "src/prompts/prompts.js",
  recorder: "src/prompts/worklet.js",
  phone: "src/phone/phone.js",
  charts: "src/charts.js",
  "map-worker": "maplibre-gl/dist/maplibre-gl-worker.mjs",
};

const result = await build({
  absWorkingDir: here,
  entryPoints,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  legalComments: "none", // they stand in notices.txt, whole
  outdir: out,
  write: false,
});

await mkdir(out, { recursive: true });
const manifest = {};
for (const file of result.outputFiles) {
  const { name: entry, ext } = parse(file.path);
  const known = entry === "style" ? "app" : entry;
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 12);
  const name = `${known}-${hash}${ext}`;
  await writeFile(join(out, name), file.contents);
  manifest[`${known}${ext}`] = name;
}

// With what they are made of. (New names join the set while it is walked.)
const bundled = new Set(packages);
const notices = [];
for (const name of bundled) {
  const folder = join(here, "node_modules", name);
  const { version, license, dependencies } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  );
  const [file] = (await readdir(folder)).filter((each) => /^licen[cs]e/i.test(each));
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  notices.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  for (const each of Object.keys(dependencies ?? {})) {
    if (!each.startsWith("@types/")) bundled.add(each);
  }
}
await writeFile(join(out, "notices.txt"), notices.join("\n----\n\n"));

const draft = join(out, ".manifest.json");
await writeFile(draft, JSON.stringify(manifest, null, 2) + "\n");
await rename(draft, join(out, "manifest.json"));

const kept = new Set([...Object.values(manifest), "manifest.json", "notices.txt"]);
for (const name of await readdir(out)) {
  if (!kept.has(name)) await rm(join(out, name));
}
