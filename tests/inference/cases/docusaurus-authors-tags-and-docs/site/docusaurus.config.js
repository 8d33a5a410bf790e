export default { title: 'Kite', url: 'https://kite.example', baseUrl: '/' };
