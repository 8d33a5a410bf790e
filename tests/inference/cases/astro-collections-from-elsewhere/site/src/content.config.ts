import { defineCollection, reference, z } from 'astro:content';
import { glob } from 'astro/loaders';

const sightings = defineCollection({
  loader: glob({ pattern: '**/*.md', base: './src/content/sightings' }),
  schema: z.object({ title: z.string(), bird: reference('birds'), seenBy: z.array(reference('wardens')), before: reference('sightings').optional() }),
});
const birds = defineCollection({
  loader: glob({ pattern: '**/*.md', base: './records/birds' }),
  schema: z.object({ title: z.string(), like: reference('birds').optional() }),
});
const wardens = defineCollection({ loader: glob({ pattern: '*.json', base: './records/wardens' }), schema: z.object({ name: z.string(), taughtBy: reference('wardens').optional() }) });

export const collections = { sightings, birds, wardens };
