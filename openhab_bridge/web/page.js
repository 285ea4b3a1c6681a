"use strict";
// Every few seconds takes the page's newest <main>, which the bridge has written and escaped, and adds what needs two
// looks at a counter: its rate, over the last minute.
const EVERY_MS = 5000;
const LOOKS = 13;
const looks = [];

function note() {
  const counters = [...document.querySelectorAll("[data-counter]")];
  looks.push({ at: performance.now(), counts: new Map(counters.map((c) => [c.dataset.counter, Number(c.dataset.count)])) });
  if (looks.length > LOOKS) looks.shift();
  const first = looks[0], last = looks.at(-1);
  for (const counter of counters) {
    const name = counter.dataset.counter;
    const more = last.counts.get(name) - first.counts.get(name);
    // A bridge that was started again counts from zero.
    if (more >= 0 && last.at > first.at) counter.textContent = `${((1000 * more) / (last.at - first.at)).toFixed(1)}/s`;
  }
}

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch("./", { signal: AbortSignal.timeout(EVERY_MS) });
    if (!answer.ok) throw new Error(answer.statusText);
    const newest = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    document.querySelector("main").replaceWith(newest);
    note();
  } catch {
    document.body.classList.add("silent");
    document.getElementById("silence").textContent = "The bridge does not answer: this is how it was.";
    return;
  }
  document.body.classList.remove("silent");
}

note();
setInterval(renew, EVERY_MS);
