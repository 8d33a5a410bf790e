import { defineCollection, reference, z } from 'astro:content';
import { file, glob } from 'astro/loaders';

const posts = defineCollection({
  loader: glob({ pattern: '**/[^_]*.{md,mdx}', base: './src/content/posts' }),
  schema: z.object({
    title: z.string(),
    description: z.string().max(160).optional(),
    pubDate: z.coerce.date(),
    updatedDate: z.coerce.date().optional(),
    author: reference('people'),
    glazes: z.array(reference('glazes')).default([]),
    related: z.array(reference('posts')).optional(),
    tags: z.array(z.string()).default([]),
    heroImage: z.string().optional(),
    draft: z.boolean().default(false),
  }),
});

const glazes = defineCollection({
  loader: glob({ pattern: '*.md', base: './src/content/glazes' }),
  schema: z.object({
    title: z.string(),
    code: z.string(),
    cone: z.number(),
    firing: z.enum(['oxidation', 'reduction', 'wood']),
    recipe: z.array(z.object({ material: reference('materials'), parts: z.number() })),
    food_safe: z.boolean(),
    after: reference('glazes').nullish(),
    tested: z.coerce.date().optional(),
    rating: z.number().optional(),
  }),
});

const people = defineCollection({
  loader: glob({ pattern: '**/*.json', base: './src/content/people' }),
  schema: z.object({
    name: z.string(),
    bio: z.string().optional(),
    email: z.string().email().optional(),
    website: z.string().url().optional(),
    teacher: reference('people').optional(),
    social: z.record(z.string()).optional(),
  }),
});

const kilns = defineCollection({
  loader: glob({ pattern: '*.{yaml,yml}', base: './src/content/kilns' }),
  schema: z.object({
    name: z.string(),
    fuel: z.string(),
    volume_l: z.number(),
    keeper: reference('people'),
    built: z.number(),
  }),
});

const materials = defineCollection({
  loader: file('src/data/materials.yaml'),
  schema: z.object({
    name: z.string(),
    formula: z.string().optional(),
    toxic: z.boolean().default(false),
    price: z.number().optional(),
    substitute: reference('materials').optional(),
  }),
});

export const collections = { posts, glazes, people, kilns, materials };
