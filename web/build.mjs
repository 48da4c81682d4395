// Builds every entry of src/ (NAME.js, NAME.css) into the package, with the content's hash in its name.
//   node build.mjs            all entries
//   node build.mjs map chart  only these; the others stay as they are
// Each entry is a bundle of its own, so a fault in one never stops another. Chinese text stays readable (utf8).
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.env.NONGSHI_ASSETS || join(here, "../src/nongshi/site/assets");
const source = join(here, "src");
const wanted = process.argv.slice(2);

mkdirSync(out, { recursive: true });
const manifestPath = join(out, "manifest.json");
const manifest = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, "utf8")) : {};
const entries = readdirSync(source).filter((name) => /^[a-z]+\.(js|css)$/.test(name)).sort();
let failed = 0;

for (const entry of entries) {
  const stem = basename(entry).replace(/\.\w+$/, "");
  if (wanted.length && !wanted.includes(stem)) continue;
  try {
    manifest[entry] = await make(entry, stem, entry.split(".").pop());
  } catch (fault) {
    failed += 1;
    console.error(`${entry}: not built; what was built before stays\n${fault.message}`);
  }
}
for (const entry of Object.keys(manifest)) if (!entries.includes(entry)) delete manifest[entry];
write(manifestPath, JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 1) + "\n");
if (!wanted.length) write(join(out, "LICENCES.txt"), licences());
sweep();
process.exit(failed ? 1 : 0);

async function make(entry, stem, kind) {
  const made = await build({
    entryPoints: [join(source, entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    format: kind === "js" ? "iife" : undefined,
    target: ["chrome80", "firefox78", "safari14.1"],
    legalComments: "none", // they are in LICENCES.txt
    loader: { ".svg": "dataurl" },
    logLevel: "silent",
  });
  const bytes = Buffer.from(made.outputFiles[0].contents);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = `${stem}-${sha256.slice(0, 8)}.${kind}`;
  write(join(out, file), bytes);
  write(join(out, file + ".gz"), gzipSync(bytes, { level: 9 }));
  const packed = readFileSync(join(out, file + ".gz")).length;
  console.log(`${file}  ${bytes.length} bytes, ${packed} compressed`);
  return { file, sha256, bytes: bytes.length };
}

function write(path, content) {
  const part = `${path}.${process.pid}.part`; // another build may run at the same time
  writeFileSync(part, content);
  renameSync(part, path);
}

function sweep() {
  const kept = new Set(Object.values(manifest).map((made) => made.file));
  for (const name of readdirSync(out)) {
    const bare = name.replace(/\.gz$/, "");
    if (/-[0-9a-f]{8}\.(js|css)$/.test(bare) && !kept.has(bare)) rmSync(join(out, name));
  }
}

function licences() {
  const names = ["htmx.org", "ol", "rbush", "quickselect", "earcut", "pbf", "echarts", "zrender", "tslib"];
  return names.map((name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying|copyrightnotice)/i.test(file))
      .filter((file) => statSync(join(folder, file)).isFile()).sort();
    const shown = texts.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
    return `${"=".repeat(78)}\n${name} ${about.version} (${about.license})\n\n${shown}\n`;
  }).join("\n");
}
