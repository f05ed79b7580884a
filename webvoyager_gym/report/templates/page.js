"use strict";
// Shows one frame at a time, and says which after the # of the address. Without this script all frames are there.
const panels = [...document.querySelectorAll(".episode")];
if (panels.length) {
  const frames = panels.map((panel) => [...panel.querySelectorAll(".frame")]);
  const cards = [...document.querySelectorAll(".card")];
  const bar = document.querySelector(".steps");
  const at = panels.map(() => 0);
  let episode = 0;

  const show = () => {
    panels.forEach((panel, e) => {
      panel.hidden = e !== episode;
      frames[e].forEach((frame, f) => (frame.hidden = f !== at[e]));
    });
    cards.forEach((card, e) => {
      const open = e === episode;
      card.classList.toggle("open", open);
      card.querySelector(".open")?.setAttribute("aria-pressed", String(open));
      card.querySelectorAll(".bead").forEach((bead, f) => {
        bead.classList.toggle("now", open && f === at[e]);
        if (open && f === at[e]) bead.setAttribute("aria-current", "step");
        else bead.removeAttribute("aria-current");
      });
    });
    const last = frames[episode].length - 1;
    const here = at[episode];
    bar.querySelector("output").textContent = here === last ? "end" : `step ${here + 1} of ${last}`;
    bar.querySelector('[data-go="-1"]').disabled = here === 0;
    bar.querySelector('[data-go="1"]').disabled = here === last;
    // The next picture comes while this one is looked at.
    frames[episode][here + 1]?.querySelector("img")?.setAttribute("loading", "eager");
  };
  const go = (e, f) => {
    episode = Math.min(Math.max(e, 0), panels.length - 1);
    at[episode] = Math.min(Math.max(f, 0), frames[episode].length - 1);
    show();
    history.replaceState(null, "", `#${episode + 1}.${at[episode] + 1}`);
  };

  document.querySelector(".cards").addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (!card) return;
    const e = cards.indexOf(card);
    const bead = event.target.closest("[data-frame]");
    go(e, bead ? Number(bead.dataset.frame) - 1 : at[e]);
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]");
    if (button) go(episode, at[episode] + Number(button.dataset.go));
  });
  document.addEventListener("keydown", (event) => {
    // A focused table scrolls with the arrow keys, and a field moves its cursor.
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.(".scroll, input, select")) return;
    if (event.key === "ArrowRight") go(episode, at[episode] + 1);
    else if (event.key === "ArrowLeft") go(episode, at[episode] - 1);
    else if (event.key === "Home") go(episode, 0);
    else if (event.key === "End") go(episode, Infinity);
    else if (Number(event.key) >= 1 && Number(event.key) <= panels.length) go(event.key - 1, at[event.key - 1]);
    else return;
    event.preventDefault();
  });

  bar.hidden = false;
  const hint = document.querySelector(".hint");
  if (hint) hint.hidden = false;
  const named = /^#(\d{1,4})\.(\d{1,4})$/.exec(location.hash);
  if (named) go(named[1] - 1, named[2] - 1);
  else show();
}
