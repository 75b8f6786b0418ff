"use strict";
(function () {
  var tip = null;
  function hide() {
    if (tip) { tip.remove(); tip = null; }
  }
  function text(rect) {
    var title = rect.querySelector("title");
    if (title) {
      rect.dataset.tip = title.textContent;
      title.remove();
    }
    return rect.dataset.tip;
  }
  document.addEventListener("pointerover", function (event) {
    var rect = event.target.closest ? event.target.closest("rect") : null;
    var words = rect ? text(rect) : "";
    hide();
    if (words) {
      tip = document.createElement("div");
      tip.id = "tip";
      tip.textContent = words;
      document.body.append(tip);
      move(event);
    }
  });
  function move(event) {
    if (tip) {
      var box = tip.getBoundingClientRect();
      var x = Math.min(event.clientX + 14, innerWidth - box.width - 8);
      var y = event.clientY + 16 + box.height > innerHeight ? event.clientY - box.height - 12 : event.clientY + 16;
      tip.style.left = Math.max(8, x) + "px";
      tip.style.top = Math.max(8, y) + "px";
    }
  }
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerleave", hide);
  document.addEventListener("scroll", hide, true);
})();
