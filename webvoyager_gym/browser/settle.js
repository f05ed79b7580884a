// Resolves when the document has loaded and two consecutive frames passed without a change to it, or after `limit` ms.
((limit) => new Promise((resolve) => {
  const started = performance.now();
  let changed = false, quiet = 0;
  const observer = new MutationObserver(() => { changed = true; });
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const frame = () => {
    const loading = document.readyState !== 'complete' || document.fonts.status === 'loading';
    quiet = changed || loading ? 0 : quiet + 1;
    changed = false;
    if (quiet >= 2 || performance.now() - started > limit) { observer.disconnect(); resolve(quiet >= 2); }
    else requestAnimationFrame(frame);
  };
  setTimeout(() => { observer.disconnect(); resolve(false); }, limit + 100); // a page being replaced draws no frames
  requestAnimationFrame(frame);
}))
