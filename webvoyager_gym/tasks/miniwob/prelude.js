// Runs before anything else on a page of MiniWoB++: makes it the same each time, marks what can be clicked, and starts
// the episode. `episode` is {now: ms since 1970, seed: text or null, mode: "train" or "test"}; without a seed none starts.
((episode) => {
  // Random from the first script on; the page's own generator is seeded when the episode starts.
  let state = 1;
  Math.random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };

  // The clock stands while the problem is made, so that no page shows when it was opened; then it runs, for animations.
  let begun = null;
  const now = () => episode.now + (begun === null ? 0 : Math.floor(performance.now() - begun));
  window.Date = new Proxy(Date, {
    construct: (real, parts, target) => Reflect.construct(real, parts.length ? parts : [now()], target),
    apply: (real) => new real(now()).toString(),
    get: (real, key) => (key === 'now' ? now : Reflect.get(real, key)),
  });

  // Nothing moves between two actions: what a page does again and again is not done, and one that is about to do
  // something within a second is kept changing, so that it is looked at afterwards.
  const SOON = 1000;
  const wait = window.setTimeout, stop = window.clearTimeout;
  const soon = new Set();
  const hold = () => {
    document.documentElement.toggleAttribute('data-soon');
    if (soon.size) requestAnimationFrame(hold);
    else document.documentElement.removeAttribute('data-soon');
  };
  window.setInterval = () => 0;
  window.setTimeout = (call, delay = 0, ...rest) => {
    if (typeof call !== 'function' || !(delay > 0 && delay < SOON)) return wait(call, delay, ...rest);
    const timer = wait(() => { soon.delete(timer); call(...rest); }, delay);
    soon.add(timer);
    if (soon.size === 1) requestAnimationFrame(hold);
    return timer;
  };
  window.clearTimeout = (timer) => { soon.delete(timer); stop(timer); };

  // Pages listen for clicks on elements that do not say they can be clicked; these get the role of a button. Not so what
  // only listens for its parts: drawings with clickable shapes, items with such items or with controls inside.
  const CONTROLS = 'a[href],button,input,select,textarea,[role=menuitem]';
  const SAID = CONTROLS + ',option,label,form,html,body,[role]:not([data-clicked]),[tabindex]:not([tabindex="-1"])';
  const clicked = new Set();
  const itself = (element) => {
    const parts = element.tagName === 'svg' ? '[data-clicked]' : `${element.tagName}[data-clicked],${CONTROLS}`;
    const listeners = window.jQuery?._data?.(element, 'events')?.click;
    return !element.querySelector(parts) && !(listeners?.length && listeners.length === listeners.delegateCount);
  };
  const give = () => {
    for (const element of clicked) {
      const wanted = itself(element);
      if (wanted === (element.getAttribute('role') === 'button')) continue;
      if (!wanted) element.removeAttribute('role');
      else {
        element.setAttribute('role', 'button');
        if (element instanceof SVGElement) element.setAttribute('aria-label', element.textContent.trim());
      }
    }
  };
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if ((kind === 'click' || kind === 'mouseup') && this instanceof Element && !this.matches(SAID)) {
      this.setAttribute('data-clicked', '');
      clicked.add(this);
    }
    return listen.call(this, kind, ...rest);
  };
  new MutationObserver(give).observe(document, { subtree: true, childList: true, attributeFilter: ['data-clicked'] });

  // A picture that is fetched only when the mouse is there has no size yet when the button goes down, and is missed.
  const pictures = [];
  const fetchPictures = () => {
    for (const style of document.querySelectorAll('style')) {
      for (const [, address] of style.textContent.matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
        const picture = new Image();
        picture.src = address;
        pictures.push(picture);
      }
    }
  };

  const start = () => {
    if (window.jQuery) jQuery.fx.off = true;
    core.EPISODE_MAX_TIME = 2 ** 31 - 1;
    core.setDataMode(episode.mode);
    Math.seedrandom(episode.seed);
    core.startEpisodeReal();
    begun = performance.now();
  };
  listen.call(document, 'DOMContentLoaded', () => {
    fetchPictures();
    // By now the page has said what it does on load; the episode starts after that.
    if (episode.seed !== null) listen.call(window, 'load', start);
  });
})
