type Child = Node | string;
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A new element. An attribute that is true stands without a value, one that is false not at all. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** The element of the document that has an id. Throws `RangeError` where it is missing or of another kind. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new RangeError(`[byId] expected a ${kind.name} with the id ${id}, got ${found}`);
}

/** What only a screen reader says. */
export function spoken(text: string): HTMLElement {
  return element('span', { class: 'spoken' }, text);
}
