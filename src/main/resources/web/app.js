"use strict";

/* The page: asks for /status every second while somebody looks, and shows it. All texts are set as text, never as markup. */
(() => {
  const EVERY = 1000;
  const TIMELINE_EVERY = 10000;
  const LOG_TAIL = 65536;
  const MOST_LOG = 400000;
  const $ = id => document.getElementById(id);
  let status = null;
  let hours = Number(new URLSearchParams(location.search).get("hours")) || 6;
  let timeline = null;
  let timelineAt = 0;
  let job = null;

  /** An element with a class and children; a text child is text. */
  function el(tag, name, ...children) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
    return made;
  }

  const SHOWN = {"\t": "\t", "\n": "\n"};
  const RISKY = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

  /** What could change the order of letters or hide stands as an escape. */
  const safe = text => String(text).replace(RISKY, char => SHOWN[char] || "\\u{" + char.codePointAt(0).toString(16) + "}");

  function time(millis) {
    if (millis === null || millis === undefined) return "–";
    const seconds = Math.max(0, Math.floor(millis / 1000));
    const parts = [[Math.floor(seconds / 86400), "d"], [Math.floor(seconds / 3600) % 24, "h"], [Math.floor(seconds / 60) % 60, "m"], [seconds % 60, "s"]];
    const first = parts.findIndex(part => part[0] > 0);
    if (first < 0) return "0s";
    return parts.slice(first, first + 2).filter((part, i) => i === 0 || part[0] > 0).map(part => part[0] + part[1]).join(" ");
  }

  function bytes(count) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (count >= 1024 && unit < units.length - 1) { count /= 1024; unit++; }
    return (count >= 100 || unit === 0 ? Math.floor(count) : count.toFixed(1)) + " " + units[unit];
  }

  /** Both in the unit of the whole. */
  function of(used, total) {
    const unit = total >= 2 ** 30 ? 2 ** 30 : 2 ** 20;
    const part = used / unit;
    return (part >= 10 || part === 0 ? Math.round(part) : part.toFixed(1)) + " of " + Math.round(total / unit) + (unit === 2 ** 30 ? " GiB" : " MiB");
  }

  const ending = span => span.ending === "exited" ? (span.exit === 0 || span.exit === null ? "done" : "failed: exit " + span.exit) : span.ending;

  function stateClass(state) {
    if (["used", "running", "sweep", "foreground"].includes(state)) return "used";
    if (state === "free" || state === "done" || state === "released") return "free";
    if (/^(failed|unknown|interrupted|sick|timed out|refused|not started|some failed|unclear)/.test(state)) return "bad";
    if (/^(starting|stopping|ending|waiting|busy|locked|kept|settling|draining)/.test(state)) return "warm";
    return "";
  }

  const pill = state => el("span", "state " + stateClass(state), safe(state));

  /* ---- GPUs */

  /** What may run out becomes yellow, then red. */
  function meter(label, part, text, scarce) {
    const fill = el("div", "fill" + (scarce && part > 0.97 ? " full" : scarce && part > 0.88 ? " high" : ""));
    fill.style.width = Math.round(part * 1000) / 10 + "%";
    return el("div", "meter", el("span", "", label), el("div", "track", fill), el("b", "", text));
  }

  function owners(card) {
    const list = el("ul", "who");
    for (const user of card.jobs) {
      const link = el("a", "", safe(user.job));
      link.href = "#/job/" + encodeURIComponent(user.id);
      list.append(el("li", "", link, el("span", "dim", safe(user.user) + (user.gpu_mem_bytes === null ? "" : " · " + bytes(user.gpu_mem_bytes)))));
    }
    for (const process of card.processes) {
      if (process.job !== null || process.watcher || process.kind !== "compute") continue;
      list.append(el("li", "", el("span", "", safe(process.command || "process " + process.pid)),
        el("span", "dim", safe(process.user || "somebody") + " · not of this queue")));
    }
    if (card.reason && !(card.jobs.length > 0 && card.state === "used")) list.append(el("li", "why", safe(card.reason)));
    if (!list.hasChildNodes()) list.append(el("li", "why", card.state === "free" ? "nobody has it" : ""));
    return list;
  }

  function card(gpu) {
    const head = el("div", "card-head", el("span", "card-number", safe(Timeline.cardLabel(gpu))), el("span", "card-name", safe(gpu.name && gpu.name.replace(/^NVIDIA /, "") || (gpu.card.startsWith("sim:") ? "simulated" : ""))), pill(gpu.state));
    head.title = safe(gpu.card);
    const parts = [head];
    if (gpu.utilisation_percent !== null) parts.push(meter("load", gpu.utilisation_percent / 100, gpu.utilisation_percent + " %", false));
    if (gpu.memory_total_bytes) parts.push(meter("memory", gpu.memory_used_bytes / gpu.memory_total_bytes, of(gpu.memory_used_bytes, gpu.memory_total_bytes), true));
    parts.push(owners(gpu));
    const figures = [];
    if (gpu.temperature_celsius !== null) figures.push(gpu.temperature_celsius + " °C");
    if (gpu.power_milliwatts !== null) figures.push(Math.round(gpu.power_milliwatts / 1000) + (gpu.power_limit_milliwatts === null ? "" : " of " + Math.round(gpu.power_limit_milliwatts / 1000)) + " W");
    if (figures.length > 0) parts.push(el("div", "figures", figures.join("  ·  ")));
    return el("div", "card", ...parts);
  }

  function showGpus() {
    const shown = [];
    let all = 0;
    let free = 0;
    for (const host of status.gpus) {
      if (status.gpus.length > 1 || host.trouble || host.note) {
        shown.push(el("div", "host-name", safe([host.host, host.trouble, host.note].filter(Boolean).join(": "))));
      }
      for (const gpu of host.cards) {
        shown.push(card(gpu));
        all += gpu.ours ? 1 : 0;
        free += gpu.ours && gpu.state === "free" ? 1 : 0;
      }
    }
    if (all === 0 && shown.length === 0) shown.push(el("div", "empty", "no GPU is known here"));
    $("gpus").replaceChildren(...shown);
    $("gpus-note").textContent = all === 0 ? "" : free + " of " + all + " free";
  }

  /* ---- jobs */

  function matches(row) {
    const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = [row.job, row.user, row.command, row.reason, row.state].join(" ").toLowerCase();
    return words.every(word => text.includes(word));
  }

  function cardsOf(row) {
    if (row.devices.length === 0) return row.gpus === null ? "" : row.gpus === 0 ? "no GPU" : row.gpus + " GPU" + (row.gpus === 1 ? "" : "s");
    const numbers = row.indices.length === row.devices.length ? row.indices : row.devices;
    return "GPU " + numbers.map((number, i) => (number === "-" ? row.devices[i] : number).replace(/^sim:/, "").slice(0, 8)).join(",");
  }

  function jobRow(row, kind, place) {
    const link = el("a", "job");
    link.href = "#/job/" + encodeURIComponent(row.id || row.command);
    const plain = kind === "running" || kind === "ended";
    const said = kind === "ended" && row.state === "done" ? "" : row.reason || "";
    const what = el("span", "what" + (plain ? "" : " why"), safe(plain ? row.command : said || row.command));
    what.title = safe(plain && said ? row.command + "\n" + said : row.command);
    const tag = kind === "running" ? (row.state === "running" ? null : pill(row.state)) : kind === "queued" || kind === "held" ? null : pill(row.state);
    const name = el("span", "name", place ? el("span", "place-in-line", place) : null, safe(row.job), el("span", "user", safe(row.user || "")), tag);
    const when = el("span", "time", time(row.millis));
    when.title = {running: "has run", queued: "has waited", held: "held for", ended: "ran"}[kind] || "";
    const right = el("span", "cards-of", cardsOf(row));
    link.append(name, what, right, when);
    return el("li", "", link);
  }

  function showJobs(id, rows, total, kind, none) {
    const shown = rows.filter(matches);
    const items = shown.map((row, i) => jobRow(row, kind, kind === "queued" && shown.length === rows.length ? String(i + 1) : ""));
    if (items.length === 0) items.push(el("li", "empty", rows.length > 0 ? "none fits the filter" : none));
    if (total > rows.length) items.push(el("li", "empty", "and " + (total - rows.length).toLocaleString() + " more"));
    $(id).replaceChildren(...items);
    const count = $(id + "-count");
    if (count) count.textContent = total.toLocaleString();
    const section = $(id + "-section");
    if (section) section.hidden = total === 0;
  }

  function showAll() {
    const watching = status.watchers.map(watcher => watcher.host + (watcher.checked ? "" : " (not known from here)"));
    $("watchers").textContent = watching.length === 0 ? "" : "watched on " + safe(watching.join(", "));
    const notices = [];
    const notice = (text, bad) => notices.push(el("div", "notice" + (bad ? " bad" : ""), safe(text)));
    if (watching.length === 0) notice("No watcher: nothing starts. Start one with: gpuspool watch", true);
    if (status.draining) notice("Draining: nothing new starts, and the watchers leave when nothing runs.");
    else if (status.paused) notice("Paused: nothing new starts until gpuspool resume.");
    if (status.let_go) notice("Let go: the watchers have let go of the GPU driver.");
    for (const watcher of status.watchers) for (const line of watcher.attention) notice(watcher.host + ": " + line);
    $("notices").replaceChildren(...notices);
    showGpus();
    showJobs("attention", status.needs_attention, status.needs_attention.length, "attention", "");
    showJobs("running", status.running, status.running.length, "running", "nothing runs");
    showJobs("queued", status.queued, status.queued_total, "queued", "nothing waits");
    showJobs("held", status.held, status.held_total, "held", "");
    showJobs("ended", status.ended, status.ended_total, "ended", "nothing has ended yet");
    $("time").textContent = "as of " + new Date(status.time).toLocaleTimeString();
    document.title = status.running.length + " running, " + status.queued_total + " queued · gpuspool";
  }

  /* ---- one job */

  const FACTS = ["command", "user", "gpus", "devices", "queued", "claimed", "started", "ended", "elapsed", "exit", "cwd", "time", "gpu_mem", "after", "retry", "previous", "group", "member", "pid", "host", "path"];
  const DURATIONS = ["elapsed", "time", "grace"];
  const TIMES = ["queued", "claimed", "started", "ended"];

  function fact(key, value) {
    if (DURATIONS.includes(key)) return time(Number(value));
    if (TIMES.includes(key)) return new Date(value).toLocaleString();
    return safe(String(value).replace(/\\x5c/g, "\\"));
  }

  async function openJob(name) {
    job = {name, from: null, text: "", decoder: new TextDecoder(), over: false};
    $("job-name").textContent = safe(name);
    $("job-state").replaceChildren();
    $("job-facts").replaceChildren();
    $("job-reason").hidden = true;
    $("log").replaceChildren();
    $("log-note").textContent = "";
    $("log-raw").href = "/jobs/" + encodeURIComponent(name) + "/log";
    if (!$("job").open) $("job").showModal();
    await lookAtJob(job);
  }

  async function lookAtJob(shown) {
    const answer = await fetch("/jobs/" + encodeURIComponent(shown.name));
    if (job !== shown) return;
    if (!answer.ok) {
      $("job-reason").textContent = await answer.text();
      $("job-reason").hidden = false;
      shown.over = true;
      return;
    }
    const facts = await answer.json();
    if (job !== shown) return;
    $("job-name").textContent = safe(facts.job);
    $("job-state").replaceChildren(pill(facts.state));
    $("job-reason").textContent = safe(facts.reason || "");
    $("job-reason").hidden = !facts.reason;
    const all = {...facts.status, path: facts.path, user: userOf(facts)};
    if (facts.exit !== null) all.exit = facts.exit;
    const rows = [];
    for (const key of FACTS) {
      if (all[key] !== undefined && all[key] !== "") rows.push(el("dt", "", key), el("dd", "", fact(key, all[key])));
    }
    $("job-facts").replaceChildren(...rows);
    shown.queued = facts.id === null;
    const ended = facts.ending !== null;
    if (!shown.queued) await readLog(shown);
    else $("log-note").textContent = "not started yet";
    shown.over = ended;
  }

  /** By its name where the page has it already, else by its number. */
  function userOf(facts) {
    const rows = status === null ? [] : [...status.running, ...status.needs_attention, ...status.queued, ...status.held, ...status.ended];
    const row = rows.find(each => facts.id === null ? each.job === facts.job : each.id === facts.id);
    return row && row.user ? row.user : facts.status.owner;
  }

  async function readLog(shown) {
    const range = shown.from === null ? "bytes=-" + LOG_TAIL : "bytes=" + shown.from + "-" + (shown.from + LOG_TAIL * 4 - 1);
    const answer = await fetch("/jobs/" + encodeURIComponent(shown.name) + "/log", {headers: {Range: range}});
    if (job !== shown) return;
    if (answer.status === 416) {
      const size = Number(answer.headers.get("Content-Range").split("/")[1]);
      if (shown.from === null || size < shown.from) { shown.from = size; }
      if (shown.text === "") $("log-note").textContent = "nothing printed yet";
      return;
    }
    if (!answer.ok) {
      $("log-note").textContent = safe((await answer.text()).trim());
      return;
    }
    const [, first, last, size] = answer.headers.get("Content-Range").match(/bytes (\d+)-(\d+)\/(\d+)/);
    const more = new Uint8Array(await answer.arrayBuffer());
    if (job !== shown) return;
    if (shown.from === null && Number(first) > 0) shown.cut = Number(first);
    shown.from = Number(last) + 1;
    shown.text += shown.decoder.decode(more, {stream: true});
    if (shown.text.length > MOST_LOG) shown.text = shown.text.slice(-MOST_LOG / 2);
    const log = $("log");
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 30;
    log.textContent = terminal(shown.text);
    if (atEnd) log.scrollTop = log.scrollHeight;
    $("log-note").textContent = (shown.cut ? "the last part of " : "") + bytes(Number(size));
  }

  /** Colours go, and of a line that was written over only the last state stays, as on a terminal. */
  function terminal(text) {
    return safe(text.replace(/\u001b\[[0-9;:]{0,48}m/g, "").replace(/\r\n/g, "\n").replace(/[^\n]*\r(?=[^\n])/g, "").replace(/\r(?=\n|$)/g, ""));
  }

  function closeJob() {
    job = null;
    if ($("job").open) $("job").close();
  }

  function route() {
    const name = /^#\/job\/(.+)$/.exec(location.hash);
    if (!name) return closeJob();
    let decoded;
    try { decoded = decodeURIComponent(name[1]); } catch { return closeJob(); }
    openJob(decoded).catch(failed);
  }

  /* ---- the beat */

  async function drawTimeline(force) {
    if (!force && Date.now() - timelineAt < TIMELINE_EVERY) return;
    timelineAt = Date.now();
    const answer = await fetch("/timeline?hours=" + hours);
    if (!answer.ok) throw new Error((await answer.text()).trim());
    timeline = await answer.json();
    showTimeline();
  }

  function showTimeline() {
    if (timeline === null || status === null) return;
    $("timeline-note").textContent = timeline.cut ? "the last 2,000 jobs" : "";
    Timeline.draw($("timeline"), clean(timeline), clean(status.gpus), id => { location.hash = "#/job/" + encodeURIComponent(id); }, {time, ending});
  }

  /** The same data with all texts safe. */
  function clean(data) {
    if (typeof data === "string") return safe(data);
    if (Array.isArray(data)) return data.map(clean);
    if (data !== null && typeof data === "object") return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, clean(value)]));
    return data;
  }

  function live(word, kind) {
    $("live").textContent = word;
    $("live").className = "pill " + kind;
  }

  function failed(error) {
    live(navigator.onLine === false ? "offline" : "no answer", "off");
    $("live").title = safe(error.message || error);
  }

  async function beat() {
    if (!document.hidden) {
      try {
        const answer = await fetch("/status");
        if (!answer.ok) throw new Error((await answer.text()).trim());
        status = await answer.json();
        showAll();
        live("live", "on");
        $("live").title = "";
        await drawTimeline(false);
        if (job !== null && !job.over) await lookAtJob(job);
      } catch (error) {
        failed(error);
      }
    } else {
      live("paused", "wait");
    }
    setTimeout(beat, document.hidden ? EVERY * 5 : EVERY);
  }

  for (const span of [1, 6, 24, 168]) {
    const button = el("button", "", span === 168 ? "7 d" : span + " h");
    button.type = "button";
    button.setAttribute("aria-pressed", String(span === hours));
    button.addEventListener("click", () => {
      hours = span;
      for (const other of $("hours").children) other.setAttribute("aria-pressed", String(other === button));
      drawTimeline(true).catch(failed);
    });
    $("hours").append(button);
  }
  $("filter").addEventListener("input", () => { if (status !== null) showAll(); });
  $("job-close").addEventListener("click", () => { location.hash = ""; });
  $("job").addEventListener("close", () => { if (location.hash.startsWith("#/job/")) location.hash = ""; });
  $("job").addEventListener("click", event => { if (event.target === $("job")) location.hash = ""; });
  window.addEventListener("hashchange", route);
  window.addEventListener("resize", showTimeline);
  /** Where the spool is: it stays. */
  async function place() {
    const answer = await fetch("/gpus");
    const spool = answer.ok ? (await answer.json()).spool : null;
    $("place").textContent = safe(spool || location.host);
  }

  beat().then(route);
  place().catch(failed);
})();
