// The list of days behind the buttons beside date fields: two weeks at a time, from the field's day or today.
(() => {
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const DAY = 86400000;
  const today = Date.parse(document.currentScript.dataset.today);
  let open = null;

  const words = (time) => {
    const day = new Date(time);
    return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
  };

  const read = (text) => {
    const match = /^\s*(\d{1,2}) ([A-Za-z]+) (\d{4})\s*$/.exec(text);
    const month = match ? MONTHS.findIndex((name) => name.toLowerCase() === match[2].toLowerCase()) : -1;
    return month < 0 ? NaN : Date.UTC(Number(match[3]), month, Number(match[1]));
  };

  const close = () => {
    if (open) open.remove();
    open = null;
  };

  const button = (text, key, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.dataset.key = key;
    element.addEventListener("click", act);
    return element;
  };

  const show = (input, from) => {
    close();
    const start = Math.max(today, from);
    open = document.createElement("div");
    open.className = "popover picker";
    open.setAttribute("role", "dialog");
    open.setAttribute("aria-label", "Pick a day");
    for (let number = 0; number < 14; number += 1) {
      const time = start + number * DAY;
      open.append(button(words(time), `day-${new Date(time).toISOString().slice(0, 10)}`, () => {
        input.value = `${words(time)} ${new Date(time).getUTCFullYear()}`;
        close();
      }));
    }
    const foot = document.createElement("div");
    foot.className = "picker-foot";
    foot.append(button("Earlier", "picker-earlier", () => show(input, start - 14 * DAY)));
    foot.append(button("Later", "picker-later", () => show(input, start + 14 * DAY)));
    foot.append(button("Close", "picker-close", close));
    open.append(foot);
    input.closest(".date").append(open);
  };

  for (const opener of document.querySelectorAll("[data-pick]")) {
    const input = opener.parentElement.querySelector("input");
    opener.addEventListener("click", () => (open && opener.closest(".date").contains(open) ? close() : show(input, read(input.value) || today)));
  }
  document.addEventListener("pointerdown", (event) => {
    if (open && !open.parentElement.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("focusin", (event) => {
    if (open && !open.parentElement.contains(event.target)) close();
  });
})();
