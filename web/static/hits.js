// Steps from hit to hit by buttons and by the keys n and p, which can be turned off. Without this
// script the first hit is a link, and every hit a link to the next one.
"use strict";
(() => {
  const steps = document.querySelector("nav.steps");
  if (!steps) return;
  const all = document.querySelectorAll("a.hit");
  const place = steps.querySelector("output");
  const keys = steps.querySelector("input");
  const KEPT = "tangthu-hit-keys";
  let current = -1;

  const firstBelow = () => {
    for (let at = 0; at < all.length; at++) {
      if (all[at].getBoundingClientRect().top >= 0) return at;
    }
    return 0;
  };

  const go = (step) => {
    if (current < 0) current = step > 0 ? firstBelow() : firstBelow() - 1;
    else current += step;
    current = (current + all.length) % all.length;
    const hit = all[current];
    hit.focus({ preventScroll: true });
    hit.scrollIntoView({ block: "center" });
    history.replaceState(null, "", "#" + hit.id);
    place.textContent = current + 1 + " / " + all.length;
  };

  const remembered = (value) => {
    try {
      if (value !== undefined) localStorage.setItem(KEPT, value);
      return localStorage.getItem(KEPT);
    } catch {
      return null; // storage is refused: the keys stay as the page has them
    }
  };

  const named = /^#h(\d+)$/.exec(location.hash);
  if (named && named[1] >= 1 && named[1] <= all.length) current = named[1] - 1;
  keys.checked = remembered() !== "off";
  keys.addEventListener("change", () => remembered(keys.checked ? "on" : "off"));
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
