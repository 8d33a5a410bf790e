// @ts-check
import { defineConfig } from 'astro/config';
import mdx from '@astrojs/mdx';

export default defineConfig({
  site: 'https://ashandkiln.example',
  base: '/notebook',
  trailingSlash: 'always',
  integrations: [mdx()],
  redirects: {
    '/tenmoku': '/glazes/tenmoku-no-3/',
  },
});
