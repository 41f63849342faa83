// First-party events. Nothing is kept or sent before consent, nor where the browser says Do Not Track or Global Privacy Control.
(function (w, d, n) {
  'use strict';
  var me = d.currentScript, key = me && me.dataset.key, early = w.studio && w.studio.q || [];
  if (!key || w.studio && w.studio.ready) return;
  var asks = /*asks*/true, to = new URL('/api/v1/events/batch', me.src).href;
  var never = n.globalPrivacyControl === true || n.doNotTrack === '1' || w.doNotTrack === '1';
  var queue = [], timer = 0, wait = 2000, path = null, query = new URLSearchParams(w.location.search);
  var looks = /^(view|view_item|view_list|view_item_list|search|view_cart|checkout|begin_checkout|purchase)$/;
  var from = d.referrer && new URL(d.referrer).host, channel = query.get('utm_source') || (from && from !== w.location.host ? from : undefined);

  function get(name) {
    var found = d.cookie.match('(?:^|; )' + name + '=([^;]*)');
    if (found) return decodeURIComponent(found[1]);
    try { return w.localStorage.getItem(name); } catch { return null; }
  }

  function put(name, value) {
    var ends = value === null ? 0 : 31536000;
    d.cookie = name + '=' + encodeURIComponent(value || '') + ';path=/;max-age=' + ends + ';SameSite=Lax' + (w.location.protocol === 'https:' ? ';Secure' : '');
    try { if (value === null) w.localStorage.removeItem(name); else w.localStorage.setItem(name, value); } catch { /* storage is off: the cookie is enough */ }
  }

  function id() {
    var bytes = w.crypto.getRandomValues(new Uint8Array(16)), text = '';
    for (var i = 0; i < 16; i++) text += (256 + bytes[i]).toString(16).slice(1);
    return text;
  }

  function may() { var said = get('ms_ok'); return !never && (said === '1' || !asks && said !== '0'); }

  function visitor() {
    var known = get('ms_id');
    if (!known) put('ms_id', known = id());
    return known;
  }

  function add(event) {
    if (!may()) return;
    event.message_id = id();
    event.timestamp = new Date().toISOString();
    event.anonymous_id = visitor();
    event.user_id = event.user_id || get('ms_user') || undefined;
    queue.push(event);
    if (queue.length > 19) send();
    else timer = timer || setTimeout(send, wait);
  }

  function track(name, fields) {
    // The view of a product says more than that of its page.
    if (looks.test(name)) queue = queue.filter(function (item) { return item.event !== 'page_view' || item.properties.path !== w.location.pathname + w.location.search; });
    add(Object.assign({ channel: channel, device: /Mobi/.test(n.userAgent) ? 'mobile' : 'desktop' }, fields, { event: name }));
  }

  function page() {
    if (path === w.location.href) return;
    path = w.location.href;
    track('page_view', { properties: { path: w.location.pathname + w.location.search } });
  }

  function send(leaving) {
    clearTimeout(timer);
    timer = 0;
    if (!queue.length) return;
    var some = queue.splice(0, 100), body = JSON.stringify({ key: key, batch: some });   // a beacon has no headers, and an address ends up in logs
    if (leaving === true && n.sendBeacon && n.sendBeacon(to, body)) return;
    w.fetch(to, { method: 'POST', body: body, keepalive: body.length < 60000, credentials: 'omit' }).then(
      function (answer) { if (answer.status === 429 || answer.status > 499) again(some); else wait = 2000; }, function () { again(some); });
  }

  // Message ids make a repetition harmless.
  function again(some) {
    queue = some.concat(queue).slice(-500);
    wait = Math.min(wait * 2, 60000);
    timer = timer || setTimeout(send, wait);
  }

  function consent(yes) {
    if (never) return;
    if (yes) { put('ms_ok', '1'); path = null; page(); } else { queue = []; ['ms_ok', 'ms_id', 'ms_user'].forEach(function (name) { put(name, null); }); if (!asks) put('ms_ok', '0'); }
  }

  function identify(user, traits) {
    if (!may()) return;
    if (user) put('ms_user', String(user));
    add({ type: 'identify', user_id: user ? String(user) : undefined, traits: traits });
  }

  function reset() { send(); put('ms_user', null); put('ms_id', null); }

  w.studio = function (what) { ({ track: track, identify: identify, consent: consent, reset: reset, page: page, flush: send })[what].apply(null, [].slice.call(arguments, 1)); };
  w.studio.ready = true;
  w.studio.asks = asks && !never && get('ms_ok') !== '1';
  ['pushState', 'replaceState'].forEach(function (name) {
    var was = w.history[name];
    w.history[name] = function () { var result = was.apply(this, arguments); setTimeout(page, 0); return result; };
  });
  w.addEventListener('popstate', function () { setTimeout(page, 0); });
  w.addEventListener('pagehide', function () { send(true); });
  d.addEventListener('visibilitychange', function () { if (d.visibilityState === 'hidden') send(true); });
  page();
  early.forEach(function (call) { w.studio.apply(null, call); });
})(window, document, navigator);
