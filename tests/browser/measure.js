// What stands on the page now, for legibility.py to judge: letters, targets, what leaves the screen.
() => {
  const page = document.querySelector('#page'), main = page.querySelector('main');
  const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !node.closest('.unseen, [aria-hidden=true], .stage');
  const box = (node) => { const r = node.getBoundingClientRect(); return { x: r.x, y: r.y, w: r.width, h: r.height }; };
  const name = (node) => (node.innerText || node.getAttribute('aria-label') || node.name || node.tagName).trim().replace(/\s+/g, ' ').slice(0, 24);
  const texts = [];
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (!node.data.trim() || !seen(node.parentElement)) continue;
    const owner = node.parentElement, svg = owner.ownerSVGElement;
    let size = parseFloat(getComputedStyle(owner).fontSize);
    if (svg?.viewBox.baseVal?.width) size *= Math.min(svg.clientWidth / svg.viewBox.baseVal.width, svg.clientHeight / svg.viewBox.baseVal.height);
    texts.push({ words: node.data.trim().slice(0, 24), size });
  }
  const targets = [...page.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')].filter(seen).map((node) => {
    const place = box(node), [x, y] = [place.x + place.w / 2, place.y + place.h / 2];
    const inside = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    const top = inside && document.elementFromPoint(x, y);
    const scrolls = main.contains(node) && !node.closest('.actions');
    const row = page.querySelector('.actions')?.getBoundingClientRect().top ?? Infinity;
    const shown = !scrolls || (y < Math.min(main.getBoundingClientRect().bottom, row) && y > main.getBoundingClientRect().top);
    return { name: name(node), kind: node.className.toString().split(' ')[0] || node.tagName, ...place, inside, shown,
      covered: Boolean(inside && shown && !node.disabled && top && !node.contains(top) && !top.contains(node)),
      cut: node.scrollWidth > node.clientWidth + 2, top: Math.max(place.y, scrolls ? main.getBoundingClientRect().top : 0), layer: scrolls ? 'main' : 'fixed', disabled: Boolean(node.disabled) };
  });
  const wide = [...page.querySelectorAll('*')].filter(seen).filter((node) => {
    const place = node.getBoundingClientRect();
    return place.width && (place.right > innerWidth + 1 || place.left < -1);
  }).map(name);
  return {
    body: parseFloat(getComputedStyle(page).fontSize), texts, targets, wide, titles: page.querySelectorAll('h1').length,
    half: innerHeight / 2, outs: [...page.querySelectorAll('[data-back], [action="/leave"], a[href="/help"], a[href="/"]')].filter(seen).length,
    sideways: document.documentElement.scrollWidth > innerWidth || main.scrollWidth > main.clientWidth + 1,
  };
}
