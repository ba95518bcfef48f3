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

import {filterMessages} from './api.js';
import {badge, byId, element, facts, time} from './dom.js';

const MOST = 100;
const KEPT = 500;
const TYPING_MILLIS = 300;
let kept = [];
let isNew = false;
let typing = 0;
let paused = false;

/** Whether a topic matches a filter (MQTT 5, section 4.7). An empty filter takes everything. */
export function matches(filter, topic) {
  if (filter === '' || filter === '#') {
    return true;
  }
  const levels = topic.split('/');
  const wanted = filter.split('/');
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') {
      return true;
    }
    if (i >= levels.length || (wanted[i] !== '+' && wanted[i] !== levels[i])) {
      return false;
    }
  }
  return wanted.length === levels.length;
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function hex(bytes) {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join(' ');
}

/** A payload as its reader wants it. What is no UTF-8 is shown in hexadecimal digits. */
export function payloadText(base64, format) {
  const bytes = bytesOf(base64);
  if (format === 'hex') {
    return hex(bytes);
  }
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
    return format === 'auto' ? indented(text) : text;
  } catch (error) {
    return hex(bytes);
  }
}

function indented(text) {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    return text;
  }
}

const origins = {device: 'device', https: 'device, HTTPS', service: 'service', user: 'from outside'};

function item(message) {
  const payload = payloadText(message.payload, byId('payload-format').value);
  const cut = message.bytes > bytesOf(message.payload).length ? ', beginning' : '';
  return element('li', {},
    element('p', {className: 'head'},
      time(message.at),
      element('strong', {className: 'topic'}, message.topic)),
    element('p', {className: 'head'},
      badge(origins[message.from] || message.from, ''),
      element('span', {className: 'meta'}, message.clientId),
      element('span', {className: 'meta'},
        `QoS ${message.qos}${message.retained ? ', retained' : ''}, ${message.bytes} bytes${cut}`)),
    facts(Object.entries(message.properties)),
    payload === '' ? '' : element('pre', {}, payload));
}

function wanted(message) {
  return matches(byId('topic-filter').value.trim(), message.topic);
}

/** A stream of a topic filter has begun, which repeats what is still known. */
export function opened(filter) {
  isNew = true;
  byId('message-list').dataset.filter = filter;
}

export function show(fresh) {
  if (isNew) {
    isNew = false;
    kept = [];
    if (!paused) {
      byId('message-list').replaceChildren();
    }
  }
  kept = [...kept, ...fresh].slice(-KEPT);
  if (!paused) {
    const list = byId('message-list');
    list.prepend(...fresh.filter(wanted).slice(-MOST).reverse().map(item));
    while (list.children.length > MOST) {
      list.lastChild.remove();
    }
    showEmptiness();
  }
}

function showEmptiness() {
  const none = byId('messages-none');
  none.hidden = byId('message-list').children.length > 0;
  none.textContent = kept.length === 0 ? 'No message yet.' : 'No message matches the filter.';
}

function showAgain() {
  byId('message-list').replaceChildren(...kept.filter(wanted).slice(-MOST).reverse().map(item));
  showEmptiness();
}

export function omitted(number) {
  const note = byId('messages-sampled');
  note.hidden = number === 0;
  const filtered = byId('topic-filter').value.trim() === '' ? '' : ' that match the filter';
  note.textContent = `A sample: of each second the first 200 messages${filtered} are shown. ${number} more were only counted.`;
}

export function begin() {
  byId('message-form').addEventListener('submit', (event) => event.preventDefault());
  byId('topic-filter').addEventListener('input', () => {
    showAgain();
    clearTimeout(typing);
    typing = setTimeout(() => filterMessages(byId('topic-filter').value.trim()), TYPING_MILLIS);
  });
  byId('payload-format').addEventListener('change', showAgain);
  byId('pause').addEventListener('click', (event) => {
    paused = !paused;
    event.currentTarget.setAttribute('aria-pressed', String(paused));
    if (!paused) {
      showAgain();
    }
  });
}
