// The page works without this file. With it, the assessment follows what is typed, what no longer agrees with the
// form is marked as old, mistakes are told beside their fields, everything can be unfolded at once, and the page can be
// printed. Nothing is asked of any other host.
(function () {
  "use strict";
  var form = document.getElementById("patient-form");
  var result = document.getElementById("result");
  var news = document.getElementById("news");
  var timer = 0;
  var turn = 0;

  var old = document.getElementById("outdated");

  showTools(document);

  function showTools(part) {
    part.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    part.querySelectorAll("[data-unfold]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { unfoldAll(button); });
    });
  }

  function unfoldAll(button) {
    var opens = button.getAttribute("aria-pressed") !== "true";
    result.querySelectorAll("details").forEach(function (each) { each.open = opens; });
    button.setAttribute("aria-pressed", String(opens));
  }

  function mark(waits, words) {
    result.parentNode.classList.toggle("waiting", waits);
    result.setAttribute("aria-busy", String(waits));
    old.hidden = !words;
    old.textContent = words;
  }

  if (!form || !result || !old || !window.fetch || !window.URLSearchParams) { return; }

  form.addEventListener("input", later);
  form.addEventListener("change", later);

  function later() {
    mark(true, old.hidden ? "" : old.textContent);
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 450);
  }

  function ask() {
    var mine = ++turn;
    var body = new URLSearchParams(new FormData(form));
    fetch(new URL("workbench/fragment", form.action), { method: "POST", body: body, credentials: "omit", cache: "no-store" })
      .then(function (answer) {
        return answer.text().then(function (html) {
          if (mine === turn) { show(answer, html); }
        });
      })
      .catch(function () {
        if (mine === turn) { fail("The service does not answer. What stands here is of before your last change."); }
      });
  }

  function show(answer, html) {
    if (!answer.ok) {
      fail("Your last change could not be assessed. What stands here is of before it.");
      return;
    }
    mark(false, "");
    var open = unfolded();
    result.innerHTML = html;
    unfold(open);
    var title = answer.headers.get("X-Title") || "";
    document.title = title + " - mgdecide workbench";
    showTools(result);
    tellMistakes();
    news.textContent = "Assessment updated. " + title;
  }

  function fail(words) {
    mark(false, words);
    news.textContent = words;
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
