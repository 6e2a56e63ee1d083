/* Remarks of a grade sheet save themselves, and show what others wrote. On a phone they are one more column to choose.
   Goes with gradebook.js, which tells of rows ("gb:rows") and is told of versions ("gb:version"). */
(() => {
  "use strict";
  const form = document.getElementById("gb"), fields = form ? [...form.querySelectorAll("textarea[name=remark]")] : [];
  if (!form) return;
  const said = document.getElementById("said"), words = said.dataset, WAIT = 1200, RETRY = 5000;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value, chooser = form.querySelector(".gb-c");
  const learner = (field) => field.closest("tr").dataset.l;
  const find = (key) => fields.find((one) => learner(one) === key);
  const seen = new Map(fields.map((one) => [one, one.value])), pending = new Set();
  let timer = 0, sending = false;

  const say = (text, tone = "") => { said.textContent = text; said.className = `said ${tone}`; };
  const dirty = (field) => field.parentNode.classList.toggle("dirty", pending.has(field));
  const later = (wait = WAIT) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const take = (field, text) => {
    seen.set(field, text);
    if (!pending.has(field) && plain(field.value) !== plain(text)) field.value = text; // a space just typed is not taken away
  };

  const send = async () => {
    if (sending || !pending.size) return;
    sending = true;
    let wait = WAIT;
    say(words.saving);
    const batch = [...pending].map((field) => ({ l: learner(field), v: field.value, w: seen.get(field) }));
    try {
      const answer = await fetch(form.dataset.say, { method: "POST", credentials: "same-origin", body: JSON.stringify({ remarks: batch }),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" } });
      if (!answer.ok) throw answer;
      const told = await answer.json();
      if (told.rows.length) form.dispatchEvent(new CustomEvent("gb:version", { detail: told.version }));
      const theirs = new Map(told.conflicts.map((one) => [one.l, one]));
      batch.forEach((one) => {
        const field = find(one.l), clash = theirs.get(one.l);
        if (field.value === one.v || clash || told.closed.includes(one.l)) pending.delete(field);
        const kept = told.rows.find((row) => row.l === one.l);
        take(field, clash ? clash.theirs : told.closed.includes(one.l) ? one.w : kept ? kept.t : one.v);
        field.parentNode.classList.toggle("clash", Boolean(clash));
        dirty(field);
      });
      say(`${words.saved} ${told.at}`, "is-good");
      told.wrong.forEach((one) => { pending.delete(find(one.l)); say(one.message, "is-bad"); });
      if (told.closed.length) say(words.closed, "is-bad");
      told.conflicts.forEach((one) => say(`${one.by} ${words.theirs} «${one.theirs}» (${one.at})`, "is-bad"));
    } catch (failed) {
      say(navigator.onLine && failed.status ? words.failed : `${words.kept} ${pending.size}`, "is-bad");
      wait = RETRY;
    } finally {
      sending = false;
      if (pending.size) later(wait);
    }
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.name !== "remark") return;
    if (plain(field.value) === plain(seen.get(field))) pending.delete(field); else pending.add(field);
    dirty(field); later();
  });
  form.addEventListener("change", (event) => { if (event.target.name === "remark") later(0); });
  form.addEventListener("keydown", (event) => {
    if (event.target.name !== "remark" || event.isComposing || event.altKey) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault(); // as in the other columns: on to the next pupil
    fields[fields.indexOf(event.target) + 1]?.focus();
  });
  form.addEventListener("gb:rows", (event) => event.detail.forEach((one) => { const field = find(one.l); if (field && one.t !== undefined) take(field, one.t); }));
  addEventListener("online", () => later(0));
  addEventListener("beforeunload", (event) => { if (pending.size) event.preventDefault(); });

  const head = form.querySelector("th.rem");
  const look = () => {
    const on = chooser.value === "remark";
    form.querySelectorAll(".rem").forEach((one) => one.classList.toggle("on", on));
  };
  chooser.add(new Option(head.firstChild.textContent.trim(), "remark"));
  chooser.addEventListener("change", look);
  form.addEventListener("focusin", (event) => { if (event.target.name === "remark") { chooser.value = "remark"; chooser.dispatchEvent(new Event("change")); } });
})();
