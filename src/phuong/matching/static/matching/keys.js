/* Keys of the review desk: a key presses the button or follows the link that names it. Without this script they are clicked. */
(() => {
  "use strict";
  const isTyping = (target) => target.closest("input:not([type=radio]),textarea,select,[contenteditable],dialog[open]");
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.repeat || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || isTyping(e.target)) return;
    if (e.key.startsWith("Arrow") && e.target.matches("input[type=radio]")) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
    if (!wanted) return;
    e.preventDefault();
    wanted.click();
  });
})();
