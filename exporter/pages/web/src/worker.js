// Runs in a worker: a store in WebAssembly, which the page loads once and asks as often as it likes. Ended by the page where a query takes too long.
import { Store, initSync } from "oxigraph/web.js";

let store = null;

const unpack = async (packed) =>
  new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());

const LINES = 16 * 1024 * 1024; // bytes that are loaded at a time, so that the page can say how far it is

async function load({ wasm, data }) {
  initSync({ module: await unpack(wasm) });
  const bytes = await unpack(data);
  const made = new Store();
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + LINES, bytes.length);
    while (end < bytes.length && bytes[end - 1] !== 10) end += 1;
    made.load(bytes.subarray(start, end), { format: "application/n-triples", no_transaction: true, lenient: true });
    start = end;
    postMessage({ type: "progress", done: start, total: bytes.length });
  }
  store = made;
  return { type: "loaded", triples: store.size };
}

function ask({ query, format }) {
  const began = performance.now();
  const text = store.query(query, format ? { results_format: format } : {});
  const kind = typeof text === "boolean" ? "boolean" : Array.isArray(text) ? "graph" : "text";
  return { type: "answer", kind, value: kind === "graph" ? text.length : text, milliseconds: performance.now() - began };
}

onmessage = async ({ data: message }) => {
  try {
    postMessage(message.type === "load" ? await load(message) : ask(message));
  } catch (error) {
    postMessage({ type: "error", message: String(error.message ?? error) });
  }
};
