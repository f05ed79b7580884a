// Resolves to "quiet" when the document has loaded and two consecutive frames passed without a change to it. After `limit`
// ms to "busy" if it was drawn again and again and is never quiet, to "starved" if it has not loaded or was hardly drawn.
// A page with a steady clock (steady.js) says whether it is about to do something, which is waited for up to a second.
((limit) => new Promise((resolve) => {
  const started = performance.now();
  let changed = false, quiet = 0, frames = 0;
  const observer = new MutationObserver(() => { changed = true; });
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const loading = () => document.readyState !== 'complete' || document.fonts.status === 'loading';
  const soon = window[Symbol.for('webvoyager.soon')] ?? (() => false);
  const about = () => performance.now() - started < 1000 && soon();
  const end = () => {
    observer.disconnect();
    resolve(quiet >= 2 ? 'quiet' : frames >= 20 && !loading() ? 'busy' : 'starved');
  };
  const frame = () => {
    frames += 1;
    quiet = changed || loading() || about() ? 0 : quiet + 1;
    changed = false;
    if (quiet >= 2 || performance.now() - started > limit) end();
    else requestAnimationFrame(frame);
  };
  setTimeout(end, limit + 100); // a page being replaced draws no frames
  requestAnimationFrame(frame);
}))
