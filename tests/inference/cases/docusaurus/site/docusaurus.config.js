module.exports = { title: 'Docs', url: 'https://d.example.com', baseUrl: '/base/', onBrokenLinks: 'ignore', presets: [['classic', { docs: {}, blog: {}, theme: {} }]] };
