// Reads a page in one call and changes nothing in it: interactive elements, visible text, scroll position.
// Returns {marks: [...], lines: [...], offscreen: [...], scroll: [top, viewport, page], url, title, foreign}.
// A line is {m: index into marks} or {t: text}. `foreign` counts iframes whose document cannot be read from here.
// `seen` is the part of the viewport that can be seen, as [left, top, right, bottom]; the rest of it is off screen.
(seen = [0, 0, innerWidth, innerHeight]) => {
  const INTERACTIVE = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[contenteditable=""],' +
    '[contenteditable=true],[onclick],[tabindex]:not([tabindex="-1"]),[role=button],[role=link],[role=checkbox],' +
    '[role=radio],[role=switch],[role=tab],[role=menuitem],[role=menuitemcheckbox],[role=menuitemradio],[role=option],' +
    '[role=combobox],[role=textbox],[role=searchbox],[role=slider],[role=spinbutton],[role=treeitem],[role=gridcell][tabindex]';
  const CONTROL = 'a[href],button,input,select,textarea,[role=button],[role=menuitem],[role=treeitem]';
  const MAX_MARKS = 400, MAX_OFFSCREEN = 600, MAX_LINES = 600;
  // Of one list, of all lists of a page together, and of one list when those are used up.
  const MAX_OPTIONS = 500, MAX_OPTIONS_IN_ALL = 4000, MIN_OPTIONS = 60, MAX_LABEL = 300;
  const [minX, minY, maxX, maxY] = seen;
  const marks = [], lines = [], offscreen = [];
  let foreign = 0, open = null, optionsLeft = MAX_OPTIONS_IN_ALL;

  const fold = (text, limit) => {
    const folded = (text || '').replace(/\s+/g, ' ').trim();
    // A character of two code units is not cut in half.
    return folded.length > limit ? folded.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '') + '…' : folded;
  };
  const blocks = new Map();
  const blockOf = (element) => {
    if (blocks.has(element)) return blocks.get(element);
    let block = element;
    while (block.parentElement) {
      const tag = block.tagName;
      if (tag !== 'TD' && tag !== 'TH' && tag !== 'DT' && tag !== 'DD') {
        const display = getComputedStyle(block).display;
        if (!display.startsWith('inline') && display !== 'contents' && display !== 'table-cell') break;
      }
      block = block.parentElement;
    }
    blocks.set(element, block);
    return block;
  };
  const deepest = (root, x, y) => {
    let hit = root.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const composedContains = (ancestor, node) => {
    for (let at = node; at; at = at.assignedSlot || at.parentNode || at.host) if (at === ancestor) return true;
    return false;
  };
  const role = (element) => {
    const given = element.getAttribute('role');
    if (given) return given.split(' ')[0];
    const tag = element.tagName.toLowerCase();
    if (tag === 'a') return 'link';
    if (tag === 'select') return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
    if (tag === 'textarea' || element.isContentEditable) return 'textbox';
    if (tag === 'input') {
      const type = element.type;
      if (type === 'checkbox' || type === 'radio') return type;
      if (type === 'range') return 'slider';
      if (type === 'number') return 'spinbutton';
      if (type === 'search') return 'searchbox';
      if (type === 'file') return 'file';
      return ['submit', 'button', 'reset', 'image', 'color'].includes(type) ? 'button' : 'textbox';
    }
    return 'button';
  };
  const name = (element) => {
    const labelled = element.getAttribute('aria-labelledby');
    const root = element.getRootNode();
    if (labelled) {
      const text = labelled.split(/\s+/).map((id) => root.getElementById?.(id)?.innerText || '').join(' ');
      if (text.trim()) return fold(text, 160);
    }
    const label = element.getAttribute('aria-label');
    if (label) return fold(label, 160);
    const field = element.matches('input,select,textarea');
    if (field && element.labels && element.labels.length)
      return fold([...element.labels].map((l) => l.innerText).join(' '), 160);
    if (field && ['submit', 'button', 'reset'].includes(element.type)) return fold(element.value, 160);
    if (!field && !element.isContentEditable) {
      const text = fold(element.innerText, 160);
      if (text) return text;
      const image = element.querySelector('img[alt]');
      if (image && image.alt) return fold(image.alt, 160);
    }
    const said = element.getAttribute('title') || element.getAttribute('placeholder') || element.getAttribute('alt');
    return fold(said || (/^(date|time|month|week|datetime-local)$/.test(field && element.type) ? element.type : ''), 160);
  };
  const describe = (element, rect, dx, dy) => {
    const kind = role(element);
    const mark = {
      r: kind, n: name(element), b: [rect.x + dx, rect.y + dy, rect.width, rect.height].map(Math.round),
      k: element.dataset.key || element.getAttribute('name') || element.id || '',
    };
    if (element.tagName === 'A') {
      const url = new URL(element.href, document.baseURI);
      mark.h = url.origin === location.origin ? url.pathname + url.search : url.href;
    }
    if (element.tagName === 'SELECT') {
      const shown = Math.min(MAX_OPTIONS, Math.max(optionsLeft, MIN_OPTIONS));
      mark.o = [...element.options].slice(0, shown).map((o) => fold(o.label, MAX_LABEL));
      optionsLeft -= mark.o.length;
      mark.cut = mark.o.length < element.options.length || mark.o.some((label) => label.endsWith('…'));
      mark.v = fold([...element.selectedOptions].map((o) => o.label).join(', '), 160);
    } else if (kind === 'checkbox' || kind === 'radio' || kind === 'switch') {
      mark.c = element.checked ?? element.getAttribute('aria-checked') === 'true';
    } else if (element.getAttribute('aria-pressed')) {
      mark.c = element.getAttribute('aria-pressed') === 'true';
    } else if (element.getAttribute('aria-selected') === 'true' || (element.getAttribute('aria-current') || 'false') !== 'false') {
      mark.c = true;
    } else if (element.matches('input,textarea') && kind !== 'button') {
      mark.v = element.type === 'password' ? '•'.repeat(element.value.length) : fold(element.value, 160);
    } else if (element.isContentEditable) mark.v = fold(element.innerText, 160);
    return mark;
  };
  const addText = (parent, text, root, dx, dy, range) => {
    if (lines.length >= MAX_LINES) return;
    const rect = range.getBoundingClientRect();
    if (!rect.width || !rect.height) return;
    const x = rect.x + rect.width / 2, y = rect.y + rect.height / 2;
    if (x + dx < minX || y + dy < minY || x + dx >= maxX || y + dy >= maxY) return;
    const hit = deepest(root, x, y);
    if (hit && !composedContains(hit, parent) && !composedContains(parent, hit)) return;
    const block = blockOf(parent);
    if (open && open.block === block) {
      if (open.cell !== (open.cell = parent.closest('td,th'))) open.line.t += ' |';
      open.line.t += (/\s$/.test(open.line.t) ? '' : ' ') + text;
    } else {
      const heading = parent.closest('h1,h2,h3');
      open = {block, cell: parent.closest('td,th'), line: {t: (heading ? '# ' : '') + text}};
      lines.push(open.line);
    }
  };
  const range = document.createRange();

  const visit = (node, root, dx, dy, inside) => {
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 3) {
        if (inside || !child.data.trim()) continue;
        const parent = child.parentElement || node.host;
        if (parent.closest('label')?.control) continue; // it is the control's name
        if (!parent.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        range.selectNodeContents(child);
        addText(parent, fold(child.data, 400), root, dx, dy, range);
      } else if (child.nodeType === 1) {
        const tag = child.tagName;
        if (tag === 'SCRIPT' || tag === 'STYLE' || tag === 'NOSCRIPT' || tag === 'TEMPLATE' || tag === 'OPTION') continue;
        if (tag === 'IFRAME' || tag === 'FRAME') {
          const box = child.getBoundingClientRect();
          let inner = null;
          try { inner = child.contentDocument; } catch (error) { inner = null; }
          if (inner && inner.body) visit(inner.body, inner, dx + box.x + child.clientLeft, dy + box.y + child.clientTop, false);
          else foreign += 1;
          continue;
        }
        let within = inside;
        if (child.matches(INTERACTIVE) && (!inside || child.matches(CONTROL))) {
          const disabled = child.disabled || child.getAttribute('aria-disabled') === 'true';
          if (child.checkVisibility({visibilityProperty: true, opacityProperty: true})) {
            const all = child.getClientRects();
            const rect = all.length > 1 && getComputedStyle(child).display === 'inline' ? all[0] : child.getBoundingClientRect();
            if (rect.width >= 2 && rect.height >= 2) {
              const left = Math.max(rect.left, minX - dx, 0), right = Math.min(rect.right, maxX - dx);
              const top = Math.max(rect.top, minY - dy, 0), bottom = Math.min(rect.bottom, maxY - dy);
              const x = (left + right) / 2, y = (top + bottom) / 2;
              const middle = rect.top + rect.height / 2 + dy;
              const centreIn = middle < maxY && middle >= minY || bottom - top > 40;
              if (right > left && bottom > top && centreIn) {
                const hit = deepest(root, x, y);
                const label = hit && hit.closest && hit.closest('label');
                if (hit && (composedContains(child, hit) || (label && label.control === child))) {
                  if (!disabled && marks.length < MAX_MARKS) {
                    const mark = describe(child, {x: left, y: top, width: right - left, height: bottom - top}, dx, dy);
                    marks.push(mark); lines.push({m: marks.length - 1}); open = null;
                    within = true;
                  }
                }
              } else if (!disabled && offscreen.length < MAX_OFFSCREEN) {
                offscreen.push(describe(child, rect, dx, dy));
              }
            }
          }
        }
        if (child.shadowRoot) visit(child.shadowRoot, child.shadowRoot, dx, dy, within);
        if (tag === 'SELECT' || tag === 'TEXTAREA') continue;
        // A drawing's controls are marks; its text is part of the picture.
        visit(child, root, dx, dy, within || tag === 'svg');
      }
    }
  };
  if (document.body) visit(document.body, document, 0, 0, false);
  const scroller = document.scrollingElement || document.documentElement;
  const reading = {
    marks, lines, offscreen, foreign, url: location.href, title: fold(document.title, 400),
    scroll: [scroller ? scroller.scrollTop : 0, innerHeight, scroller ? scroller.scrollHeight : innerHeight].map(Math.round),
  };
  // Half a character, which scripts can put anywhere, is no text: no encoder takes it.
  return JSON.stringify(reading, (_, value) => typeof value === 'string' ? value.toWellFormed() : value);
}
