export default { permalink: "/menu/{{ title | slugify }}/" }
