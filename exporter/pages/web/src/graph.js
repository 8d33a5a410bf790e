// The drawing of what is around a resource; each neighbour leads to its own page, and to the drawing there.
import cytoscape from "cytoscape";

const colors = () => {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { text: of("--text"), back: of("--back"), line: of("--quiet"), link: of("--link") };
};

// cytoscape writes a <style> element unless one with this name is there; what it would say stands in site.css.
const noStyle = () => {
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(Object.assign(document.createElement("template"), { id }));
};

export function draw(container, nodes, edges, center, go) {
  noStyle();
  const { text, back, line, link } = colors();
  const short = (label) => (label.length > 32 ? `${label.slice(0, 31)}…` : label);
  const drawn = cytoscape({
    container,
    elements: [
      ...nodes.map((node) => ({ data: { ...node, shown: short(node.label) } })),
      ...edges.map((edge, id) => ({ data: { id: `edge ${id}`, ...edge } })),
    ],
    style: [
      { selector: "node", style: { label: "data(shown)", color: text, "background-color": link, "font-size": 12, width: 14, height: 14, "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom", "text-margin-y": 4 } },
      { selector: "edge", style: { label: "data(label)", color: line, "font-size": 9, "line-color": line, width: 1, "curve-style": "bezier", "target-arrow-shape": "triangle", "target-arrow-color": line, "arrow-scale": 0.7, "text-background-color": back, "text-background-opacity": 0.85, "text-rotation": "autorotate" } },
      { selector: ".center", style: { width: 22, height: 22, "font-weight": "bold" } },
    ],
    layout: { name: nodes.length > 30 ? "cose" : "concentric", animate: false, concentric: (node) => (node.id() === center ? 2 : 1), levelWidth: () => 1, minNodeSpacing: 90, spacingFactor: 1.6, padding: 30 },
  });
  if (center) drawn.getElementById(center).addClass("center");
  drawn.on("tap", "node", (event) => go(event.target.data()));
  return drawn;
}

const section = document.querySelector("[data-graph]");
const data = document.getElementById("neighbours-data");
if (section && data) {
  const { nodes, edges } = JSON.parse(data.textContent);
  section.hidden = false;
  section.querySelector("[data-graph-status]").textContent = "Choose a neighbour to go there.";
  draw(section.querySelector("[data-graph-canvas]"), nodes, edges, nodes[0].id, ({ href }) => {
    if (href) location.href = `${href.split("#")[0]}#neighbours`;
  });
  if (location.hash === "#neighbours") section.scrollIntoView();
}
