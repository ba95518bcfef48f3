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

import {call} from './api.js';
import {badge, byId, element, refresh, report} from './dom.js';

let kinds = {aws: [], dps: []};

function field({name, type, choices}) {
  const title = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  const unit = type === 'seconds' ? ', seconds' : type === 'headers' ? ', one a line' : '';
  const input = type === 'choice'
    ? element('select', {}, ...choices.map((choice) => element('option', {}, choice)))
    : element(type === 'headers' ? 'textarea' : 'input', {spellcheck: false});
  input.dataset.field = name;
  input.required = ['number', 'seconds', 'text'].includes(type);
  return element('label', {}, `${title}${unit} `, input);
}

function showKinds() {
  byId('fault-kind').replaceChildren(...kinds[byId('fault-cloud').value]
    .map((kind) => element('option', {}, kind.kind)));
  showFields();
}

function showFields() {
  const kind = kinds[byId('fault-cloud').value].find((candidate) => candidate.kind === byId('fault-kind').value);
  byId('fault-fields').replaceChildren(...(kind ? kind.fields : []).map(field));
}

function request() {
  const values = {};
  byId('fault-fields').querySelectorAll('[data-field]').forEach((input) => {
    values[input.dataset.field] = input.value;
  });
  return {
    cloud: byId('fault-cloud').value,
    kind: byId('fault-kind').value,
    times: Number(byId('fault-times').value),
    client: byId('fault-client').value.trim(),
    values,
  };
}

export async function update() {
  const found = await call('GET', 'faults');
  if (kinds.aws.length === 0) {
    kinds = found.kinds;
    showKinds();
  }
  refresh(byId('fault-list'), found.pending, (fault) => element('li', {className: 'head'},
    badge(fault.cloud === 'aws' ? 'AWS IoT' : 'Azure DPS', ''), element('span', {className: 'id'}, fault.fault),
    element('span', {className: 'meta'}, fault.left === '' ? '' : `${fault.left} left`)), 'faults-none');
}

export function begin() {
  byId('fault-cloud').addEventListener('change', showKinds);
  byId('fault-kind').addEventListener('change', showFields);
  byId('fault-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    await report(byId('fault-status'), () => call('POST', 'faults', request()), (answer) => `Injected ${answer.injected}`);
    await update();
  });
  byId('fault-clear').addEventListener('click', async () => {
    await report(byId('fault-status'), () => call('DELETE', 'faults'), () => 'No fault is left');
    await update();
  });
}
