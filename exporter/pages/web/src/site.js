// What every page has: tables that sort and filter, search by name, the theme, and the keyboard. Without it pages work as they are.
import MiniSearch from "minisearch";

const parts = {};
const waiting = {};

const owltype = (window.owltype = {
  // Called by the scripts below _/data/, which load from a disk too: part `index` of `total` of what is called `name`.
  data(name, index, total, value) {
    (parts[name] ??= new Array(total))[index] = value;
    if (Object.keys(parts[name]).length === total) waiting[name]?.(parts[name]);
  },
  load(scripts, name, told = () => {}) {
    return new Promise((resolve, reject) => {
      waiting[name] = resolve;
      let done = 0;
      for (const source of scripts) {
        const script = document.createElement("script");
        script.src = source;
        script.onload = () => told((done += 1), scripts.length);
        script.onerror = () => reject(new Error(`${source} could not be loaded`));
        document.head.append(script);
      }
    });
  },
  element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  },
  table: makeSortable,
});
const { element } = owltype;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const textOf = (cell) => cell?.dataset.sort ?? cell?.querySelector("time")?.dateTime ?? cell?.textContent.trim() ?? "";

function makeSortable(table) {
  const body = table.tBodies[0];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = element("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const [one, two] = [textOf(a.cells[column]), textOf(b.cells[column])];
        if (!one || !two) return one ? -1 : two ? 1 : 0; // what has no value comes last, whichever way
        return (descending ? -1 : 1) * collator.compare(one, two);
      });
      body.append(...rows);
    });
  });
}

let filters = 0;
function makeFilter(table) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 5) return;
  const status = element("span", { class: "note", role: "status" });
  const id = `filter-${(filters += 1)}`;
  const words = element("input", { id, type: "search", autocomplete: "off" });
  const bar = element("div", { class: "tools" }, element("label", { class: "inline", for: id }, "Filter"), words);
  const chosen = [];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (!("filter" in head.dataset)) return;
    const values = [...new Set(rows.map((row) => row.cells[column].textContent.trim()))].sort(collator.compare);
    const options = ["", ...values].map((value) => element("option", { value }, value || "all"));
    const select = element("select", { "aria-label": head.textContent }, ...options);
    select.addEventListener("input", update);
    chosen.push([column, select]);
    bar.append(element("label", { class: "inline" }, head.textContent.trim(), select));
  });
  function update() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = (word) => text.includes(word);
      const picked = ([column, select]) => !select.value || row.cells[column].textContent.trim() === select.value;
      row.hidden = !(wanted.every(fits) && chosen.every(picked));
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = shown === rows.length ? "" : `${shown.toLocaleString()} of ${rows.length.toLocaleString()} rows`;
  }
  words.addEventListener("input", update);
  bar.append(status);
  table.closest(".wide").before(bar);
}

async function makeSearch(form) {
  const list = document.querySelector("[data-search-results]");
  const status = document.querySelector("[data-search-status]");
  const field = form.elements.q;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  status.textContent = "Loading the names…";
  const [rows] = await owltype.load([form.dataset.index], "names");
  const index = new MiniSearch({ fields: ["label"], searchOptions: { prefix: true, fuzzy: 0.2, combineWith: "AND" } });
  index.addAll(rows.map((row, id) => ({ id, label: row[0] })));
  function update() {
    const found = field.value.trim() ? index.search(field.value) : [];
    list.replaceChildren(
      ...found.slice(0, 100).map(({ id }) => {
        const [label, kind, href] = rows[id];
        return element("li", {}, element("a", { href, dir: "auto" }, label), " ", element("span", { class: "note" }, kind));
      }),
    );
    const cut = found.length > 100 ? ", the best 100 of them here" : "";
    status.textContent = field.value.trim() ? `${found.length.toLocaleString()} found${cut}` : `${rows.length.toLocaleString()} names`;
  }
  field.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?${new URLSearchParams({ q: field.value })}`);
    update();
    list.querySelector("a")?.focus();
  });
  update();
  if (!field.value) field.focus();
}

function makeTheme() {
  const kept = (value) => {
    try {
      return value === undefined ? localStorage.getItem("owltype-theme") : localStorage.setItem("owltype-theme", value);
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const shown = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  const button = element("button", { type: "button", class: "quiet theme" });
  const say = () => (button.textContent = shown() === "dark" ? "Light" : "Dark");
  if (["light", "dark"].includes(kept())) document.documentElement.dataset.theme = kept();
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = shown() === "dark" ? "light" : "dark";
    kept(document.documentElement.dataset.theme);
    say();
  });
  say();
  document.querySelector(".top")?.append(button);
}

// A server that watches the files tells when they have changed.
function follow() {
  const meta = document.querySelector('meta[name="owltype-events"]');
  if (!meta) return;
  let leaving = false;
  addEventListener("beforeunload", () => (leaving = true));
  new EventSource(meta.content).addEventListener("version", ({ data }) => {
    if (data === meta.dataset.version || leaving) return;
    if (!document.querySelector("[data-query]")) location.reload(); // what is typed there would be lost, and is asked of the new graph
  });
}

follow();
makeTheme();
for (const table of document.querySelectorAll("table[data-table]")) {
  makeFilter(table);
  makeSortable(table);
}
const search = document.querySelector("[data-search][data-index]");
if (search) makeSearch(search).catch((error) => (document.querySelector("[data-search-status]").textContent = error.message));
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
