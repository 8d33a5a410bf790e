"use strict";
const form = document.querySelector("form");
const words = form.elements.words;
const shown = form.querySelector("output");
const sections = [...document.querySelectorAll(".class")].map((element) => ({
  element,
  head: [...element.children].filter((child) => !child.matches(".key, details")).map((child) => child.textContent).join(" ").toLowerCase(),
  keys: [...element.querySelectorAll(".key")].map((key) => ({ element: key, text: key.textContent.toLowerCase() })),
}));

function filter() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text) => wanted.every((word) => text.includes(word));
  let count = 0;
  let total = 0;
  for (const { element, head, keys } of sections) {
    let some = holds(head);
    for (const key of keys) {
      const fits = holds(key.text);
      key.element.hidden = !fits && !(some && !keys.some((other) => holds(other.text)));
      some ||= fits;
      count += !key.element.hidden;
      total += 1;
    }
    element.hidden = !some;
    for (const unused of element.querySelectorAll(".unused")) {
      unused.open = wanted.length > 0 && keys.some((key) => !key.element.hidden && unused.contains(key.element));
    }
  }
  shown.textContent = wanted.length ? `${count} of ${total} keys` : "";
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
words.addEventListener("input", filter);
function show() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.closest("[hidden]")) {
    words.value = "";
    filter();
  }
  const closed = target?.closest("details:not([open])");
  if (closed) closed.open = true;
  target?.scrollIntoView();
}

addEventListener("hashchange", show);
if (location.hash) show();
