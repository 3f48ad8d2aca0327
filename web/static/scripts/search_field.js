// The key / goes to the search field. The list of completions under it is an editable combobox with
// a listbox popup, by the WAI-ARIA Authoring Practices. Without this script the form works as it is.
"use strict";
(() => {
  const field = document.getElementById("q");
  const list = document.getElementById("suggestions");
  const status = document.getElementById("suggestions-status");
  if (!field || !list || !status || !window.fetch || !window.AbortController) return;
  const PAUSE = 120; // milliseconds without a keystroke before a request
  const address = list.dataset.address;
  let timer = 0;
  let request = null; // the controller of the open request
  let composing = false; // no request between compositionstart and compositionend
  let typed = field.value; // what the person typed, given back by Escape
  let active = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  // The reader's choice in the bar of hits, for all keys without a modifier (WCAG 2.1.4).
  const keysAreOff = () => {
    try {
      return localStorage.getItem("tangthu-hit-keys") === "off";
    } catch {
      return false; // storage is refused
    }
  };

  const isOpen = () => !list.hidden;

  const cancel = () => {
    clearTimeout(timer);
    if (request) request.abort();
    request = null;
  };

  const close = () => {
    cancel();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    const options = list.children;
    if (active >= 0) options[active].setAttribute("aria-selected", "false");
    active = index;
    if (index < 0) {
      field.removeAttribute("aria-activedescendant");
      field.value = typed;
      return;
    }
    options[index].setAttribute("aria-selected", "true");
    options[index].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[index].id);
    field.value = options[index].dataset.text;
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((suggestion, index) => {
        const option = document.createElement("li");
        option.id = `suggestion-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.text = suggestion.text;
        option.textContent = suggestion.text;
        return option;
      }),
    );
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = !suggestions.length;
    field.setAttribute("aria-expanded", String(isOpen()));
    status.textContent = suggestions.length ? list.dataset.count.replace("{count}", suggestions.length) : "";
  };

  const ask = async () => {
    cancel();
    const text = field.value;
    if (composing || !text.trim()) return close();
    const current = (request = new AbortController());
    try {
      const url = `${address}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(url, { signal: current.signal, headers: { Accept: "application/json" } });
      const suggestions = answer.ok ? (await answer.json()).suggestions : [];
      if (current === request && !composing && document.activeElement === field) show(suggestions);
    } catch {
      // Aborted, or the network is gone: the form works without a list.
    }
  };

  const schedule = () => {
    cancel();
    typed = field.value;
    if (!composing) timer = setTimeout(ask, PAUSE);
  };

  const submit = (index) => {
    field.value = list.children[index].dataset.text;
    typed = field.value;
    close();
    field.form.requestSubmit();
  };

  field.addEventListener("compositionstart", () => {
    composing = true;
    cancel();
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    schedule();
  });
  field.addEventListener("input", schedule);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (composing || event.isComposing || event.ctrlKey || event.metaKey) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = active + step;
      choose(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault(); // a second Escape clears the field, as browsers do
      field.value = typed;
      close();
    } else if (event.key === "Enter" && isOpen() && active >= 0) {
      event.preventDefault();
      submit(active);
    }
  });
  field.form.addEventListener("submit", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (keysAreOff()) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) submit([...list.children].indexOf(option));
  });
})();
