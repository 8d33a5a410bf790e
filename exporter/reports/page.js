"use strict";
const form = document.querySelector("form");
const articles = [...document.querySelectorAll("article")];
const shown = document.querySelector("output");

function apply() {
  const chosen = Object.fromEntries(new FormData(form));
  const words = chosen.words.toLowerCase();
  let count = 0;
  for (const article of articles) {
    const fits = ["file", "shape", "severity"].every((name) => !chosen[name] || article.dataset[name] === chosen[name])
      && (!words || article.textContent.toLowerCase().includes(words));
    article.hidden = !fits;
    count += fits;
  }
  shown.textContent = `${count} of ${articles.length} shown`;
}

form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
apply();
