/* What a page tells the server by itself: with the token of its forms, and never from a cache. */
(() => {
  const hall = (window.hall ??= {});
  hall.token = () => document.querySelector("#page [name=csrf_token]")?.value ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
  hall.post = (path, body, { headers = {}, signal } = {}) => fetch(path, { // fields of a form, or a body of its own kind
    method: "POST", headers: { "X-CSRFToken": hall.token(), ...headers }, cache: "no-store", signal,
    body: body?.constructor === Object ? new URLSearchParams(body) : body,
  });
})();
