// @ts-check
/** @type {import('@docusaurus/types').Config} */
const config = {
  title: 'Tidewatch',
  tagline: 'A tide gauge from parts you can buy',
  url: 'https://tidewatch.example',
  baseUrl: '/gauge/',
  onBrokenLinks: 'warn',
  onBrokenAnchors: 'ignore',
  markdown: { hooks: { onBrokenMarkdownLinks: 'warn', onBrokenMarkdownImages: 'warn' } },
  i18n: { defaultLocale: 'en', locales: ['en'] },
  presets: [
    [
      'classic',
      /** @type {import('@docusaurus/preset-classic').Options} */
      ({
        docs: { sidebarPath: './sidebars.js' },
        blog: { onInlineTags: 'ignore', onInlineAuthors: 'ignore', onUntruncatedBlogPosts: 'ignore' },
      }),
    ],
  ],
  themeConfig: {
    navbar: {
      title: 'Tidewatch',
      items: [
        { type: 'docSidebar', sidebarId: 'handbook', label: 'Handbook' },
        { type: 'doc', docId: 'hardware/pressure-sensor', label: 'The sensor' },
        { to: '/blog', label: 'Log' },
      ],
    },
  },
};
export default config;
