export default function(c) { c.addPassthroughCopy("src/img"); return { dir: { input: "src", output: "dist" } }; }
