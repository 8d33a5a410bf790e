// `make web`: the scripts of the pages from their sources and packages, the same bytes every time.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const out = "../assets";
const options = { bundle: true, minify: true, format: "iife", target: "es2022", charset: "utf8", legalComments: "none", write: false, define: { "import.meta.url": '""' }, logLevel: "warning" };
const bundle = async (entry) => (await build({ ...options, entryPoints: [entry] })).outputFiles[0].text;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of ["site", "query", "graph"]) writeFileSync(`${out}/${name}.js`, await bundle(`src/${name}.js`));
const engine = { worker: await bundle("src/worker.js"), wasm: gzipSync(readFileSync("node_modules/oxigraph/web_bg.wasm"), { level: 9 }).toString("base64") };
writeFileSync(`${out}/engine.js`, `owltype.data("engine",0,1,${JSON.stringify(engine)});\n`);

const licences = [];
const packages = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
for (const [place, { version, license }] of Object.entries(packages)) {
  if (!place || /esbuild/.test(place)) continue; // builds, and is not in what is built
  const file = readdirSync(place).find((name) => /^licen[cs]e/i.test(name));
  licences.push(`${place.replace("node_modules/", "")} ${version} (${license})\n${file ? `\n${readFileSync(`${place}/${file}`, "utf8").trim()}\n` : ""}`);
}
writeFileSync(`${out}/licences.txt`, `${licences.join("\n\n")}\n`);
