// Copies a reference. The button is there only where a script can do it; without one, its words can be selected.
for (const copier of navigator.clipboard ? document.querySelectorAll("[data-copy-words]") : []) {
  copier.hidden = false;
  copier.addEventListener("click", async () => {
    const written = copier.closest("li").querySelector(".reference").textContent;
    const said = document.getElementById("status");
    try {
      await navigator.clipboard.writeText(written);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Your browser does not allow it. Select the words and copy them.";
    }
  });
}
