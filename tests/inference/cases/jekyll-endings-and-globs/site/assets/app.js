---
---
alert(1)
