/* Sheets of a primary class: keys like a spreadsheet, paste, rows that save by themselves. Without this script the sheet
   is a plain form. A row goes whole, with the version that was seen. */
(() => {
  "use strict";
  const form = document.getElementById("pr");
  if (!form) return;
  const body = form.querySelector("tbody"), said = document.getElementById("said"), words = said.dataset;
  const rows = [...body.rows], WAIT = 1000, RETRY = 5000;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const dirty = new Set();
  let timer = 0, sending = false;
  const cells = (row) => [...row.querySelectorAll(".cell input, .cell select")];
  const kindOf = (cell) => /k-(\w+)/.exec(cell.parentNode.className)[1];
  const state = (row) => cells(row).map((cell) => cell.value).join("\n");
  rows.forEach((row) => { row.was = state(row); cells(row).forEach((cell) => { cell.was = cell.value; }); });
  const say = (text, tone = "") => { said.textContent = text; said.className = `said ${tone}`; };

  const tidy = (cell) => { // true when it may stand there
    const kind = kindOf(cell), typed = cell.value.trim(), big = typed.toUpperCase();
    let fine = true;
    if (kind === "level") { fine = /^[THC]?$/.test(big); if (fine) cell.value = big; }
    if (kind === "rating") { fine = /^[TĐDC]?$/.test(big); if (fine) cell.value = big === "D" ? "Đ" : big; }
    if (kind === "test") { fine = /^(10|[1-9])?$/.test(typed); if (fine) cell.value = typed; }
    if (kind === "measure") fine = /^(\d{1,3}([.,]\d)?)?$/.test(typed);
    cell.classList.toggle("bad", !fine);
    if (fine) cell.removeAttribute("aria-invalid"); else { cell.setAttribute("aria-invalid", "true"); say(form.dataset[kind], "is-bad"); }
    return fine;
  };
  const later = (wait = WAIT) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const touched = (cell) => {
    const row = cell.closest("tr");
    tidy(cell);
    cell.parentNode.classList.toggle("dirty", cell.value !== cell.was);
    if (state(row) === row.was) dirty.delete(row); else dirty.add(row);
    if (dirty.size) later();
  };

  const send = async () => {
    const batch = [...dirty].filter((row) => !row.querySelector(".bad"));
    if (sending || !batch.length) return;
    sending = true;
    say(words.saving);
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token);
    batch.forEach((row) => row.querySelectorAll("[name]").forEach((one) => data.append(one.name, one.value)));
    const sent = new Map(batch.map((row) => [row, state(row)]));
    let wait = WAIT;
    try {
      const answer = await fetch(location.pathname, { method: "POST", credentials: "same-origin", body: data, headers: { Accept: "application/json" } });
      if (answer.status === 409 || answer.status === 403 || answer.status === 404) { dirty.clear(); say(words.closed, "is-bad"); return; }
      if (!answer.ok) throw answer;
      const told = await answer.json(), refused = new Map(told.refused.map((one) => [one.l, one]));
      told.rows.forEach((one) => { rows.find((row) => row.dataset.l === one.l).querySelector("[name=v]").value = one.v; });
      say(`${words.saved} ${told.at}`, "is-good");
      batch.forEach((row) => {
        const not = refused.get(row.dataset.l);
        row.classList.toggle("clash", not?.state === "clash");
        if (not) { say(`${row.querySelector("th").textContent}: ${not.words}`, "is-bad"); dirty.delete(row); return; }
        row.was = sent.get(row);
        const stands = row.was.split("\n");
        cells(row).forEach((cell, at) => { cell.was = stands[at]; cell.parentNode.classList.toggle("dirty", cell.value !== cell.was); });
        if (state(row) === row.was) dirty.delete(row);
      });
    } catch {
      say(words.failed, "is-bad");
      wait = RETRY;
    } finally {
      sending = false;
      if (dirty.size) later(wait);
    }
  };

  const go = (cell) => { if (cell) { cell.focus(); cell.select?.(); } };
  const beside = (cell, down, right) => {
    const row = cell.closest("tr"), at = cells(row).indexOf(cell);
    if (right) return cells(row)[at + right];
    const next = rows[rows.indexOf(row) + down];
    return next && cells(next)[at];
  };
  body.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (event.isComposing || cell.tagName !== "INPUT") return;
    const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const move = { Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key] ||
      (event.key === "ArrowLeft" && (whole || cell.selectionEnd === 0) && [0, -1]) ||
      (event.key === "ArrowRight" && (whole || cell.selectionStart === cell.value.length) && [0, 1]);
    if (move) {
      event.preventDefault();
      touched(cell);
      if (!cell.classList.contains("bad")) go(beside(cell, ...move));
    } else if (event.key === "Escape") {
      cell.value = cell.was;
      touched(cell); cell.select();
    }
  });
  body.addEventListener("focusin", (event) => {
    rows.forEach((row) => row.classList.toggle("at", row === event.target.closest("tr")));
  });
  body.addEventListener("click", (event) => { // what is typed takes the place of a letter or mark
    if (event.target.tagName === "INPUT" && kindOf(event.target) !== "remark") event.target.select();
  });
  body.addEventListener("change", (event) => touched(event.target));
  body.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if (event.target.tagName !== "INPUT" || (lines.length === 1 && lines[0].length === 1)) return;
    event.preventDefault();
    const top = rows.indexOf(event.target.closest("tr")), left = cells(rows[top]).indexOf(event.target);
    lines.forEach((texts, down) => texts.forEach((text, right) => {
      const cell = rows[top + down] && cells(rows[top + down])[left + right];
      if (cell) { cell.value = text.trim(); touched(cell); }
    }));
  });
  form.addEventListener("submit", () => { clearTimeout(timer); dirty.clear(); });
  addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });
})();
