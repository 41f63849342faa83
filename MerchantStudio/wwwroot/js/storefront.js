// A small shop of the workspace's own products. All that it tells the studio goes through the snippet, as from any other shop.
const shop = document.currentScript.dataset.shop;
const root = `/storefront/${shop}`;
const main = document.querySelector('main');
const basket = new Map();
let data;

const element = (name, props = {}, ...children) => {
  const made = Object.assign(document.createElement(name), props);
  made.append(...children);
  return made;
};
const word = name => data.words[name];
const money = amount => new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency: data.currency }).format(amount);
const facts = product => ({ item_id: product.item_id, item_name: product.name, category: product.category, price: product.price, currency: data.currency });
const find = id => data.products.find(product => product.item_id === id);
const link = (text, address) => element('a', { href: address, textContent: text, onclick: go });
const button = (text, onclick, props = {}) => element('button', { type: 'button', textContent: text, onclick, ...props });

function go(event) {
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  show();
}

function count(product, change) {
  const number = (basket.get(product.item_id) ?? 0) + change;
  if (number > 0) basket.set(product.item_id, number);
  else basket.delete(product.item_id);
  studio('track', change > 0 ? 'add_to_cart' : 'remove_from_cart', { ...facts(product), quantity: 1 });
  head();
}

function card(product) {
  return element('li', { className: 'card' },
    element('h2', {}, link(product.name, `${root}?p=${encodeURIComponent(product.item_id)}`)),
    element('p', { className: 'quiet', textContent: product.category ?? '' }),
    element('p', { className: 'price', textContent: money(product.price) }));
}

function list(products, title) {
  main.replaceChildren(element('h1', { textContent: title }), products.length
    ? element('ul', { className: 'cards' }, ...products.map(card))
    : element('p', { textContent: word(data.products.length ? 'nothing-found' : 'no-products') }));
}

function one(product) {
  studio('track', 'view', facts(product));
  main.replaceChildren(element('h1', { textContent: product.name }), element('p', { className: 'quiet', textContent: product.category ?? '' }),
    element('p', { className: 'price', textContent: money(product.price) }), button(word('add'), () => count(product, 1), { className: 'primary' }));
}

function lines() {
  return [...basket].map(([id, quantity]) => ({ product: find(id), quantity }));
}

function cart() {
  const total = lines().reduce((sum, line) => sum + line.product.price * line.quantity, 0);
  const email = element('input', { type: 'email', id: 'email', autocomplete: 'email' });
  main.replaceChildren(element('h1', { textContent: word('cart') }), ...(basket.size === 0 ? [element('p', { textContent: word('empty-cart') })] : [
    element('ul', { className: 'lines' }, ...lines().map(line => element('li', {}, element('span', { textContent: `${line.quantity} × ${line.product.name}` }),
      element('span', { textContent: money(line.product.price * line.quantity) }), button(word('remove'), () => { count(line.product, -1); cart(); })))),
    element('p', { className: 'price', textContent: `${word('total')} ${money(total)}` }),
    element('label', { htmlFor: 'email', textContent: word('email') }), email, element('p', { className: 'quiet', textContent: word('email-about') }),
    button(word('order'), () => order(email.value.trim()), { className: 'primary' })]));
}

function order(email) {
  const id = `preview-${Date.now().toString(36)}`;
  studio('track', 'checkout', { order_id: id });
  studio('track', 'purchase', { order_id: id, currency: data.currency, email: email || undefined, items: lines().map(line => ({ ...facts(line.product), quantity: line.quantity })) });
  studio('flush');
  basket.clear();
  head();
  history.pushState(null, '', `${root}?thanks`);
  show();
}

function head() {
  const items = [...basket.values()].reduce((sum, number) => sum + number, 0);
  document.querySelector('nav').replaceChildren(link(`${word('cart')} (${items})`, `${root}?cart`));
}

function search() {
  const field = element('input', { type: 'search', name: 'q', placeholder: word('search'), ariaLabel: word('search') });
  const form = document.querySelector('form');
  form.replaceChildren(field);
  form.onsubmit = event => {
    event.preventDefault();
    history.pushState(null, '', `${root}?q=${encodeURIComponent(field.value)}`);
    show();
  };
}

function ask() {
  const banner = document.getElementById('consent');
  const answer = yes => { studio('consent', yes); banner.hidden = true; if (yes) show(); };
  banner.replaceChildren(element('p', { textContent: word('consent') }), button(word('agree'), () => answer(true), { className: 'primary' }), button(word('decline'), () => answer(false)));
  banner.hidden = !studio.asks;
}

function show() {
  const query = new URLSearchParams(location.search);
  const product = find(query.get('p'));
  const words = query.get('q')?.toLowerCase();
  if (product) one(product);
  else if (query.has('cart')) { studio('track', 'view_cart'); cart(); }
  else if (query.has('thanks')) main.replaceChildren(element('h1', { textContent: word('thanks') }), element('p', { textContent: word('thanks-about') }), link(word('back'), root));
  else if (words) {
    studio('track', 'search', { search_query: words });
    list(data.products.filter(item => item.name.toLowerCase().includes(words)), `${word('search')}: ${words}`);
  } else list(data.products, word('all'));
}

(async () => {
  data = await (await fetch(`${root}/products`)).json();
  document.querySelector('.shop-name').onclick = go;
  addEventListener('popstate', show);
  head();
  search();
  ask();
  show();
})();
