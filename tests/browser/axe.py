"""What axe-core finds on a page: WCAG 2.2 A and AA, and every text at 7 to 1, large ones too (stricter than AAA)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
LOOKS = ["color-contrast", "color-contrast-enhanced", "target-size"]
"""What depends on the modes and the shape; everything else depends on the words and marks of the page alone."""
STRICT = """() => window.axe.configure({ checks: [{ id: 'color-contrast-enhanced', options: {
  contrastRatio: { normal: { expected: 7 }, large: { expected: 7 } } } }] })"""
RUN = """async (options) => {
  const found = await window.axe.run(document, { ...options, resultTypes: ['violations'] });
  return found.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.join(' ')}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? one.help}`));
}"""


def findings(tab: Page, *, looks: bool = False) -> list[str]:
    """Every finding on the page as it stands; ``looks``: only what colours, sizes and places can break."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(SOURCE)
        tab.evaluate(STRICT)
    whole = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"color-contrast-enhanced": {"enabled": True}}}
    return list(tab.evaluate(RUN, {"runOnly": {"type": "rule", "values": LOOKS}} if looks else whole))
