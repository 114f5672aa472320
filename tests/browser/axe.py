"""What axe-core finds on a page: WCAG 2.2 A and AA, and every text at 7 to 1, large ones too (stricter than AAA)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from kiosk.theme import contrast

SOURCE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
LOOKS = ["color-contrast", "color-contrast-enhanced", "target-size"]
"""What depends on the modes and the shape; everything else depends on the words and marks of the page alone."""
STRICT = """() => window.axe.configure({ checks: [{ id: 'color-contrast-enhanced', options: {
  contrastRatio: { normal: { expected: 7 }, large: { expected: 7 } } } }] })"""
RUN = """async (options) => {
  const main = document.querySelector('#page main');
  const from = main?.scrollTop ?? 0;
  const ask = async (what, how) => (await window.axe.run(what, { ...how, resultTypes: ['violations'] })).violations;
  const whole = async (place) => { // what lies half under the edge of what scrolls is judged where it was scrolled to
    place.scrollIntoView({ block: 'center' });
    return !(await ask(place, { runOnly: { type: 'rule', values: ['target-size'] } })).length;
  };
  const wrong = [];
  for (const one of await ask(document, options)) {
    for (const node of one.nodes) {
      const words = (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? one.help;
      if (one.id === 'target-size' && await whole(document.querySelector(node.target[0]))) continue;
      wrong.push(`${one.id}: ${node.target.join(' ')}: ${words}`);
    }
  }
  if (main) main.scrollTop = from;
  return wrong;
}"""


def findings(tab: Page, *, looks: bool = False) -> list[str]:
    """Every finding on the page as it stands; ``looks``: only what colours, sizes and places can break."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(SOURCE)
        tab.evaluate(STRICT)
    whole = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"color-contrast-enhanced": {"enabled": True}}}
    return list(tab.evaluate(RUN, {"runOnly": {"type": "rule", "values": LOOKS}} if looks else whole))


DRESS = "(modes) => Object.assign(document.querySelector('#page').dataset, modes)"
USUAL = {"text": "normal", "contrast": "normal", "reach": "normal"}
OTHERS = [{"contrast": "high"}, {"text": "large", "reach": "low"}]
RINGS = """() => [...document.querySelectorAll('#page :is(a, button, input:not([type=hidden]))')]
  .filter((node) => !node.disabled && node.tabIndex >= 0 && node.checkVisibility({ visibilityProperty: true }))
  .map((node) => {
    node.focus({ focusVisible: true, preventScroll: true });
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(node);
    let ground = node.parentElement, colour = 'rgba(0, 0, 0, 0)';
    while (ground && colour === 'rgba(0, 0, 0, 0)') {
      colour = getComputedStyle(ground).backgroundColor;
      ground = ground.parentElement;
    }
    const two = (part) => (+part).toString(16).padStart(2, '0');
    const hex = (rgb) => '#' + rgb.match(/\\d+/g).slice(0, 3).map(two).join('');
    return { name: node.innerText || node.name, style: outlineStyle, width: parseFloat(outlineWidth),
      ring: hex(outlineColor), ground: hex(colour) };
  })"""


def rings_hard_to_see(tab: Page) -> list[str]:
    """Everything that can be focused and whose ring is thin or pale."""
    return [
        f"ring of {one['name']}: {one['width']} px, {contrast(one['ring'], one['ground']):.1f} to 1"
        for one in tab.evaluate(RINGS)
        if one["style"] == "none" or one["width"] < 4 or contrast(one["ring"], one["ground"]) < 3
    ]


def wrong_on(tab: Page, others: Sequence[dict[str, str]] = OTHERS) -> list[str]:
    """Marks and words once; colours, sizes, places and rings in other modes too. All modes and shapes: `make bench`."""
    found = findings(tab) + rings_hard_to_see(tab)
    for modes in others:
        tab.evaluate(DRESS, USUAL | modes)
        found += [f"{modes}: {one}" for one in findings(tab, looks=True) + rings_hard_to_see(tab)]
    tab.evaluate(DRESS, USUAL)
    return found
