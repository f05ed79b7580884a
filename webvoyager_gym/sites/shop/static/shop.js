// The big picture takes the colour of the chosen swatch.
const art = document.querySelector("#picture .art");
for (const swatch of document.querySelectorAll(".swatches input")) {
  swatch.addEventListener("change", () => art.style.setProperty("--c", swatch.style.getPropertyValue("--paint")));
}
