/** @type {import('@docusaurus/types').Config} */
export default {
  title: 'Kiteworks', // { not a block
  url: 'https://kites.example',
  baseUrl: '/k/',
  trailingSlash: false,
  onBrokenLinks: 'ignore',
  markdown: { hooks: { onBrokenMarkdownLinks: 'ignore', onBrokenMarkdownImages: 'ignore' } },
  presets: [
    [
      'classic',
      ({
        docs: { path: 'handbook', routeBasePath: 'guide', sidebarPath: './sidebars.js' },
        blog: { routeBasePath: '/log', onInlineTags: 'ignore', onInlineAuthors: 'ignore', onUntruncatedBlogPosts: 'ignore' },
      }),
    ],
  ],
  plugins: [['@docusaurus/plugin-content-docs', { id: 'club', path: 'club', routeBasePath: 'club', sidebarPath: './club.js' }]],
  themeConfig: { docs: { sidebar: { hideable: true } } },
};
