// The page on which the graph is asked: the editor, the engine in its worker with limits, and the answer as a table, a chart or a graph.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { draw } from "./graph.js";

const { element, load, table: makeSortable } = window.owltype;
const form = document.querySelector("[data-query]");
const data = JSON.parse(document.getElementById("query-data").textContent);
const status = document.querySelector("[data-status]");
const answer = document.querySelector("[data-answer]");
const progress = document.querySelector("[data-progress]");
const cancel = document.querySelector("[data-cancel]");
const prefixes = Object.entries(data.prefixes).sort((a, b) => b[1].length - a[1].length);
const FORMATS = {
  solutions: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", "application/sparql-results+json", "json"], ["XML", "application/sparql-results+xml", "xml"]],
  graph: [["Turtle", "text/turtle", "ttl"], ["N-Triples", "application/n-triples", "nt"], ["RDF/XML", "application/rdf+xml", "rdf"], ["JSON-LD", "application/ld+json", "jsonld"]],
};

const shorten = (iri) => {
  const found = prefixes.find(([, space]) => iri.startsWith(space) && /^[\w-]*$/.test(iri.slice(space.length)));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
};
const unpacked = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const joined = (texts) => {
  const arrays = texts.map(unpacked);
  const whole = new Uint8Array(arrays.reduce((sum, each) => sum + each.length, 0));
  arrays.reduce((at, each) => (whole.set(each, at), at + each.length), 0);
  return whole;
};

// --- the editor -----------------------------------------------------------------------------------------------------------------

const terms = data.terms.map(({ iri, label, name }) => ({ label: name === iri ? `<${iri}>` : name, detail: label, type: "property" }));
const words = ["SELECT", "WHERE", "FILTER", "OPTIONAL", "GROUP BY", "ORDER BY", "LIMIT", "COUNT", "DISTINCT", "UNION", "VALUES", "BIND", "CONSTRUCT", "ASK"];
function complete(context) {
  const before = context.matchBefore(/[\w:<>/.#-]+/);
  if (!before && !context.explicit) return null;
  const typed = (before?.text ?? "").toLowerCase();
  const fits = terms.filter((term) => term.label.toLowerCase().includes(typed) || term.detail.toLowerCase().includes(typed));
  const options = [...fits.slice(0, 50), ...words.map((label) => ({ label, type: "keyword" }))];
  return { from: before ? before.from : context.pos, options, filter: fits.length < 50 ? false : undefined };
}
const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], class: "tok-keyword" },
  { tag: [tags.string, tags.literal], class: "tok-string" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: [tags.variableName, tags.special(tags.variableName)], class: "tok-variable" },
]);
const area = form.elements.query;
// In a shadow root the editor's styles are adopted sheets, which the policy of the page allows; a <style> element it would not.
const host = element("div", { class: "editor" });
const root = host.attachShadow({ mode: "open" });
root.append(element("link", { rel: "stylesheet", href: document.querySelector('link[rel="stylesheet"]').href }));
const editor = new EditorView({
  root,
  parent: root,
  state: EditorState.create({
    doc: "",
    extensions: [
      lineNumbers(), history(), drawSelection(), bracketMatching(), StreamLanguage.define(sparql), syntaxHighlighting(highlight),
      autocompletion({ override: [complete] }),
      keymap.of([{ key: "Mod-Enter", run: () => (form.requestSubmit(), true) }, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "SPARQL" }),
    ],
  }),
});
area.hidden = true;
area.before(host);
document.querySelector('label[for="query"]')?.addEventListener("click", () => editor.focus());
const text = () => editor.state.doc.toString();
const setText = (value) => editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });

// --- the engine -----------------------------------------------------------------------------------------------------------------

