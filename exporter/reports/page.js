"use strict";
const form = document.querySelector("form");
const articles = [...document.querySelectorAll("article")];
const shown = document.querySelector("output");

function apply() {
  const chosen = Object.fromEntries(new FormData(form));
  const words = chosen.words.toLowerCase();
  let count = 0;
  for (const article of articles) {
    const fits = ["code", "file", "shape", "severity"].every((name) => !chosen[name] || article.dataset[name] === chosen[name])
      && (!words || article.textContent.toLowerCase().includes(words));
    article.hidden = !fits;
    count += fits;
  }
  const kept = Object.entries(chosen).filter(([, value]) => value);
  history.replaceState(null, "", kept.length ? `#${new URLSearchParams(kept)}` : location.pathname);
  shown.textContent = `${count} of ${articles.length} shown`;
}

function read() {
  form.reset();
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  apply();
}

form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", read);
read();
