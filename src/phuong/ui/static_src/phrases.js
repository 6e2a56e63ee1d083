/* Ready sentences for remarks: Alt and arrow down, or the button beside the field, opens a dialog; Enter or a click puts
   one in where the cursor stands. Fields are those named "remark". Without this script they are plain fields. */
(() => {
  "use strict";
  const dialog = document.getElementById("phrases");
  if (!dialog || !dialog.showModal) return;
  const input = dialog.querySelector("input"), list = dialog.querySelector("ul"), said = dialog.querySelector("[role=status]");
  const opener = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-s ph-b", textContent: dialog.dataset.verb });
  const bare = (text) => text.toLowerCase().normalize("NFD").replace(/[̀-ͯ]/g, "").replace(/đ/g, "d");
  let field = null, all = null, chosen = 0;

  const options = () => [...list.children];
  const choose = (place) => {
    const rows = options();
    chosen = rows.length ? (place + rows.length) % rows.length : -1;
    rows.forEach((one, n) => one.setAttribute("aria-selected", n === chosen));
    if (chosen < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", rows[chosen].id);
    rows[chosen].scrollIntoView({ block: "nearest" });
  };
  const show = () => {
    const words = bare(input.value.trim());
    const found = (all || []).filter((one) => bare(one.t).includes(words));
    list.replaceChildren(...found.map((one, n) => {
      const row = Object.assign(document.createElement("li"), { id: `phrase-${n}`, className: "ph-o", textContent: one.t });
      row.setAttribute("role", "option");
      return row;
    }));
    list.hidden = !found.length;
    said.textContent = found.length ? "" : dialog.dataset.none;
    choose(0);
  };
  const put = (text) => {
    const at = field.selectionStart ?? field.value.length, before = field.value.slice(0, at).trimEnd(), after = field.value.slice(at).trimStart();
    field.value = [before, text, after].filter(Boolean).join(" ").slice(0, field.maxLength > 0 ? field.maxLength : undefined);
    dialog.close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const open = async () => {
    if (!field || dialog.open) return;
    input.value = "";
    dialog.showModal();
    input.focus();
    if (!all) {
      try {
        const answer = await fetch(dialog.dataset.url, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (!answer.ok) throw answer;
        all = (await answer.json()).phrases;
      } catch { said.textContent = dialog.dataset.failed; list.hidden = true; return; }
    }
    show();
  };

  document.addEventListener("focusin", (event) => {
    if (event.target.name !== "remark") return;
    field = event.target;
    if (opener.previousElementSibling !== field) field.after(opener);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.name === "remark" && event.altKey && event.key === "ArrowDown") { event.preventDefault(); open(); }
  });
  opener.addEventListener("click", open);
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    if (event.key === "Enter") { event.preventDefault(); const row = options()[chosen]; if (row) put(row.textContent); }
  });
  list.addEventListener("click", (event) => { const row = event.target.closest("[role=option]"); if (row) put(row.textContent); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => field && field.focus());
})();
