// Bundles scripts and styles of the console into ../static/dist, under names that tell their
// content, with manifest.json last: a page takes the bundle only when that is there.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const packages = ["htmx.org"];

const result = await build({
  absWorkingDir: here,
  entryPoints: { app: "src/app.js", style: "src/app.css" },
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
  const kind = file.path.endsWith(".css") ? "css" : "js";
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 12);
  const name = `app-${hash}.${kind}`;
  await writeFile(join(out, name), file.contents);
  manifest[`app.${kind}`] = name;
}

const notices = await Promise.all(packages.map(async (name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const text = await readFile(join(folder, "LICENSE"), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}));
await writeFile(join(out, "notices.txt"), notices.join("\n----\n\n"));

const draft = join(out, ".manifest.json");
await writeFile(draft, JSON.stringify(manifest, null, 2) + "\n");
await rename(draft, join(out, "manifest.json"));

const kept = new Set([...Object.values(manifest), "manifest.json", "notices.txt"]);
for (const name of await readdir(out)) {
  if (!kept.has(name)) await rm(join(out, name));
}
