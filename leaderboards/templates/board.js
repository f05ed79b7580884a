"use strict";
// Sorts and filters the tables. What is wanted is kept in the address, so that a view can be sent to somebody. Without
// this script the tables are whole, in the order of success.
const wanted = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
const keep = () => {
  const text = wanted.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
};
const set = (key, value) => {
  if (value) wanted.set(key, value);
  else wanted.delete(key);
  keep();
};

for (const table of document.querySelectorAll("table[id^='board-']")) {
  const name = table.id.slice("board-".length);
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];

  const sort = (column, descending) => {
    const numbers = headings[column].dataset.sort !== "text";
    const value = (row) => {
      const text = row.cells[column].dataset.value ?? "";
      return numbers ? Number.parseFloat(text) : text;
    };
    const rows = [...body.rows].map((row) => [value(row), row]);
    // What has no value stays last, whichever way.
    rows.sort(([a], [b]) => {
      if (numbers && (Number.isNaN(a) || Number.isNaN(b))) return Number.isNaN(a) - Number.isNaN(b);
      const order = numbers ? a - b : a.localeCompare(b, "en");
      return descending ? -order : order;
    });
    body.append(...rows.map(([, row]) => row));
    headings.forEach((heading, at) => {
      if (at === column) heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    });
  };

  headings.forEach((heading, column) => {
    if (!heading.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const descending = now ? now === "ascending" : heading.dataset.sort === "largest";
      sort(column, descending);
      set(`${name}.sort`, `${column}${descending ? "-" : ""}`);
    });
  });

  const form = document.querySelector(`form[data-for="${name}"]`);
  const filter = () => {
    if (!form) return;
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = form.elements.kind.value;
    const proposer = form.elements.proposer?.value ?? "";
    let shown = 0;
    for (const row of body.rows) {
      row.hidden =
        (kind && row.dataset.kind !== kind) ||
        (proposer && row.dataset.proposer !== proposer) ||
        !words.every((word) => row.dataset.text.includes(word));
      shown += !row.hidden;
    }
    form.querySelector("output").textContent =
      shown === body.rows.length ? `${shown} rows` : `${shown} of ${body.rows.length} rows`;
  };
  if (form) {
    for (const field of form.elements) {
      if (!field.name) continue;
      const key = `${name}.${field.name}`;
      field.value = wanted.get(key) ?? "";
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
      field.addEventListener("input", () => {
        filter();
        set(key, field.value);
      });
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    filter();
  }
  const asked = /^(\d{1,2})(-?)$/.exec(wanted.get(`${name}.sort`) ?? "");
  if (asked && headings[asked[1]]?.dataset.sort) sort(Number(asked[1]), asked[2] === "-");
}
