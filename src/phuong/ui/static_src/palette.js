/* Ctrl K or "/" opens a dialog that searches as one types. Without this script the link in the top bar opens the page. */
(() => {
  "use strict";
  const dialog = document.getElementById("palette");
  if (!dialog || !dialog.showModal) return;
  const input = dialog.querySelector("input"), list = dialog.querySelector(".pal-r"), said = dialog.querySelector("[data-palette=said]");
  const VISITS = "visits", MOST = 5;
  let timer = 0, asked = 0, chosen = -1, opener = null;

  const visits = () => {
    try { return JSON.parse(sessionStorage.getItem(VISITS)) || []; } catch { return []; }
  };
  const remember = () => {
    const here = { url: location.pathname + location.search, title: document.title.replace(/ – Phượng$/, "") };
    const rest = visits().filter((one) => one.url !== here.url);
    try { sessionStorage.setItem(VISITS, JSON.stringify([here, ...rest].slice(0, MOST + 1))); } catch { /* full or forbidden: no visits */ }
  };
  const options = () => [...list.querySelectorAll("[role=option]")];

  const choose = (place) => {
    const all = options();
    chosen = all.length ? (place + all.length) % all.length : -1;
    all.forEach((one, n) => one.setAttribute("aria-selected", n === chosen));
    if (chosen < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  };
  const showVisits = () => {
    list.replaceChildren();
    const past = visits().filter((one) => one.url !== location.pathname + location.search).slice(0, MOST);
    if (past.length) {
      const head = Object.assign(document.createElement("div"), { className: "hits-g", id: "hits-0", textContent: dialog.dataset.recent });
      const rows = Object.assign(document.createElement("ul"), { className: "hits" });
      rows.setAttribute("role", "listbox");
      rows.setAttribute("aria-labelledby", head.id);
      past.forEach((one, n) => {
        const row = document.createElement("li");
        row.setAttribute("role", "none");
        const link = Object.assign(document.createElement("a"), { href: one.url, textContent: one.title, tabIndex: -1, id: `visit-${n}` });
        link.setAttribute("role", "option");
        row.append(link);
        rows.append(row);
      });
      list.append(head, rows);
    }
    choose(0);
  };
  const search = async () => {
    const words = input.value.trim(), mine = ++asked;
    if (words.length < 2) { said.textContent = ""; showVisits(); return; }
    try {
      const address = new URL(dialog.dataset.url, location.href);
      address.searchParams.set("q", words);
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (mine !== asked) return;
      if (answer.redirected) { location.reload(); return; }
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asked) return;
      list.replaceChildren(...page.body.childNodes);
      const found = options().length;
      said.textContent = found ? `${dialog.dataset.found} ${found}` : list.textContent;
      choose(0);
    } catch {
      if (mine !== asked) return;
      list.replaceChildren(Object.assign(document.createElement("p"), { className: "hits-g", textContent: dialog.dataset.failed }));
      said.textContent = dialog.dataset.failed;
    }
  };
  const open = () => {
    if (dialog.open) return;
    opener = document.activeElement;
    input.value = "";
    showVisits();
    dialog.showModal();
    input.focus();
  };
  const isTyping = (target) => target.closest("input,textarea,select,[contenteditable]");

  document.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const isCtrlK = (e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "k";
    const isSlash = e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !isTyping(e.target);
    if (!isCtrlK && !isSlash) return;
    e.preventDefault();
    open();
  });
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-palette=open]") && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); open(); }
    if (e.target === dialog) dialog.close();
    document.querySelectorAll("details.who[open]").forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (e) => {
    const menu = e.key === "Escape" && document.querySelector("details.who[open]");
    if (menu) { menu.open = false; menu.firstElementChild.focus(); }
  });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 160); });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); choose(chosen + (e.key === "ArrowDown" ? 1 : -1)); }
    if (e.key === "Enter" && chosen >= 0) { e.preventDefault(); options()[chosen].click(); }
  });
  document.addEventListener("submit", (e) => { if (e.target.matches("[data-palette=forget]")) sessionStorage.removeItem(VISITS); });
  dialog.addEventListener("close", () => { asked++; if (opener) opener.focus(); });
  remember();
})();
