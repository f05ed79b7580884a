"use strict";
// The keys of the viewer: a key presses the link or button that names it in data-key.
{
  const named = [...document.querySelectorAll("[data-key]")];
  const dialog = document.querySelector("dialog");
  const rows = [...document.querySelectorAll(".list a")];

  const focusRow = (by) => {
    const here = rows.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
    rows[next]?.focus();
  };

  document.querySelector("button.help")?.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.("input, select, dialog")) {
      if (event.key === "?" && dialog.open) dialog.close();
      else if (event.key === "Escape" && event.target.matches("input")) event.target.blur();
      return;
    }
    const key = event.key;
    const match = named.find((element) => element.dataset.key.split(" ").includes(key));
    if (match) {
      if (match.matches("input")) match.focus();
      else match.click();
    } else if (rows.length && (key === "j" || key === "ArrowDown")) focusRow(1);
    else if (rows.length && (key === "k" || key === "ArrowUp")) focusRow(-1);
    else return;
    event.preventDefault();
  });

  document.querySelectorAll(".filters select").forEach((menu) => menu.addEventListener("change", () => menu.form.requestSubmit()));
  document.querySelectorAll(".help, .toggle").forEach((element) => (element.hidden = false));
}
