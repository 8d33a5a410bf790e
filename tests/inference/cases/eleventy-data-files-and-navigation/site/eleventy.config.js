import navigation from "@11ty/eleventy-navigation";

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(navigation);
  return { dir: { input: "src" } };
}
