module.exports = c => ({dir:{output:"_site"}})
