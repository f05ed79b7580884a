// The popover behind the buttons beside date fields: two weeks, from the field's day or the first one that can be picked.
// data-first: that day. data-weeks: as a calendar of weeks from Monday on; without it, a list of days.
(() => {
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  const DAY = 86400000;
  const first = Date.parse(document.currentScript.dataset.first);
  const weeks = "weeks" in document.currentScript.dataset;
  let open = null;

  const read = (text) => {
    const match = /^\s*(\d{1,2}) ([A-Za-z]+) (\d{4})\s*$/.exec(text);
    const month = match ? MONTHS.findIndex((name) => name.toLowerCase() === match[2].toLowerCase()) : -1;
    return month < 0 ? NaN : Date.UTC(Number(match[3]), month, Number(match[1]));
  };
  const aligned = (time) => (weeks ? time - ((new Date(time).getUTCDay() + 6) % 7) * DAY : time);
  const close = () => {
    if (open) open.remove();
    open = null;
  };
  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const button = (text, key, parent, act) => {
    const element = make("button", text, parent);
    element.type = "button";
    element.dataset.key = key;
    element.addEventListener("click", act);
    return element;
  };

  const show = (input, from) => {
    close();
    const start = Math.max(aligned(first), aligned(from));
    open = document.createElement("div");
    open.className = "popover picker";
    open.setAttribute("role", "dialog");
    open.setAttribute("aria-label", "Pick a day");
    for (const name of weeks ? DAYS : []) make("span", name, open);
    for (let number = 0; number < 14; number += 1) {
      const day = new Date(start + number * DAY);
      const text = `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
      if (day.getTime() < first) {
        make("span", String(day.getUTCDate()), open).className = "past";
        continue;
      }
      const label = button(weeks ? String(day.getUTCDate()) : text, `day-${day.toISOString().slice(0, 10)}`, open, () => {
        input.value = `${text} ${day.getUTCFullYear()}`;
        close();
      });
      label.setAttribute("aria-label", text);
    }
    const foot = make("div", "", open);
    foot.className = "picker-foot";
    button("Earlier", "picker-earlier", foot, () => show(input, start - 14 * DAY));
    button("Later", "picker-later", foot, () => show(input, start + 14 * DAY));
    button("Close", "picker-close", foot, close);
    input.closest(".date").append(open);
  };

  for (const opener of document.querySelectorAll("[data-pick]")) {
    const input = opener.parentElement.querySelector("input");
    opener.addEventListener("click", () => (open && opener.closest(".date").contains(open) ? close() : show(input, read(input.value) || first)));
  }
  for (const event of ["pointerdown", "focusin"]) {
    document.addEventListener(event, ({target}) => {
      if (open && !open.parentElement.contains(target)) close();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
