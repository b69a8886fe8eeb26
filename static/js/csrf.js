// Django's token; the cookie and not the page has the newest, for signing in changes it.
export function token() {
  return document.cookie.match(/(?:^|; )soniquebay_csrf=([^;]+)/)?.[1] ?? "";
}
