// Touching a part of a statement shows all of it: its source, its cue, its words, its note. A click or tap keeps it shown.
"use strict";
const marked = [...document.querySelectorAll("main [data-n]")];
const chips = [...document.querySelectorAll(".sides button")];
let kept = null;

const numbers = (element) => new Set(element.dataset.n.split(" "));
const touched = (event) => event.target.closest("main [data-n]");

function show(wanted) {
  document.body.classList.toggle("picking", wanted !== null);
  for (const element of marked) {
    element.classList.toggle("on", wanted !== null && [...numbers(element)].some((number) => wanted.has(number)));
  }
}

function keep(element) {
  kept = element;
  for (const chip of chips) chip.setAttribute("aria-pressed", String(chip === element));
  show(element && numbers(element));
}

function peek(event) {
  if (!kept) show(touched(event) ? numbers(touched(event)) : null);
}

document.addEventListener("mouseover", peek);
document.addEventListener("focusin", peek);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") keep(null);
});
document.addEventListener("click", (event) => {
  const element = event.target.closest(".sides button") || touched(event);
  const again = element && kept && element.dataset.n === kept.dataset.n;
  keep(again ? null : element);
  const badge = event.target.closest("a.n");
  if (badge) {
    // The note lies beside its paragraph, or below it: there is no need to jump unless it is out of sight.
    event.preventDefault();
    document.querySelector(badge.hash).scrollIntoView({ block: "nearest" });
  }
});
