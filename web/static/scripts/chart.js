// A range of time by dragging over the bars of the chart. Without this script a range is chosen by
// two bars, one after the other, or by the two fields of the filters.
"use strict";
(() => {
  const figure = document.querySelector("figure.histogram[data-range]");
  if (!figure) return;
  const bars = [...figure.querySelectorAll("a[data-time]")];
  let first = null; // the bar where the pointer went down
  let last = null;

  const barAt = (event) => {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    return target && target.closest("a[data-time]");
  };

  const mark = () => {
    const [low, high] = [bars.indexOf(first), bars.indexOf(last)].sort((a, b) => a - b);
    bars.forEach((bar, index) => bar.classList.toggle("dragged", index >= low && index <= high));
  };

  figure.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) first = last = barAt(event);
  });
  figure.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointermove", (event) => {
    if (!first) return;
    const bar = barAt(event);
    if (!bar || bar === last || !bars.includes(bar)) return;
    last = bar;
    mark();
  });
  document.addEventListener("pointerup", () => {
    const range = [first, last].filter(Boolean).sort((a, b) => bars.indexOf(a) - bars.indexOf(b));
    const isDrag = first && last && first !== last;
    first = last = null;
    if (!isDrag) return bars.forEach((bar) => bar.classList.remove("dragged"));
    const address = figure.dataset.range;
    location.assign(
      address
        .replace("%7Bfrom%7D", encodeURIComponent(range[0].dataset.time))
        .replace("%7Bto%7D", encodeURIComponent(range[1].dataset.end || range[1].dataset.time)),
    );
  });
})();
