// Where a device can be collected: asked for when the page is there, since stores answer slowly.
const box = document.getElementById('pickup');
fetch(box.dataset.from).then((reply) => reply.text()).then((html) => { box.innerHTML = html; });
