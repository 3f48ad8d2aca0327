// Steps from hit to hit by buttons and by the keys n and p, which can be turned off. Without this
// script the bar has a link to the first hit.
"use strict";
(() => {
  const steps = document.querySelector("nav.steps");
  if (!steps) return;
  const hits = document.querySelectorAll("mark[id]");
  const position = steps.querySelector("output");
  const keys = steps.querySelector("input");
  const STORAGE_KEY = "tangthu-hit-keys";
  const header = document.querySelector(".top");
  let current = -1;

  const firstBelow = () => {
    const top = Math.max(0, header.getBoundingClientRect().bottom); // it may stay above the text
    for (let index = 0; index < hits.length; index++) {
      if (hits[index].getBoundingClientRect().top >= top) return index;
    }
    return 0;
  };

  const go = (step) => {
    if (current < 0) current = step > 0 ? firstBelow() : firstBelow() - 1;
    else current += step;
    current = (current + hits.length) % hits.length;
    const hit = hits[current];
    hit.tabIndex = -1; // takes the focus, and is no stop of the Tab key
    hit.focus({ preventScroll: true });
    hit.scrollIntoView({ block: "center" });
    history.replaceState(null, "", "#" + hit.id);
    position.textContent = current + 1 + " / " + hits.length;
  };

  const setting = (value) => {
    try {
      if (value !== undefined) localStorage.setItem(STORAGE_KEY, value);
      return localStorage.getItem(STORAGE_KEY);
    } catch {
      return null; // storage is refused: the keys stay as the page has them
    }
  };

  const anchor = /^#h(\d+)$/.exec(location.hash);
  if (anchor && anchor[1] >= 1 && anchor[1] <= hits.length) current = anchor[1] - 1;
  keys.checked = setting() !== "off";
  keys.addEventListener("change", () => setting(keys.checked ? "on" : "off"));
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) go(Number(button.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "n") go(1);
    else if (event.key === "p") go(-1);
    else return;
    event.preventDefault();
  });
  steps.querySelector(".stepping").hidden = false;
})();
