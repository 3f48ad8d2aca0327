// Buttons that copy a reference or an address, or hand the article to the device's own sharing.
// Without this script they stay hidden: both texts can be selected.
"use strict";
(() => {
  const buttons = document.querySelector(".copying");
  if (!buttons || !navigator.clipboard) return; // browsers give a clipboard to https alone
  const status = buttons.querySelector("[role=status]");
  const share = buttons.querySelector("[data-share]");
  const address = document.getElementById("address").href;
  share.hidden = !navigator.share;
  buttons.hidden = false;
  buttons.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    try {
      if (button === share) await navigator.share({ title: share.dataset.share, url: address });
      else {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        status.textContent = buttons.dataset.done;
      }
    } catch {
      status.textContent = ""; // refused or broken off: nothing was copied
    }
  });
})();