let worker = null;
let refuse = null;
function end(reason) {
  worker?.terminate();
  worker = null;
  refuse?.(new Error(reason));
}
function send(message, seconds, transfer = []) {
  return new Promise((resolve, reject) => {
    refuse = reject;
    const timer = seconds && setTimeout(() => end(`the query was ended after ${seconds} seconds; the graph is loaded anew for the next one`), seconds * 1000);
    worker.onmessage = ({ data: reply }) => {
      if (reply.type === "progress") {
        progress.value = reply.done / reply.total;
        return;
      }
      clearTimeout(timer);
      if (reply.type === "error") reject(new Error(reply.message));
      else resolve(reply);
    };
    worker.onerror = (event) => (clearTimeout(timer), end(event.message || "the engine failed"));
    worker.postMessage(message, transfer);
  });
}
let source = null;
async function start() {
  status.textContent = "Loading the graph…";
  progress.removeAttribute("value");
  source ??= await (async () => {
    const [[engine], packed] = [await load([data.engine], "engine"), await load(data.scripts, "graph", (done, total) => (progress.value = done / total))];
    return { ...engine, data: packed };
  })();
  worker = new Worker(URL.createObjectURL(new Blob([source.worker], { type: "text/javascript" })));
  const { triples } = await send({ type: "load", wasm: unpacked(source.wasm), data: joined(source.data) });
  status.textContent = `${triples.toLocaleString()} triples are loaded.`;
}
const isGraph = (query) => /^(?:\s|#[^\n]*\n|(?:PREFIX|BASE)\s[^>]*>)*(?:CONSTRUCT|DESCRIBE)\b/i.test(query);

// A served graph is asked on its server, which has limits of its own; `cancel` ends the request.
let asking = null;
async function askServer(query, format) {
  asking = new AbortController();
  const seconds = Number(form.elements.seconds.value) || 20;
  const timer = setTimeout(() => asking.abort(`the query was ended after ${seconds} seconds`), seconds * 1000);
  const began = performance.now();
  try {
    const body = new URLSearchParams({ query });
    const reply = await fetch(data.endpoint, { method: "POST", body, headers: { Accept: format }, signal: asking.signal });
    const value = await reply.text();
    if (!reply.ok) throw new Error(value);
    return { value, milliseconds: performance.now() - began };
  } catch (error) {
    throw typeof error === "string" ? new Error(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function run(query, format) {
  if (data.endpoint) return askServer(query, format);
  if (!worker) await start();
  const seconds = Number(form.elements.seconds.value) || 20;
  return send({ type: "ask", query, format }, seconds);
}

// --- parameters: bound as values at the beginning of the pattern, never pasted as text ------------------------------------------

function literal(value, type) {
  if (type === "iri") {
    const found = /^([\w-]*):(.*)$/.exec(value);
    const space = found && data.prefixes[found[1]];
    const iri = space && !found[2].startsWith("//") ? space + found[2] : value.replace(/^<|>$/g, "");
    if (/[\s<>"{}|\\^`]/.test(iri)) throw new Error(`${value} is not an IRI`);
    return `<${iri}>`;
  }
  const quoted = JSON.stringify(value).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (type.startsWith("string@")) return `${quoted}@${type.slice(7)}`;
  return type === "string" ? quoted : `${quoted}^^<http://www.w3.org/2001/XMLSchema#${type}>`;
}
function bind(query, values) {
  if (!values.length) return query;
  const clause = values.map(([name, term]) => `VALUES ?${name} { ${term} } `).join("");
  const token = /"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|<[^<>\s]*>|#[^\n]*|[{}]|\bCONSTRUCT\b/gi;
  let skip = 0;
  for (let match; (match = token.exec(query)); ) {
    if (/^construct$/i.test(match[0])) skip = 1;
    if (match[0] === "{" && skip-- <= 0) return `${query.slice(0, match.index + 1)} ${clause}${query.slice(match.index + 1)}`;
  }
  return query;
}

// --- the answer -----------------------------------------------------------------------------------------------------------------

const cell = (term) => {
  if (!term) return "";
  if (term.type === "uri") return /^https?:/.test(term.value) ? element("a", { href: pages.get(term.value) ?? term.value, title: term.value }, shorten(term.value)) : term.value;
  return term["xml:lang"] ? element("span", { lang: term["xml:lang"], dir: "auto" }, term.value) : element("span", { dir: "auto" }, term.value);
};
const pages = new Map();
function tableOf(variables, rows) {
  const head = element("thead", {}, element("tr", {}, ...variables.map((name) => element("th", { scope: "col" }, name))));
  const body = element("tbody", {}, ...rows.map((row) => element("tr", {}, ...variables.map((name) => element("td", {}, cell(row[name]))))));
  const made = element("table", {}, element("caption", {}, "Answer"), head, body);
  makeSortable(made);
  return element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Answer" }, made);
}
const isNumber = (term) => term && term.datatype && /#(integer|decimal|double|float|int|long)$/.test(term.datatype) && Number.isFinite(Number(term.value));
function chartOf(variables, rows) {
  const number = variables.find((name) => rows.length && rows.every((row) => isNumber(row[name])));
  const label = variables.find((name) => name !== number);
  if (!number || !label) return null;
  const most = Math.max(...rows.map((row) => Math.abs(Number(row[number].value))), Number.MIN_VALUE);
  const bars = rows.slice(0, 100).map((row) => {
    const value = Number(row[number].value);
    const name = row[label] ? (row[label].type === "uri" ? shorten(row[label].value) : row[label].value) : "";
    const bar = element("meter", { min: 0, max: most, value: Math.abs(value), "aria-label": name });
    return element("div", { class: "bar" }, element("span", {}, name), bar, element("span", { class: "number" }, value.toLocaleString()));
  });
  return element("div", { class: "chart", role: "group", "aria-label": `${number} by ${label}` }, ...bars);
}
function save(name, type, content) {
  const link = element("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
function downloads(kind, query) {
  const buttons = FORMATS[kind].map(([name, type, ending]) => {
    const get = async () => {
      try {
        save(`answer.${ending}`, type, (await run(query, type)).value);
      } catch (error) {
        status.textContent = error.message;
      }
    };
    return element("button", { type: "button", class: "quiet", onclick: get }, name);
  });
  return element("div", { class: "tools" }, "Download:", ...buttons);
}
function views(shown) {
  const holder = element("div");
  const buttons = Object.entries(shown).map(([name, make], index) => {
    const button = element("button", { type: "button", class: "quiet", "aria-pressed": index === 0 ? "true" : "false" }, name);
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", other === button ? "true" : "false");
      make(holder);
    });
    return button;
  });
  return [element("div", { class: "tools", role: "group", "aria-label": "Show as" }, ...buttons), holder, () => Object.values(shown)[0](holder)];
}
function showSolutions(result, query) {
  const variables = result.head.vars;
  const limit = Number(form.elements.rows.value) || 1000;
  const rows = result.results.bindings.slice(0, limit);
  const total = result.results.bindings.length;
  const shown = { Table: (holder) => holder.replaceChildren(tableOf(variables, rows)) };
  const chart = chartOf(variables, rows);
  if (chart) shown.Chart = (holder) => holder.replaceChildren(chart);
  const edges = rows.filter((row) => variables.filter((name) => row[name]?.type === "uri").length > 1);
  if (edges.length) shown.Graph = (holder) => showGraph(holder, edges, variables);
  const [bar, holder, begin] = views(shown);
  answer.replaceChildren(bar, holder, downloads("solutions", query));
  begin();
  const cut = total > rows.length ? `, the first ${rows.length.toLocaleString()} of them here` : "";
  return `${total.toLocaleString()} ${total === 1 ? "row" : "rows"}${cut}`;
}
function showGraph(holder, rows, variables) {
  const nodes = new Map();
  const edges = [];
  for (const row of rows.slice(0, 200)) {
    const [one, two] = variables.filter((name) => row[name]?.type === "uri").map((name) => row[name].value);
    for (const id of [one, two]) nodes.set(id, { id, label: shorten(id), href: pages.get(id) ?? (/^https?:/.test(id) ? id : "") });
    edges.push({ source: one, target: two, label: "" });
  }
  const canvas = element("div", { class: "graph", role: "img", "aria-label": "The answer as a graph; the table says the same" });
  holder.replaceChildren(canvas);
  draw(canvas, [...nodes.values()], edges, null, ({ href }) => href && (location.href = href));
}

async function submit(query) {
  history_(query);
  answer.replaceChildren();
  progress.hidden = cancel.hidden = false;
  try {
    const graph = isGraph(query);
    const reply = await run(query, graph ? "text/turtle" : "application/sparql-results+json");
    const took = `${Math.max(1, Math.round(reply.milliseconds)).toLocaleString()} ms`;
    if (graph) {
      const limit = 200_000;
      answer.replaceChildren(element("pre", { tabindex: 0 }, element("code", {}, reply.value.slice(0, limit))), downloads("graph", query));
      status.textContent = `Turtle, ${reply.value.length.toLocaleString()} characters${reply.value.length > limit ? ", the beginning of it here" : ""}, in ${took}`;
    } else {
      const result = JSON.parse(reply.value);
      if ("boolean" in result) {
        answer.replaceChildren(element("p", { class: "truth" }, result.boolean ? "Yes" : "No"));
        status.textContent = `answered in ${took}`;
      } else {
        status.textContent = `${showSolutions(result, query)}, in ${took}`;
      }
    }
  } catch (error) {
    answer.replaceChildren(element("p", { class: "error", role: "alert" }, error.message));
    status.textContent = "";
  } finally {
    progress.hidden = cancel.hidden = true;
  }
}
const history_ = (query) => window.history.replaceState(null, "", `?${new URLSearchParams({ query })}`);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(text());
});
cancel.addEventListener("click", () => data.endpoint ? asking?.abort("the query was cancelled") : end("the query was cancelled; the graph is loaded anew for the next one"));

const asked = new URLSearchParams(location.search);
for (const name of ["rows", "seconds"]) if (Number(asked.get(name)) > 0) form.elements[name].value = asked.get(name);
const values = [...asked].filter(([name]) => name.startsWith("$")).map(([name, value]) => [name.slice(1).split(":"), value]);
const used = Object.entries(data.prefixes).slice(0, 12).map(([name, space]) => `PREFIX ${name}: <${space}>`);
const example = `${used.join("\n")}\n\nSELECT ?class (COUNT(?thing) AS ?things) WHERE {\n  ?thing a ?class\n}\nGROUP BY ?class\nORDER BY DESC(?things)\n`;
try {
  setText(bind(asked.get("query") ?? example, values.map(([[name, type], value]) => [name, literal(value, type ?? "string")])));
  if (asked.has("query")) submit(text());
} catch (error) {
  status.textContent = error.message;
}
