import { defineConfig } from 'astro/config';

export default defineConfig({ site: 'https://marsh.example', base: '/hide', trailingSlash: 'always' });
