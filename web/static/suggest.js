// The list of completions under the search field: an editable combobox with a listbox popup, by
// the WAI-ARIA Authoring Practices. Without this script the form works as it is.
"use strict";
(() => {
  const field = document.getElementById("q");
  const list = document.getElementById("suggestions");
  const status = document.getElementById("suggestions-status");
  if (!field || !list || !status || !window.fetch || !window.AbortController) return;
  const PAUSE = 120; // milliseconds without a keystroke before the archive is asked
  const address = list.dataset.address;
  let timer = 0;
  let asking = null; // the request under way
  let composing = false; // between compositionstart and compositionend nothing is asked
  let typed = field.value; // what the person typed, given back by Escape
  let active = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  const isOpen = () => !list.hidden;

  const forget = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
  };

  const close = () => {
    forget();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (at) => {
    const options = list.children;
    if (active >= 0) options[active].setAttribute("aria-selected", "false");
    active = at;
    if (at < 0) {
      field.removeAttribute("aria-activedescendant");
      field.value = typed;
      return;
    }
    options[at].setAttribute("aria-selected", "true");
    options[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[at].id);
    field.value = options[at].dataset.text;
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((one, at) => {
        const option = document.createElement("li");
        option.id = `suggestion-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.text = one.text;
        option.textContent = one.text;
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
    forget();
    const text = field.value;
    if (composing || !text.trim()) return close();
    const mine = (asking = new AbortController());
    try {
      const url = `${address}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (mine === asking && !composing && document.activeElement === field) show(found);
    } catch {
      // Aborted, or the network is gone: the form works without a list.
    }
  };

  const later = () => {
    forget();
    typed = field.value;
    if (!composing) timer = setTimeout(ask, PAUSE);
  };

  const submit = (at) => {
    field.value = list.children[at].dataset.text;
    typed = field.value;
    close();
    field.form.requestSubmit();
  };

  field.addEventListener("compositionstart", () => {
    composing = true;
    forget();
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    later();
  });
  field.addEventListener("input", later);
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
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) submit([...list.children].indexOf(option));
  });
})();
