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

import {badge, byId, element, facts, time} from './dom.js';

const MOST = 100;
let last = 0;

export function show(refusals) {
  const list = byId('refusal-list');
  for (const refusal of refusals.filter((candidate) => candidate.number > last)) {
    last = refusal.number;
    list.prepend(item(refusal));
  }
  while (list.children.length > MOST) {
    list.lastChild.remove();
  }
  byId('refusals-none').hidden = list.children.length > 0;
}

function item(refusal) {
  return element('li', {},
    element('p', {className: 'head'},
      time(refusal.at),
      badge(refusal.cloud, ''),
      element('strong', {}, refusal.clientId ? `Client ${refusal.clientId}` : 'A client'),
      element('span', {className: 'meta'}, refusal.address)),
    element('p', {className: 'detail'}, refusal.detail),
    element('p', {}, refusal.meaning),
    facts([['Answer', refusal.answer], ['Rule', refusal.rule], ['Source', refusal.source]]));
}

export function omitted(number) {
  const note = byId('refusals-sampled');
  note.hidden = number === 0;
  note.textContent = `A sample: ${number} more refusals were only counted.`;
}
