// What scrolls inside the page can be reached and scrolled with the keyboard; the theme's side bars and captions
// get the names that screen readers need.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("article pre, article table.docutils, article p:has(> img:only-child)"))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  for (const caption of document.querySelectorAll("p.caption[role=heading]")) caption.setAttribute("aria-level", "2");
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Pages");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");
});
