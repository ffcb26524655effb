//! Whether what is written on a page can be read.

/// A script that lists the texts that do not stand out from what is behind them, by the ratios that WCAG 2 requires
/// at level AA: 4.5, or 3 for large letters.
pub const CONTRAST: &str = "
const channels = colour => colour.match(/[\\d.]+/g).map(Number);
const light = colour => {
  const [r, g, b] = channels(colour).map(value => value / 255).map(
    value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (channels(colour)[3] !== 0) return colour;
  }
  return 'rgb(255, 255, 255)';
};
const hasText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
const weak = [...document.querySelectorAll('body *')].filter(element => {
  if (!hasText(element) || !element.checkVisibility()) return false;
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const [one, other] = [light(style.color), light(behind(element))].sort((a, b) => a - b);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  return (other + 0.05) / (one + 0.05) < (isLarge ? 3 : 4.5);
});
return weak.map(element => element.textContent.trim().slice(0, 40));
";
