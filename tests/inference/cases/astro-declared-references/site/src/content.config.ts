import { defineCollection, reference, z } from 'astro:content';
import { file, glob } from 'astro/loaders';
const posts = defineCollection({
  loader: glob({ pattern: '*.md', base: './src/content/posts' }),
  schema: z.object({ title: z.string(), by: reference('people'), uses: z.array(reference('tools')) }),
});
const people = defineCollection({ loader: glob({ pattern: '*.json', base: './src/content/people' }), schema: z.object({ name: z.string() }) });
const tools = defineCollection({ loader: file('src/data/tools.yaml'), schema: z.object({ name: z.string() }) });
export const collections = { posts, people, tools };
