import { InputPathToUrlTransformPlugin } from "@11ty/eleventy";
import navigation from "@11ty/eleventy-navigation";

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(InputPathToUrlTransformPlugin);
  eleventyConfig.addPlugin(navigation);
  eleventyConfig.addPassthroughCopy({ "src/img": "img" });

  // drafts show while we write, not on the site
  eleventyConfig.addPreprocessor("drafts", "*", (data) => {
    if (data.draft && process.env.ELEVENTY_RUN_MODE === "build") return false;
  });

  eleventyConfig.addCollection("latest", (api) =>
    api.getFilteredByTag("journal").reverse().slice(0, 3)
  );

  return {
    dir: { input: "src", output: "_site", includes: "_includes", layouts: "_layouts" },
  };
}
