/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

// What comes from outside becomes text nodes and nothing else: no part of this page writes HTML.

/** Creates an element. A property that begins with "aria-" or is "role" becomes an attribute. Strings become text. */
export function element(name, properties, ...children) {
  const created = document.createElement(name);
  for (const [property, value] of Object.entries(properties || {})) {
    if (property.startsWith('aria-') || property === 'role') {
      created.setAttribute(property, value);
    } else {
      created[property] = value;
    }
  }
  created.append(...children.filter((child) => child !== null && child !== ''));
  return created;
}

export const byId = (id) => document.getElementById(id);

/** A list of names and values. Values that are empty are left out. */
export function facts(entries) {
  return element('dl', {className: 'facts'},
    ...entries.filter(([, value]) => value !== '' && value !== null && value !== undefined)
      .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, String(value))]));
}

export function time(instant) {
  const date = new Date(instant);
  return element('time', {dateTime: instant, className: 'meta', title: instant}, date.toLocaleTimeString());
}

export function badge(text, kind) {
  return element('span', {className: `badge ${kind || ''}`}, text);
}

/** Replaces the items of a list if they have changed, so that a reader is not disturbed without a reason. The focus stays. */
export function refresh(list, items, toElement, emptyId) {
  const state = JSON.stringify(items);
  if (list.dataset.state !== state) {
    list.dataset.state = state;
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    list.replaceChildren(...items.map(toElement));
    if (focused !== null) {
      list.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    }
  }
  if (emptyId) {
    byId(emptyId).hidden = items.length > 0;
  }
}

/** Shows the outcome of an action where a screen reader hears it. */
export async function report(status, action, success) {
  try {
    const answer = await action();
    status.classList.remove('bad');
    status.textContent = success(answer);
    return answer;
  } catch (error) {
    status.classList.add('bad');
    status.textContent = error.message;
    return null;
  }
}

export function jsonOf(field) {
  try {
    return JSON.parse(field.value);
  } catch (error) {
    field.focus();
    throw new Error(`That is not JSON: ${error.message}`);
  }
}
