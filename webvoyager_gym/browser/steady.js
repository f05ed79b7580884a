// Runs before anything else in every document of a page that is recorded or replayed: its clock and its chance follow
// from `start`, which is {now: ms since 1970, seed: 0 to 2**32 - 1}, and from what the page does, so that both times they
// are the same. The clock stands at `now` and goes on when a timer fires, by what that timer was to wait.
((start) => {
  // Chance: mulberry32, another sequence for every address.
  let state = start.seed | 0;
  for (const letter of location.href) state = (Math.imul(state, 31) + letter.codePointAt(0)) | 0;
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  Math.random = () => draw() / 2 ** 32;
  const fill = Crypto.prototype.getRandomValues;
  Crypto.prototype.getRandomValues = function (array) {
    fill.call(this, array); // Throws at what is no array of integers.
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at++) bytes[at] = draw();
    return array;
  };
  if (Crypto.prototype.randomUUID) {
    Crypto.prototype.randomUUID = () => {
      const digits = Array.from({ length: 4 }, () => draw().toString(16).padStart(8, '0')).join('').split('');
      digits[12] = '4';
      digits[16] = '89ab'[parseInt(digits[16], 16) % 4];
      return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    };
  }

  // Who asks for the time again and again without a pause waits for it to go on, and it does. What is drawn frame by
  // frame takes the time that it takes.
  const PATIENCE = 1000;
  let past = 0, asked = 0, drawing = false;
  const now = () => {
    if (asked++ === 0) Promise.resolve().then(() => { asked = 0; });
    if (asked > PATIENCE) past += 1;
    return start.now + (drawing ? Math.max(past, Math.floor(performance.now())) : past);
  };
  const steady = new Proxy(Date, {
    construct: (real, parts, target) => Reflect.construct(real, parts.length ? parts : [now()], target === steady ? real : target),
    apply: () => new Date(now()).toString(),
    get: (real, key) => (key === 'now' ? now : Reflect.get(real, key)),
  });
  window.Date = steady;
  steady.prototype.constructor = steady;
  Object.defineProperty(Performance.prototype, 'timeOrigin', { get: () => start.now });
  if (window.Temporal) {
    const zoned = (zone = 'UTC') => Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(zone);
    Object.assign(Temporal.Now, {
      instant: () => zoned().toInstant(),
      zonedDateTimeISO: zoned,
      plainDateTimeISO: (zone) => zoned(zone).toPlainDateTime(),
      plainDateISO: (zone) => zoned(zone).toPlainDate(),
      plainTimeISO: (zone) => zoned(zone).toPlainTime(),
    });
  }
  const frame = window.requestAnimationFrame;
  window.requestAnimationFrame = (call) => frame.call(window, (time) => {
    drawing = true;
    try { call(time); } finally { drawing = false; }
  });

  // What is about to happen within a second is waited for before the page is looked at (settle.js).
  const SOON = 1000;
  const soon = new Set();
  Object.defineProperty(window, Symbol.for('webvoyager.soon'), { value: () => soon.size > 0 });
  const wait = window.setTimeout, stop = window.clearTimeout, repeat = window.setInterval;
  window.setTimeout = (call, delay = 0, ...rest) => {
    if (typeof call !== 'function') return wait.call(window, call, delay, ...rest);
    const due = past + Math.max(0, Math.floor(+delay) || 0);
    const timer = wait.call(window, () => {
      soon.delete(timer);
      past = Math.max(past, due);
      call.apply(window, rest);
    }, delay);
    if (due - past <= SOON) soon.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => { soon.delete(timer); stop.call(window, timer); };
  window.setInterval = (call, delay = 0, ...rest) => {
    if (typeof call !== 'function') return repeat.call(window, call, delay, ...rest);
    let due = past;
    return repeat.call(window, () => {
      due += Math.max(1, Math.floor(+delay) || 0);
      past = Math.max(past, due);
      call.apply(window, rest);
    }, delay);
  };
})
