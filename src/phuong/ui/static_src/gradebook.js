/* The grade sheet: keys like a spreadsheet, saving by itself, nothing lost without a connection. Without this script the
   sheet is a plain form. Values are whole tenths; -1 is absent; of remarks 1 is passed and 0 is not. */
(() => {
  "use strict";
  const form = document.getElementById("gb");
  if (!form) return;
  const body = form.querySelector("tbody"), said = document.getElementById("said"), words = said.dataset;
  const scored = form.dataset.scored === "1", weights = form.dataset.weights.split(",").map(Number);
  const KEPT = `marks ${form.dataset.save}`, WAIT = 800, RETRY = 5000, POLL = 8000;
  const rows = [...body.rows], heads = [...form.querySelectorAll("thead th[data-c]")], codes = heads.map((one) => one.dataset.c);
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let version = +form.dataset.version, live = form.dataset.live, timer = 0, sending = false, undo = [];
  const pending = new Map(); // "learner column": what is typed
  const inputs = () => [...body.querySelectorAll("input:not([type=hidden])")];
  const rowOf = (cell) => cell.closest("tr");
  const cellAt = (row, column) => row.querySelector(`input[name="${column}"]:not([type=hidden])`);
  const was = (input) => (input.dataset.w === "" ? null : +input.dataset.w);

  const read = (text) => { // gives the value, or undefined for what is no mark
    const typed = text.trim().toLowerCase();
    if (!typed) return null;
    if (typed === "v") return -1;
    if (!scored) return /^(đ|d|đạt|1)$/.test(typed) ? 1 : /^(cđ|cd|c|0)$/.test(typed) ? 0 : undefined;
    const found = /^(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(typed);
    if (!found) return undefined;
    const value = found[2] === undefined ? (+found[1] <= 10 ? +found[1] * 10 : +found[1])
      : Math.floor((+(found[1] + found[2]) * 20 + 10 ** found[2].length) / (2 * 10 ** found[2].length));
    return value <= 100 ? value : undefined;
  };
  const shown = (value) => value === null ? "" : value === -1 ? "V" : !scored ? (value ? "Đ" : "CĐ")
    : value === 100 ? "10" : `${Math.floor(value / 10)},${value % 10}`;

  const average = (row) => {
    if (!scored) return;
    let total = 0, count = 0;
    codes.forEach((code) => {
      const cell = cellAt(row, code) || row.querySelector(`td[data-c="${code}"]`);
      const value = cell && read(cell.value === undefined ? cell.textContent : cell.value);
      if (typeof value !== "number" || value < 0) return;
      const weight = weights[code === "midterm" ? 1 : code === "final" ? 2 : 0];
      total += value * weight; count += weight;
    });
    row.querySelector(".avg").textContent = count ? shown(Math.floor((2 * total + count) / (2 * count))) : "";
  };

  const chart = () => {
    const values = rows.map((row) => cellAt(row, live) || row.querySelector(`td[data-c="${live}"]`))
      .map((cell) => cell && read(cell.value === undefined ? cell.textContent : cell.value))
      .filter((value) => typeof value === "number" && value >= 0);
    const set = (id, text) => { document.getElementById(id).textContent = text; };
    set("gb-n", `${values.length} / ${rows.length}`);
    if (!scored) return;
    set("gb-m", values.length ? shown(Math.round(values.reduce((a, b) => a + b, 0) / values.length)) : "–");
    set("gb-g", values.filter((value) => value >= 80).length);
    set("gb-l", values.filter((value) => value < 50).length);
    const counts = Array(10).fill(0), picture = document.querySelector(".gb-h");
    values.forEach((value) => { counts[Math.min(9, Math.floor(value / 10))] += 1; });
    const most = Math.max(1, ...counts);
    picture.innerHTML = counts.map((count, n) => {
      const height = Math.round((70 * count) / most), x = n * 24 + 2;
      return `<rect class="${n < 5 ? "f-late" : "f-info"}" x="${x}" y="${90 - height}" width="20" height="${height}" rx="2"/>` +
        (count ? `<text x="${x + 10}" y="${84 - height}" text-anchor="middle">${count}</text>` : "") +
        `<text x="${x + 10}" y="106" text-anchor="middle">${n}</text>`;
    }).join("");
  };

  const look = (column) => {
    live = column;
    form.querySelectorAll(".on").forEach((one) => one.classList.remove("on"));
    heads.find((one) => one.dataset.c === column)?.classList.add("on");
    rows.forEach((row) => { (cellAt(row, column)?.parentNode || row.querySelector(`td[data-c="${column}"]`))?.classList.add("on"); });
    if (chooser.value !== column) chooser.value = column;
    chart();
  };

  const keep = () => {
    try {
      if (pending.size) sessionStorage.setItem(KEPT, JSON.stringify([...pending]));
      else sessionStorage.removeItem(KEPT);
    } catch { /* full or forbidden: they are still on the page */ }
  };
  const say = (text, tone = "") => { said.textContent = text; said.className = `said ${tone}`; };

  const mark = (input, value) => {
    input.classList.remove("bad");
    input.removeAttribute("aria-invalid");
    input.parentNode.classList.toggle("low", scored && value !== null && value >= 0 && value < 50);
  };
  const wrong = (input, text) => {
    input.classList.add("bad");
    input.setAttribute("aria-invalid", "true");
    input.title = text || "";
    if (text) say(text, "is-bad");
  };

  const write = (input, typed, remember = true) => { // true when it is a mark
    const value = read(typed);
    if (value === undefined) { input.value = typed; wrong(input, form.dataset.hint); return false; }
    const before = pending.get(`${rowOf(input).dataset.l} ${input.name}`) ?? shown(was(input));
    input.value = shown(value);
    mark(input, value);
    if (input.value === before) return true;
    if (remember) undo.push([input, before]);
    const key = `${rowOf(input).dataset.l} ${input.name}`;
    if (value === was(input)) pending.delete(key); else pending.set(key, input.value);
    input.parentNode.classList.toggle("dirty", pending.has(key));
    average(rowOf(input)); keep(); later();
    if (input.name === live) chart();
    return true;
  };

  const later = (wait = WAIT) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const find = (learner, column) => { const row = rows.find((one) => one.dataset.l === learner); return row && cellAt(row, column); };

  const take = (told) => { // rows as the server has them
    told.forEach((one) => {
      const row = rows.find((each) => each.dataset.l === one.l);
      if (!row) return;
      codes.forEach((code, n) => {
        const value = code === "midterm" ? one.m : code === "final" ? one.f : one.r[n] ?? null, input = cellAt(row, code);
        if (!input) { const cell = row.querySelector(`td[data-c="${code}"]`); if (cell) cell.textContent = shown(value); return; }
        const key = `${one.l} ${code}`, idle = input !== document.activeElement || input.value === shown(was(input));
        input.dataset.w = value === null ? "" : value;
        if (pending.get(key) === shown(value)) pending.delete(key);
        if (!pending.has(key) && idle) { input.value = shown(value); mark(input, value); }
        input.parentNode.classList.toggle("dirty", pending.has(key));
      });
      average(row);
    });
    keep(); chart();
    form.dispatchEvent(new CustomEvent("gb:rows", { detail: told })); // remarks have a script of their own
  };

  const send = async () => {
    if (sending || !pending.size) return;
    sending = true;
    say(words.saving);
    const batch = [...pending];
    const cells = batch.flatMap(([key, typed]) => {
      const [learner, column] = key.split(" "), input = find(learner, column);
      return input ? [{ l: learner, c: column, v: typed, w: was(input) }] : [];
    });
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", credentials: "same-origin", body: JSON.stringify({ cells }),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" } });
      if (!answer.ok) throw answer;
      const told = await answer.json();
      version = told.version;
      const refused = new Set([...told.closed, ...told.wrong, ...told.conflicts].map((one) => `${one.l} ${one.c}`));
      batch.forEach(([key, typed]) => {
        if (pending.get(key) !== typed) return;
        pending.delete(key);
        const input = find(...key.split(" "));
        if (input && !refused.has(key)) { input.dataset.w = read(typed) ?? ""; input.parentNode.classList.remove("dirty"); }
      });
      take(told.rows);
      say(`${words.saved} ${told.at}`, "is-good");
      told.closed.forEach((one) => { // not taken: what stands is shown again
        const input = find(one.l, one.c);
        if (!input) return;
        input.value = shown(was(input));
        mark(input, was(input));
        input.parentNode.classList.remove("dirty");
        wrong(input, words.closed);
      });
      told.wrong.forEach((one) => { const input = find(one.l, one.c); if (input) wrong(input, one.message); });
      told.conflicts.forEach((one) => {
        const input = find(one.l, one.c);
        if (!input) return;
        const mine = input.value;
        input.dataset.w = one.theirs === null ? "" : one.theirs;
        input.value = shown(one.theirs);
        mark(input, one.theirs);
        input.parentNode.classList.add("clash");
        say(`${one.by} ${words.theirs} ${shown(one.theirs) || "∅"} (${one.at}); ${mine || "∅"} ✗`, "is-bad");
      });
      keep();
    } catch (failed) {
      say(navigator.onLine && failed.status ? words.failed : `${words.kept} ${pending.size}`, "is-bad");
      later(RETRY);
    } finally {
      sending = false;
      if (pending.size) later(RETRY);
    }
  };

  const poll = async () => {
    if (document.hidden || sending || pending.size) return;
    try {
      const answer = await fetch(`${form.dataset.new}?after=${version}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const told = await answer.json();
      if (told.version <= version) return;
      version = told.version;
      take(told.rows);
      say(`${words.others} ${told.by.join(", ")}`);
    } catch { /* no connection: what is typed is kept, and sent later */ }
  };

  const go = (input) => {
    if (!input) return;
    inputs().forEach((one) => { one.tabIndex = one === input ? 0 : -1; });
    input.focus(); input.select();
  };
  const beside = (input, down, right) => {
    const open = codes.filter((code) => rows.some((row) => cellAt(row, code)));
    if (right) return cellAt(rowOf(input), open[open.indexOf(input.name) + right]);
    for (let at = rows.indexOf(rowOf(input)) + down; at >= 0 && at < rows.length; at += down) {
      const found = cellAt(rows[at], input.name);
      if (found) return found;
    }
    return null;
  };

  body.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.isComposing || input.tagName !== "INPUT") return;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const move = { Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key] ||
      (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0) && [0, -1]) ||
      (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length) && [0, 1]);
    if (move) {
      event.preventDefault();
      if (write(input, input.value)) go(beside(input, ...move));
    } else if (event.key === "Escape") {
      input.value = pending.get(`${rowOf(input).dataset.l} ${input.name}`) ?? shown(was(input));
      mark(input, read(input.value)); input.select();
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && undo.length) {
      event.preventDefault();
      const [cell, before] = undo.pop();
      write(cell, before, false); go(cell);
    }
  });
  body.addEventListener("focusin", (event) => {
    if (event.target.tagName !== "INPUT") return;
    rows.forEach((row) => row.classList.toggle("at", row === rowOf(event.target)));
    look(event.target.name);
  });
  body.addEventListener("change", (event) => { if (event.target.tagName === "INPUT") write(event.target, event.target.value); });
  body.addEventListener("paste", (event) => {
    if (event.target.tagName !== "INPUT") return;
    const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if (lines.length === 1 && lines[0].length === 1) return;
    event.preventDefault();
    const open = codes.filter((code) => rows.some((row) => cellAt(row, code)));
    const top = rows.indexOf(rowOf(event.target)), left = open.indexOf(event.target.name);
    lines.forEach((cells, down) => cells.forEach((text, right) => {
      const cell = rows[top + down] && cellAt(rows[top + down], open[left + right]);
      if (cell) write(cell, text);
    }));
  });
  form.addEventListener("gb:version", (event) => { if (event.detail === version + 1) version = event.detail; });
  form.addEventListener("submit", (event) => { event.preventDefault(); later(0); });
  addEventListener("online", () => later(0));
  addEventListener("beforeunload", (event) => { if (pending.size) event.preventDefault(); });

  const chooser = document.createElement("select");
  chooser.className = "in gb-c";
  chooser.setAttribute("aria-label", form.dataset.choose || "");
  heads.forEach((head) => chooser.add(new Option(head.firstChild.textContent.trim(), head.dataset.c)));
  chooser.addEventListener("change", () => look(chooser.value));
  form.prepend(chooser);
  form.classList.add("has-script");
  try { // what could not be sent before the page was closed
    JSON.parse(sessionStorage.getItem(KEPT) || "[]").forEach(([key, typed]) => { const input = find(...key.split(" ")); if (input) write(input, typed, false); });
  } catch { /* nothing kept that can be read */ }
  inputs().forEach((one, n) => { one.tabIndex = n ? -1 : 0; one.autocomplete = "off"; });
  look(live);
  setInterval(poll, POLL);
})();
