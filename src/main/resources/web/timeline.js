"use strict";

/* Jobs as bars, a lane for each card. All texts are set as text, never as markup. */
const Timeline = (() => {
  const HOUR = 3600e3;
  const STEPS = [60e3, 5 * 60e3, 10 * 60e3, 15 * 60e3, 30 * 60e3, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];

  /** The same user has the same colour everywhere and always. */
  function hue(text) {
    let hash = 7;
    for (const char of text) hash = (hash * 131 + char.codePointAt(0)) % 65521;
    return [162, 206, 258, 300, 335, 22, 42, 95, 182, 230, 280][hash % 11];
  }

  function lanes(gpus, spans) {
    const known = new Map();
    const several = gpus.length > 1;
    const add = (host, word, label) => {
      const key = host + " " + word;
      if (!known.has(key)) known.set(key, {label: several ? host + " " + label : label, title: host + " " + word, spans: []});
      return known.get(key);
    };
    for (const host of gpus) for (const card of host.cards) if (card.ours) add(host.host, card.card, cardLabel(card));
    for (const span of spans) for (const word of span.gpus) add(span.host, word, word.replace(/^sim:/, "").slice(0, 12)).spans.push(span);
    return [...known.values()];
  }

  function cardLabel(card) {
    return card.index === null ? card.card.slice(0, 12) : String(card.index);
  }

  function clock(millis, withDay) {
    const time = new Date(millis);
    const text = time.toLocaleTimeString([], {hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
    return withDay ? time.toLocaleDateString([], {weekday: "short"}) + " " + text : text;
  }

  function axis(from, to, width) {
    const ticks = document.createElement("div");
    const most = Math.max(2, Math.floor(width / 85));
    const step = STEPS.find(each => (to - from) / each <= most) || 24 * HOUR;
    const offset = new Date(to).getTimezoneOffset() * 60e3;
    for (let at = Math.ceil((from - offset) / step) * step + offset; at < to - (to - from) * 70 / width; at += step) {
      const tick = document.createElement("span");
      const part = (at - from) / (to - from);
      if (part * width < 22) continue;
      tick.className = "tick";
      tick.style.left = part * 100 + "%";
      tick.textContent = clock(at, to - from > 20 * HOUR && new Date(at).getHours() === 0);
      ticks.append(tick);
    }
    const now = document.createElement("span");
    now.className = "tick last";
    now.style.left = "100%";
    now.textContent = "now";
    ticks.append(now);
    const row = document.createElement("div");
    row.className = "axis";
    row.append(document.createElement("div"), ticks);
    return row;
  }

  function bar(span, from, to, pixels, open, format) {
    const end = span.to === null ? to : span.to;
    const start = Math.max(span.from, from);
    const left = (start - from) / (to - from) * 100;
    const width = (Math.min(end, to) - start) / (to - from) * 100;
    const shown = document.createElement("button");
    shown.type = "button";
    shown.className = "span" + (span.to === null ? " now" : span.state === "failed" ? " failed" : "");
    shown.style.left = left + "%";
    shown.style.width = Math.max(0, width) + "%";
    shown.style.setProperty("--hue", hue(span.user));
    const readable = width / 100 * pixels > 36;
    shown.textContent = readable ? span.job : "";
    if (!readable) shown.classList.add("narrow");
    shown.title = [span.job + " (" + span.user + ")",
      span.to === null ? span.state + " for " + format.time(end - span.from) : format.ending(span) + " after " + format.time(end - span.from),
      clock(span.from, true) + " – " + (span.to === null ? "now" : clock(span.to, true)), span.command].join("\n");
    shown.setAttribute("aria-label", shown.title);
    shown.addEventListener("click", () => open(span.id));
    return shown;
  }

  /** Draws anew. */
  function draw(element, data, gpus, open, format) {
    const all = lanes(gpus, data.spans.filter(span => span.from !== null));
    const room = Math.min(11, Math.max(2, ...all.map(lane => lane.label.length)));
    const pixels = element.clientWidth - 38 - room * 8;
    const rows = all.map(lane => {
      const label = document.createElement("div");
      label.className = "lane-label";
      label.textContent = lane.label;
      label.title = lane.title;
      const track = document.createElement("div");
      track.className = "lane-track";
      lane.spans.sort((a, b) => a.from - b.from).forEach(span => track.append(bar(span, data.from, data.to, pixels, open, format)));
      const row = document.createElement("div");
      row.className = "lane";
      row.append(label, track);
      return row;
    });
    if (rows.length === 0) {
      const none = document.createElement("div");
      none.className = "dim";
      none.textContent = "no GPU has been used yet";
      element.replaceChildren(none);
    } else {
      element.style.setProperty("--labels", room + "ch");
      element.replaceChildren(...rows, axis(data.from, data.to, pixels));
    }
  }

  return {draw, cardLabel};
})();
