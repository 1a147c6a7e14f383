// The page works without this file. With it, the assessment follows what is typed, mistakes are told beside their
// fields, and the page can be printed with everything unfolded. Nothing is asked of any other host.
(function () {
  "use strict";
  var form = document.getElementById("patient-form");
  var result = document.getElementById("result");
  var news = document.getElementById("news");
  var timer = 0;
  var turn = 0;

  document.querySelectorAll("[data-print]").forEach(showPrint);

  function showPrint(button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  }

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open])").forEach(function (each) {
      each.open = true;
      each.dataset.unfolded = "yes";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-unfolded]").forEach(function (each) {
      each.open = false;
      delete each.dataset.unfolded;
    });
  });

  if (!form || !result || !window.fetch || !window.URLSearchParams) { return; }

  form.addEventListener("input", later);
  form.addEventListener("change", later);

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 450);
  }

  function ask() {
    var mine = ++turn;
    var body = new URLSearchParams(new FormData(form));
    fetch("/workbench/fragment", { method: "POST", body: body, credentials: "omit", cache: "no-store" })
      .then(function (answer) {
        return answer.text().then(function (html) {
          if (mine === turn) { show(answer, html); }
        });
      })
      .catch(function () {
        if (mine === turn) { news.textContent = "The service does not answer. What you see may be out of date."; }
      });
  }

  function show(answer, html) {
    if (!answer.ok) {
      news.textContent = "This could not be assessed.";
      return;
    }
    var open = unfolded();
    result.innerHTML = html;
    unfold(open);
    var title = answer.headers.get("X-Title") || "";
    document.title = title + " - mgdecide workbench";
    result.querySelectorAll("[data-print]").forEach(showPrint);
    tellMistakes();
    news.textContent = "Assessment updated. " + title;
  }

  function unfolded() {
    return Array.prototype.map.call(result.querySelectorAll("details[open] > summary"), function (each) {
      return each.textContent;
    });
  }

  function unfold(open) {
    result.querySelectorAll("details > summary").forEach(function (each) {
      if (open.indexOf(each.textContent) >= 0) { each.parentNode.open = true; }
    });
  }

  function tellMistakes() {
    var entry = document.querySelector(".entry");
    entry.querySelectorAll(".mistakes, .mistake").forEach(function (each) { each.remove(); });
    entry.querySelectorAll(".wrong").forEach(function (each) { each.classList.remove("wrong"); });
    entry.querySelectorAll("[aria-invalid]").forEach(function (each) {
      each.removeAttribute("aria-invalid");
      each.removeAttribute("aria-describedby");
      var hint = document.getElementById(each.id + "-hint");
      if (hint) { each.setAttribute("aria-describedby", hint.id); }
    });
    result.querySelectorAll("a[data-field]").forEach(function (link) {
      var field = document.getElementById(link.dataset.field);
      if (!field || !field.parentNode.classList.contains("field")) { return; }
      var said = document.createElement("p");
      said.className = "mistake";
      said.id = field.id + "-error";
      said.textContent = link.dataset.message;
      field.parentNode.insertBefore(said, field);
      field.parentNode.classList.add("wrong");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " " + said.id).trim());
    });
  }
})();
