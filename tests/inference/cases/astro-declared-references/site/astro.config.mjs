export default { site: 'https://log.example.com', trailingSlash: 'always' };
